#include "store/retention.h"

#include "sql/store.h"
#include "store/records.h"

namespace sluice::store {

void set_retention(pg::Transaction& tx, const RetentionRule& rule) {
    tx.run(sql::set_retention, rule.name_space, rule.state, rule.keep);
}

bool drop_retention(pg::Transaction& tx, const std::string& name_space, const std::string& state) {
    return !tx.run(sql::drop_retention, name_space, state).empty();
}

std::vector<RetentionRule> retention_rules(pg::Connection& connection) {
    std::vector<RetentionRule> out;
    for (pg::Row row : connection.run(sql::retention_rules)) {
        RetentionRule rule;
        rule.name_space = row.text();
        rule.state = row.text();
        if (const auto keep = row.maybe_integer()) rule.keep = Duration{*keep};
        out.push_back(std::move(rule));
    }
    return out;
}

std::vector<PurgeLine> purge_plan(pg::Connection& connection, const PurgeScope& scope) {
    std::vector<PurgeLine> out;
    for (pg::Row row : connection.run(sql::purge_plan, scope.base, scope.age, scope.name_space, scope.states)) {
        PurgeLine line;
        line.name_space = row.text();
        line.state = row.text();
        line.month = row.text();
        line.executions = row.integer();
        line.oldest = row.timestamp();
        line.newest = row.timestamp();
        line.bytes = row.integer();
        out.push_back(std::move(line));
    }
    return out;
}

namespace {
OldWeek week_of(pg::Row row) {
    OldWeek week;
    week.begins = row.timestamp();
    week.executions = row.integer();
    week.bytes = row.integer();
    return week;
}
}  // namespace

std::vector<OldWeek> weeks_over_age(pg::Connection& connection, std::optional<Duration> base) {
    std::vector<OldWeek> out;
    for (pg::Row row : connection.run(sql::weeks_over_age, base)) out.push_back(week_of(row));
    return out;
}

std::optional<OldWeek> drop_week(pg::Transaction& tx, std::optional<Duration> base) {
    const pg::Rows rows = tx.run(sql::drop_week, base);
    if (rows.empty()) return {};
    OldWeek week = week_of(rows[0]);
    week.dropped = rows[0].skip().skip().skip().boolean();
    return week;
}

std::size_t purge_over_age(pg::Transaction& tx, const PurgeScope& scope, const std::string& after,
                           const std::string& upto, std::size_t most) {
    std::vector<std::string> ids;
    for (pg::Row row :
         tx.run(sql::note_over_age, after, upto, scope.base, scope.age, scope.name_space, scope.states, most))
        ids.push_back(row.text());
    if (ids.empty()) return 0;
    for (pg::Row row : tx.run(sql::keep_awaited, ids)) std::erase(ids, row.text());
    if (!ids.empty()) purge_executions(tx.connection(), ids, {});
    return ids.size();
}

std::vector<PurgedPlace> purged_places(pg::Connection& connection, const std::string& after, std::size_t most) {
    std::vector<PurgedPlace> out;
    for (pg::Row row : connection.run(sql::purged_places, after, most)) {
        PurgedPlace place;
        place.execution_id = row.text();
        place.flow.namespace_name = row.text();
        place.flow.id = row.text();
        out.push_back(std::move(place));
    }
    return out;
}

void forget_purged(pg::Connection& connection, const std::vector<PurgedPlace>& places) {
    std::vector<std::string> ids;
    for (const PurgedPlace& place : places) ids.push_back(place.execution_id);
    connection.run(sql::forget_purged, ids);
}

std::optional<Sweep> begin_retention(pg::Transaction& tx, Duration every) {
    const pg::Rows rows = tx.run(sql::begin_retention, every);
    if (rows.empty()) return {};
    pg::Row row = rows[0];
    Sweep sweep;
    sweep.reached = row.text();
    sweep.begins = row.boolean();
    return sweep;
}

void end_retention(pg::Transaction& tx, const std::string& reached, std::int64_t executions) {
    tx.run(sql::end_retention, reached, executions);
}

std::size_t prune_fires(pg::Connection& connection, Duration age, std::size_t most) {
    return connection.run(sql::prune_fires, age, most).affected();
}

}  // namespace sluice::store
