#include "store/triggers.h"

#include "sql/store.h"
#include "store/json_column.h"
#include "store/optional_text.h"

namespace sluice::store {
namespace {

std::vector<TriggerRow> triggers_of(const pg::Rows& rows) {
    std::vector<TriggerRow> out;
    out.reserve(rows.size());
    for (pg::Row row : rows) {
        TriggerRow one = trigger_row_of(row);
        one.resumed = row.boolean();
        one.waited_for = row.maybe_text().value_or("");
        one.released_at = row.maybe_timestamp();
        one.renew_at = row.maybe_timestamp();
        out.push_back(std::move(one));
    }
    return out;
}

TriggerId id_of(pg::Row& row) {
    TriggerId out;
    out.flow.namespace_name = row.text();
    out.flow.id = row.text();
    out.id = row.text();
    return out;
}

/// The three columns of the key, side by side as unnest wants them.
struct Keys {
    std::vector<std::string> name_space, flow_id, trigger_id;

    void add(const TriggerId& id) {
        name_space.push_back(id.flow.namespace_name);
        flow_id.push_back(id.flow.id);
        trigger_id.push_back(id.id);
    }
};

std::optional<std::string> backfill_column(const schedule::TriggerState& state) {
    if (!state.backfill) return {};
    return to_json(schedule::to_value(*state.backfill, schedule::Zone::utc()));
}

}  // namespace

TriggerRow trigger_row_of(pg::Row& row) {
    TriggerRow out;
    out.id.flow.namespace_name = row.text();
    out.id.flow.id = row.text();
    out.id.id = row.text();
    out.flow_revision = row.integer();
    out.type = row.text();
    out.state.next = row.maybe_timestamp();
    out.state.last = row.maybe_timestamp();
    if (const Value backfill = value_of_column(row.maybe_text()); !backfill.is_null()) {
        if (auto read = schedule::backfill_of(backfill))
            out.state.backfill = std::move(*read);
        else
            out.problem = read.error().text();
    }
    return out;
}

std::optional<std::string> dates_column(const std::vector<schedule::Instant>& dates) {
    if (dates.empty()) return {};
    std::string out = "{";
    for (const schedule::Instant date : dates) out += (out.size() > 1 ? "," : "") + to_iso(Timestamp(date));
    return out + "}";
}

std::vector<TriggerRow> unplanned_triggers(pg::Transaction& tx, std::size_t most) {
    return triggers_of(tx.run(sql::unplanned_triggers, most));
}

std::vector<TriggerRow> due_triggers(pg::Transaction& tx, std::size_t most) {
    return triggers_of(tx.run(sql::due_triggers, most));
}

std::optional<TriggerRow> due_trigger(pg::Transaction& tx, const TriggerRow& as_it_was) {
    const TriggerId& id = as_it_was.id;
    auto rows = triggers_of(tx.run(sql::due_trigger, id.flow.namespace_name, id.flow.id, id.id, as_it_was.state.next));
    if (rows.empty()) return {};
    return std::move(rows.front());
}

std::set<TriggerId> living_triggers(pg::Connection& connection, const std::vector<TriggerId>& ids) {
    Keys keys;
    for (const TriggerId& id : ids) keys.add(id);
    std::set<TriggerId> out;
    for (pg::Row row : connection.run(sql::living_triggers, keys.name_space, keys.flow_id, keys.trigger_id)) {
        out.insert(id_of(row));
    }
    return out;
}

std::set<TriggerId> disabled_triggers(pg::Transaction& tx, const std::set<TriggerId>& ids) {
    std::set<TriggerId> out;
    if (ids.empty()) return out;
    Keys keys;
    for (const TriggerId& id : ids) keys.add(id);
    for (pg::Row row : tx.run(sql::disabled_triggers, keys.name_space, keys.flow_id, keys.trigger_id)) {
        out.insert(id_of(row));
    }
    return out;
}

NextTrigger next_trigger(pg::Connection& connection) {
    const pg::Rows rows = connection.run(sql::next_trigger);
    pg::Row row = rows[0];
    const auto wait = row.maybe_integer();
    return {wait ? std::optional(Duration{*wait}) : std::nullopt, row.boolean()};
}

std::set<TriggerId> update_triggers(pg::Transaction& tx, const std::vector<TriggerWrite>& writes) {
    std::set<TriggerId> out;
    if (writes.empty()) return out;
    Keys keys;
    std::vector<std::optional<Timestamp>> expected, next, last;
    std::vector<std::optional<std::string>> backfill, execution, error, upcoming;
    for (const TriggerWrite& write : writes) {
        keys.add(write.id);
        expected.push_back(write.expected_next);
        next.push_back(write.after.next);
        last.push_back(write.after.last);
        backfill.push_back(backfill_column(write.after));
        execution.push_back(optional_text(write.execution_id.text()));
        error.push_back(optional_text(write.error));
        upcoming.push_back(dates_column(write.upcoming));
    }
    for (pg::Row row : tx.run(sql::update_triggers, keys.name_space, keys.flow_id, keys.trigger_id, expected, next,
                              last, backfill, execution, error, upcoming)) {
        out.insert(id_of(row));
    }
    return out;
}

std::set<FireKey> insert_fires(pg::Transaction& tx, std::int64_t epoch, const std::vector<Fire>& fires) {
    std::set<FireKey> out;
    if (fires.empty()) return out;
    Keys keys;
    std::vector<std::string> run, fate;
    std::vector<Timestamp> at;
    std::vector<std::optional<std::string>> reason, execution;
    for (const Fire& fire : fires) {
        keys.add(fire.trigger);
        run.push_back(fire.run);
        at.push_back(fire.scheduled_at);
        fate.emplace_back(to_text(fire.fate));
        reason.push_back(optional_text(fire.reason));
        execution.push_back(optional_text(fire.execution_id.text()));
    }
    for (pg::Row row : tx.run(sql::insert_fires, epoch, keys.name_space, keys.flow_id, keys.trigger_id, run, at, fate,
                              reason, execution)) {
        FireKey key;
        key.trigger = id_of(row);
        key.run = row.text();
        key.scheduled_at = row.timestamp();
        if (row.integer() == 0) out.insert(std::move(key));
    }
    return out;
}

void release_triggers(pg::Transaction& tx, const std::vector<ExecutionId>& ended, std::function<void()> released) {
    if (ended.empty()) return;
    tx.send_for(
        [released = std::move(released)](const pg::Rows& rows) {
            if (rows.affected() > 0 && released) released();
        },
        sql::release_triggers, ended);
}

std::vector<std::string> free_broken_triggers(pg::Transaction& tx, Duration older) {
    std::vector<std::string> out;
    for (pg::Row row : tx.run(sql::free_broken_triggers, older)) out.push_back(row.text());
    return out;
}

std::vector<std::string> replan_dateless_triggers(pg::Transaction& tx, Duration older) {
    std::vector<std::string> out;
    for (pg::Row row : tx.run(sql::replan_dateless_triggers, older)) out.push_back(row.text());
    return out;
}

void stop_triggers(pg::Transaction& tx, const std::vector<Stop>& stops) {
    if (stops.empty()) return;
    Keys keys;
    std::vector<std::string> by;
    for (const Stop& stop : stops) {
        keys.add(stop.trigger);
        by.push_back(stop.by);
    }
    tx.send(sql::stop_triggers, keys.name_space, keys.flow_id, keys.trigger_id, by);
}

bool set_trigger_disabled(pg::Connection& connection, const TriggerId& trigger, bool disabled, const std::string& by) {
    const flow::FlowId& flow = trigger.flow;
    return !connection.run(sql::set_trigger_disabled, flow.namespace_name, flow.id, trigger.id, disabled, by).empty();
}

bool adopt_trigger(pg::Transaction& tx, const TriggerId& trigger, std::optional<Timestamp> next_at,
                   std::optional<Timestamp> last_at) {
    const flow::FlowId& flow = trigger.flow;
    return !tx.run(sql::adopt_trigger, flow.namespace_name, flow.id, trigger.id, next_at, last_at).empty();
}

}  // namespace sluice::store
