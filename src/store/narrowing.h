#pragma once
#include <functional>

#include "base/id.h"
#include "store/search.h"

namespace sluice::store {

/// What of a search for executions the counts of boards know about (sql/functions/execution_counts.sql): it finds the
/// few that failed or wait without reading all that ended well, and tells how many there are without counting them.
struct Narrowing {
    std::vector<std::string> states{};  // empty: any
    std::optional<std::string> name_space{};
    std::optional<std::string> flow_id{};
    std::optional<Timestamp> from{};
    bool is_all = true;  // the search asks for nothing else, so that what is counted is the answer

    /// Worth it: not for the state that nearly all executions are in.
    bool finds_few() const;
};

/// Empty: the counts can't help, since other kinds of executions are asked for, too.
std::optional<Narrowing> narrowing_of(const std::vector<Filter>& filters);

std::int64_t count_narrowed(pg::Connection& connection, const Narrowing& narrowing);
/// Of a narrowing without `from`: a task run may begin days after its execution.
std::int64_t count_narrowed_task_runs(pg::Connection& connection, const Narrowing& narrowing);

/// A list that the counts know where to look for.
struct NarrowedList {
    const pg::Statement& whereabouts;
    std::string_view id;         // the execution's
    std::string_view in_places;  // a condition on namespaces, flows, lowest ids, end ids and states
    std::string_view order;
};
const NarrowedList& narrowed_executions();  // of sluice.executions e
const NarrowedList& narrowed_task_runs();   // of sluice.task_runs t

using TakeRows = std::function<void(const pg::Rows& rows)>;

/// Gives rows of `query` (without order and limit) to `take`, newest first, below the id `below`; from the places where
/// the counts say that there are some.
void find_narrowed(pg::Connection& connection, const Query& query, const Narrowing& narrowing, const NarrowedList& list,
                   std::string below, std::size_t most, const TakeRows& take);

}  // namespace sluice::store
