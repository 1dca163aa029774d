#include "cluster/switches.h"

#include "sql/cluster.h"

namespace sluice::cluster {

std::optional<Maintenance> maintenance(pg::Connection& connection) {
    const pg::Rows rows = connection.run(sql::maintenance_now);
    if (rows.empty()) return {};
    pg::Row row = rows[0];
    Maintenance out;
    out.reason = row.text();
    out.entered_by = row.text();
    out.entered_at = row.timestamp();
    out.running = row.integer();
    return out;
}

bool enter_maintenance(pg::Transaction& tx, const std::string& reason) {
    return tx.run(sql::enter_maintenance, reason)[0].boolean();
}

bool exit_maintenance(pg::Transaction& tx) {
    return tx.run(sql::exit_maintenance)[0].boolean();
}

std::vector<KillSwitch> kill_switches(pg::Connection& connection) {
    std::vector<KillSwitch> out;
    for (pg::Row row : connection.run(sql::kill_switches)) {
        KillSwitch one;
        one.id = row.integer();
        one.name_space = row.text();
        one.flow_id = row.text();
        one.execution_id = row.text();
        one.reason = row.text();
        one.created_by = row.text();
        one.created_at = row.timestamp();
        out.push_back(std::move(one));
    }
    return out;
}

std::int64_t set_kill_switch(pg::Transaction& tx, const KillSwitch& wanted) {
    return tx.run(sql::set_kill_switch, wanted.name_space, wanted.flow_id, wanted.execution_id, wanted.reason)[0]
        .integer();
}

bool lift_kill_switch(pg::Transaction& tx, std::int64_t id) {
    return !tx.run(sql::lift_kill_switch, id).empty();
}

std::vector<Announcement> announcements(pg::Connection& connection, bool all) {
    std::vector<Announcement> out;
    for (pg::Row row : connection.run(sql::announcements, all)) {
        Announcement one;
        one.id = row.integer();
        one.message = row.text();
        one.level = row.text();
        one.starts_at = row.timestamp();
        one.ends_at = row.maybe_timestamp();
        one.created_by = row.text();
        one.shown = row.boolean();
        out.push_back(std::move(one));
    }
    return out;
}

std::int64_t announce(pg::Transaction& tx, const Announcement& wanted) {
    return tx.run(sql::announce, wanted.message, wanted.level, wanted.starts_at, wanted.ends_at)[0].integer();
}

bool drop_announcement(pg::Transaction& tx, std::int64_t id) {
    return !tx.run(sql::drop_announcement, id).empty();
}

}  // namespace sluice::cluster
