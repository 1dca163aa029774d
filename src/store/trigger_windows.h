#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "flow/flow.h"
#include "pg/pg.h"
#include "schedule/windows.h"
#include "store/triggers.h"

namespace sluice::store {

/// A Flow trigger that is not switched off.
struct ListeningTrigger {
    TriggerId id{};
    std::int64_t flow_revision = 0;
};
std::vector<ListeningTrigger> listening_triggers(pg::Transaction& tx);

/// Where preconditions keep what they have seen.
struct WindowKey {
    flow::FlowId flow{};
    std::string preconditions_id{};
    auto operator<=>(const WindowKey&) const = default;
};
using Windows = std::map<WindowKey, std::optional<schedule::WindowState>>;

/// What windows hold; those that can't be read count as empty. Locked until the end of the transaction, in the order of
/// their keys: call it once.
Windows lock_windows(pg::Transaction& tx, const std::set<WindowKey>& keys);
void write_windows(pg::Transaction& tx, const Windows& windows);
void forget_windows(pg::Connection& connection);

}  // namespace sluice::store
