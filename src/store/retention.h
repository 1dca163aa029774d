#pragma once
/// How long executions are kept, and taking away what is over age (sql/functions/retention.sql).
///
/// Promises
/// - What runs, waits, or may go on by itself is never taken; the state is looked at again under the row's lock.
/// - Rows go in one transaction with a note of whose files are to be removed, so files of what is gone are found again
///   by whoever comes next, should a process die in between.
#include <optional>
#include <string>
#include <vector>

#include "flow/flow.h"
#include "pg/pg.h"

namespace sluice::store {

struct RetentionRule {
    std::string name_space{};        // with those below it; empty: all
    std::string state{};             // in which executions ended; empty: any
    std::optional<Duration> keep{};  // after their end; empty: for ever
};
/// Errors  StatementError: no such state, or nothing would be kept
void set_retention(pg::Transaction& tx, const RetentionRule& rule);
bool drop_retention(pg::Transaction& tx, const std::string& name_space, const std::string& state);
std::vector<RetentionRule> retention_rules(pg::Connection& connection);

/// What a purge takes.
struct PurgeScope {
    std::optional<Duration> base{};           // age of executions that no rule is about; empty: they are kept
    std::optional<Duration> age{};            // instead of all rules but "for ever"; empty: the rules
    std::optional<std::string> name_space{};  // with those below it; empty: all
    std::optional<std::vector<std::string>> states{};
};

/// What a purge would take, of a namespace, state and month.
struct PurgeLine {
    std::string name_space{};
    std::string state{};
    std::string month{};  // in which they ended: "2026-10"
    std::int64_t executions = 0;
    Timestamp oldest{}, newest{};  // ends
    std::int64_t bytes = 0;        // about
};
std::vector<PurgeLine> purge_plan(pg::Connection& connection, const PurgeScope& scope);

/// A week of the history of which nothing is kept.
struct OldWeek {
    Timestamp begins{};
    std::int64_t executions = 0;
    std::int64_t bytes = 0;
    bool dropped = false;
};
std::vector<OldWeek> weeks_over_age(pg::Connection& connection, std::optional<Duration> base);
/// Drops the oldest one. Empty: there is none. Not dropped: those who work did not make way in time
std::optional<OldWeek> drop_week(pg::Transaction& tx, std::optional<Duration> base);

/// Purges executions with ids in (after, upto], at most so many. Returns how many went.
std::size_t purge_over_age(pg::Transaction& tx, const PurgeScope& scope, const std::string& after,
                           const std::string& upto, std::size_t most);

/// Executions that are gone and whose files may not be.
struct PurgedPlace {
    std::string execution_id{};
    flow::FlowId flow{};
};
/// In the order of their ids, those behind `after`.
std::vector<PurgedPlace> purged_places(pg::Connection& connection, const std::string& after, std::size_t most);
void forget_purged(pg::Connection& connection, const std::vector<PurgedPlace>& places);

/// The sweep of all history, which the processes of a cluster share. The row that it is in is locked.
/// Empty: it is not time yet, or somebody else is at it. Otherwise where it goes on, and whether it begins
struct Sweep {
    std::string reached{};
    bool begins = false;
};
std::optional<Sweep> begin_retention(pg::Transaction& tx, Duration every);
void end_retention(pg::Transaction& tx, const std::string& reached, std::int64_t executions);

/// Forgets what became of dates that were decided before that. Returns how many, at most `most`.
std::size_t prune_fires(pg::Connection& connection, Duration age, std::size_t most);

}  // namespace sluice::store
