#pragma once
/// What people tell the whole cluster: maintenance mode, kill switches, announcements (sql/functions/switches.sql).
///
/// They are rows that the statements look at which take work, so they hold from the moment of the commit, in each
/// process, whether it hears of them or not.
#include <optional>
#include <string>
#include <vector>

#include "pg/pg.h"

namespace sluice::cluster {

struct Maintenance {
    std::string reason{};
    std::string entered_by{};
    Timestamp entered_at{};
    std::int64_t running = 0;  // tasks that were begun before
};
/// Empty: the cluster takes work.
std::optional<Maintenance> maintenance(pg::Connection& connection);
/// false: it was so already
bool enter_maintenance(pg::Transaction& tx, const std::string& reason);
bool exit_maintenance(pg::Transaction& tx);

struct KillSwitch {
    std::int64_t id = 0;
    std::string name_space{};
    std::string flow_id{};       // empty: all, also of namespaces below
    std::string execution_id{};  // empty: all
    std::string reason{};
    std::string created_by{};
    Timestamp created_at{};
};
std::vector<KillSwitch> kill_switches(pg::Connection& connection);
/// Returns its id.
/// Errors  StatementError: no such execution, or nothing is named
std::int64_t set_kill_switch(pg::Transaction& tx, const KillSwitch& wanted);
/// false: there is none
bool lift_kill_switch(pg::Transaction& tx, std::int64_t id);

struct Announcement {
    std::int64_t id = 0;
    std::string message{};
    std::string level = "INFO";
    std::optional<Timestamp> starts_at{};  // empty: now
    std::optional<Timestamp> ends_at{};    // empty: until somebody deletes it
    std::string created_by{};
    bool shown = false;  // now
};
std::vector<Announcement> announcements(pg::Connection& connection, bool all);
/// Errors  StatementError: no such level, an end before the start, a message that is empty or too long
std::int64_t announce(pg::Transaction& tx, const Announcement& wanted);
bool drop_announcement(pg::Transaction& tx, std::int64_t id);

}  // namespace sluice::cluster
