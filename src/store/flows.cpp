#include "store/flows.h"

#include "schedule/check_trigger.h"
#include "sql/store.h"
#include "store/executions.h"
#include "store/first_dates.h"
#include "store/json_column.h"
#include "store/optional_text.h"
#include "store/triggers.h"

namespace sluice::store {
namespace {

std::optional<FlowRow> first_flow(const pg::Rows& rows) {
    if (rows.empty()) return {};
    pg::Row row = rows[0];
    return flow_row_of(row);
}

bool same_text(std::string_view a, std::string_view b) {
    return flow::without_revision(a) == flow::without_revision(b);
}

/// Rows of the triggers that the scheduler or a worker evaluates; webhooks and Flow triggers have a row too, so that
/// they can be listed and disabled. Their first dates are worked out here, where the flow has just been read: a
/// scheduler would have to read 100,000 flows before it fires anything.
void write_triggers(pg::Transaction& tx, const flow::Flow& flow, std::int64_t revision, const Instance& instance) {
    std::vector<std::string> ids, types, checksums, polls;
    std::vector<std::optional<Timestamp>> next;
    std::vector<std::optional<std::string>> errors, upcoming;
    for (const FirstDate& first : first_dates(tx.connection(), instance, flow, revision, tx.now())) {
        next.push_back(first.next);
        errors.push_back(optional_text(first.error));
        upcoming.push_back(dates_column(first.upcoming));
    }
    for (const flow::Trigger& trigger : flow.triggers) {
        ids.push_back(trigger.id);
        types.push_back(trigger.info->name);
        checksums.push_back(trigger.checksum);
        polls.emplace_back(trigger.info->polls ? "true" : "false");
    }
    if (!ids.empty()) {
        tx.send(sql::upsert_triggers, flow.id.namespace_name, flow.id.id, revision, ids, types, checksums, polls, next,
                errors, upcoming);
    }
    tx.send(sql::delete_other_triggers, flow.id.namespace_name, flow.id.id, ids);
}

FlowRow insert_revision(pg::Transaction& tx, FlowRow row, const Value& labels, const std::string& by) {
    tx.send(sql::retire_latest_flow, row.id.namespace_name, row.id.id);
    const pg::Rows rows =
        tx.run(sql::insert_flow, row.id.namespace_name, row.id.id, row.revision, row.source, to_json(row.definition),
               row.disabled, row.deleted, to_json(labels), by.empty() ? std::nullopt : std::optional(by));
    row.created_at = rows[0].timestamp();
    return row;
}

Error flow_error(const std::string& message) {
    const Error detail{ErrorCode::Invalid, message, Place{.property = "flow.id"}, {}, ""};
    return Error{ErrorCode::Invalid, "Invalid entity: flow.id: " + message, {}, {detail}, ""};
}

}  // namespace

FlowRow flow_row_of(pg::Row& row) {
    FlowRow out;
    out.id.namespace_name = row.text();
    out.id.id = row.text();
    out.revision = row.integer();
    out.source = row.text();
    out.disabled = row.boolean();
    out.deleted = row.boolean();
    out.problem = row.maybe_text().value_or("");
    out.created_at = row.timestamp();
    out.definition = value_of_column(row.maybe_text());
    return out;
}

std::optional<FlowRow> latest_flow(pg::Connection& connection, const flow::FlowId& id) {
    return first_flow(connection.run(sql::latest_flow, id.namespace_name, id.id));
}

std::optional<FlowRow> flow_revision(pg::Connection& connection, const flow::FlowId& id, std::int64_t revision) {
    return first_flow(connection.run(sql::flow_revision, id.namespace_name, id.id, revision));
}

std::vector<FlowRow> flow_revisions(pg::Connection& connection, const flow::FlowId& id) {
    std::vector<FlowRow> out;
    for (pg::Row row : connection.run(sql::flow_revisions, id.namespace_name, id.id)) out.push_back(flow_row_of(row));
    return out;
}

std::map<flow::FlowId, LatestRevision> latest_revisions(pg::Transaction& tx, const std::set<flow::FlowId>& ids) {
    std::map<flow::FlowId, LatestRevision> out;
    if (ids.empty()) return out;
    std::vector<std::string> namespaces, flows;
    for (const flow::FlowId& id : ids) {
        namespaces.push_back(id.namespace_name);
        flows.push_back(id.id);
    }
    for (pg::Row row : tx.run(sql::latest_revisions, namespaces, flows)) {
        flow::FlowId id;
        id.namespace_name = row.text();
        id.id = row.text();
        LatestRevision& latest = out[id];
        latest.revision = row.integer();
        latest.disabled = row.boolean();
        latest.deleted = row.boolean();
    }
    return out;
}

void lock_flow(pg::Transaction& tx, const flow::FlowId& id) {
    tx.run(sql::lock_flow, id.namespace_name, id.id);
    tx.flush();
}

Result<SavedFlow> save_flow(pg::Transaction& tx, const flow::ParsedFlow& parsed, const std::string& source, Save how,
                            const std::string& by, const Instance& instance) {
    const flow::FlowId& id = parsed.flow->id;
    lock_flow(tx, id);
    const auto present = latest_flow(tx.connection(), id);
    const bool exists = present && !present->deleted;
    if (how == Save::Create && exists) return tl::unexpected(flow_error("Flow id already exists"));
    if (how == Save::Update && !exists) return not_found("Not Found: flow {} does not exist", id.text());
    if (exists && same_text(present->source, source)) return SavedFlow{*present, false};

    FlowRow row;
    row.id = id;
    row.revision = present ? present->revision + 1 : 1;
    row.source = source;
    row.disabled = parsed.flow->disabled;
    row.definition = parsed.definition;
    row = insert_revision(tx, std::move(row), labels_column(parsed.flow->labels), by);
    write_triggers(tx, *parsed.flow, row.revision, instance);
    return SavedFlow{std::move(row), true};
}

Result<void> delete_flow(pg::Transaction& tx, const flow::FlowId& id, const std::string& by) {
    lock_flow(tx, id);
    auto present = latest_flow(tx.connection(), id);
    if (!present || present->deleted) return not_found("Not Found: flow {} does not exist", id.text());
    present->revision += 1;
    present->deleted = true;
    insert_revision(tx, std::move(*present), Value(Map()), by);
    tx.send(sql::delete_other_triggers, id.namespace_name, id.id, std::vector<std::string>());
    return {};
}

std::size_t delete_revisions(pg::Transaction& tx, const flow::FlowId& id, const std::vector<std::int64_t>& revisions) {
    return tx.run(sql::delete_revisions, id.namespace_name, id.id, revisions).size();
}

Flows::Flows(const flow::Catalog& catalog, std::vector<flow::PluginDefault> defaults, std::size_t capacity)
    : catalog_(catalog), defaults_(std::move(defaults)), capacity_(capacity) {}

flow::ParsedFlow Flows::parse(std::string_view source, const std::string& file, int first_line) const {
    flow::ParseOptions all = options();
    all.file = file;
    all.first_line = first_line;
    all.check_trigger = schedule::check_trigger;
    all.check_listener = schedule::check_listener;
    return flow::parse_flow(source, catalog_, all);
}

flow::ParseOptions Flows::options() const {
    return {.defaults = defaults_,
            .namespace_defaults = [this](const std::string& name_space) { return of_namespaces_.of(name_space); }};
}

flow::FlowPtr Flows::cached(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return found->second->second;
}

void Flows::keep(const std::string& key, flow::FlowPtr flow) {
    const std::lock_guard lock(mutex_);
    if (by_key_.contains(key)) return;
    order_.emplace_front(key, std::move(flow));
    by_key_[key] = order_.begin();
    if (order_.size() <= capacity_) return;
    by_key_.erase(order_.back().first);
    order_.pop_back();
}

std::string Flows::key_of(const flow::FlowId& id, std::int64_t revision) const {
    return fmt::format("{}/{}/{}{}", id.namespace_name, id.id, revision, of_namespaces_.stamp_of(id.namespace_name));
}

Result<flow::FlowPtr> Flows::parsed(pg::Connection& connection, const FlowRow& row) {
    const std::string key = key_of(row.id, row.revision);
    if (auto known = cached(key)) return known;
    // What was once accepted is read leniently: a property that a newer version no longer knows must not stop it.
    const auto read = [&] {
        flow::ParseOptions all = options();
        all.revision = row.revision;
        all.strict = false;
        return flow::parse_flow(row.source, catalog_, all);
    };
    auto result = read();
    if (!result.ok() && learn_ && learn_(connection)) result = read();
    if (!result.ok()) {
        return invalid("Cannot execute an invalid flow: {}", result.error().message);
    }
    keep(key, result.flow);
    return result.flow;
}

Result<flow::FlowPtr> Flows::get(pg::Connection& connection, const flow::FlowId& id, std::int64_t revision) {
    refresh(connection);
    if (auto known = cached(key_of(id, revision))) return known;
    const auto row = flow_revision(connection, id, revision);
    if (!row) {
        return not_found("Unable to find flow '{}'.'{}' with revision '{}'", id.namespace_name, id.id, revision);
    }
    return parsed(connection, *row);
}

void Flows::fetch(pg::Connection& connection, const std::set<FlowRevision>& wanted) {
    std::vector<std::string> namespaces, flows;
    std::vector<std::int64_t> revisions;
    refresh(connection);
    for (const auto& [id, revision] : wanted) {
        if (cached(key_of(id, revision))) continue;
        namespaces.push_back(id.namespace_name);
        flows.push_back(id.id);
        revisions.push_back(revision);
    }
    if (flows.empty()) return;
    for (pg::Row row : connection.run(sql::flow_sources, namespaces, flows, revisions)) {
        FlowRow one;
        one.id.namespace_name = row.text();
        one.id.id = row.text();
        one.revision = row.integer();
        one.source = row.text();
        (void)parsed(connection, one);  // get() tells what is wrong with it
    }
}

Result<flow::FlowPtr> Flows::latest(pg::Connection& connection, const flow::FlowId& id) {
    const pg::Rows rows = connection.run(sql::latest_revision, id.namespace_name, id.id);
    if (rows.empty()) return not_found("Unable to find flow '{}'.'{}' with revision '0'", id.namespace_name, id.id);
    return get(connection, id, rows[0].integer());
}

}  // namespace sluice::store
