#include "store/trigger_windows.h"

#include "base/log.h"
#include "sql/store.h"
#include "store/json_column.h"

namespace sluice::store {
namespace {

/// The three columns of the key, side by side as unnest wants them.
struct WindowKeys {
    std::vector<std::string> name_space{}, flow_id{}, preconditions_id{};

    void add(const WindowKey& key) {
        name_space.push_back(key.flow.namespace_name);
        flow_id.push_back(key.flow.id);
        preconditions_id.push_back(key.preconditions_id);
    }
};

std::optional<schedule::WindowState> state_column(const WindowKey& key, const std::optional<std::string>& json) {
    const Value value = value_of_column(json);
    if (value.is_null()) return {};
    auto state = schedule::window_state_of(value);
    if (state) return std::move(*state);
    static const Logger kLog("store");
    kLog.warn("trigger_window.unreadable", {{"namespace", key.flow.namespace_name},
                                            {"flow_id", key.flow.id},
                                            {"preconditions_id", key.preconditions_id},
                                            {"reason", state.error().text()}});
    return {};
}

}  // namespace

std::vector<ListeningTrigger> listening_triggers(pg::Transaction& tx) {
    std::vector<ListeningTrigger> out;
    for (pg::Row row : tx.run(sql::listening_triggers)) {
        ListeningTrigger& one = out.emplace_back();
        one.id.flow.namespace_name = row.text();
        one.id.flow.id = row.text();
        one.id.id = row.text();
        one.flow_revision = row.integer();
    }
    return out;
}

Windows lock_windows(pg::Transaction& tx, const std::set<WindowKey>& keys) {
    Windows out;
    if (keys.empty()) return out;
    WindowKeys columns;
    for (const WindowKey& key : keys) columns.add(key);
    const auto made_and_locked = [&] {
        tx.send(sql::make_trigger_windows, columns.name_space, columns.flow_id, columns.preconditions_id);
        return tx.run(sql::lock_trigger_windows, columns.name_space, columns.flow_id, columns.preconditions_id);
    };
    pg::Rows rows = made_and_locked();
    // One that has ended may be forgotten between the two statements; one that was just made never is.
    while (rows.size() < keys.size()) rows = made_and_locked();
    for (pg::Row row : rows) {
        WindowKey key;
        key.flow.namespace_name = row.text();
        key.flow.id = row.text();
        key.preconditions_id = row.text();
        auto state = state_column(key, row.maybe_text());
        out.emplace(std::move(key), std::move(state));
    }
    return out;
}

void write_windows(pg::Transaction& tx, const Windows& windows) {
    if (windows.empty()) return;
    WindowKeys columns;
    std::vector<std::optional<std::string>> states;
    std::vector<std::optional<Timestamp>> ends;
    for (const auto& [key, state] : windows) {
        columns.add(key);
        states.push_back(state ? std::optional(to_json(schedule::to_value(*state))) : std::nullopt);
        // A sliding window ends now and goes on: what it holds counts for its whole length.
        ends.push_back(state ? std::optional(state->span.end + (state->span.end - state->span.start)) : std::nullopt);
    }
    tx.send(sql::write_trigger_windows, columns.name_space, columns.flow_id, columns.preconditions_id, states, ends);
}

void forget_windows(pg::Connection& connection) {
    connection.run(sql::forget_trigger_windows);
}

}  // namespace sluice::store
