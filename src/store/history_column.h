#pragma once
#include <optional>
#include <string>

#include "engine/history.h"

namespace sluice::store {

/// How a history stands in a row. The usual one (created, started, ended) is in the columns; any other is a text such as
/// "CREATED 2026-01-05T10:00:00Z RUNNING 2026-01-05T10:00:01Z", which people can read in psql.
struct HistoryColumns {
    State state = State::Created;
    Timestamp created_at{};
    std::optional<Timestamp> started_at{};
    std::optional<Timestamp> ended_at{};
    std::optional<std::string> text{};
};

/// `pause_ends`: PAUSED counts as an end, as it does for executions.
HistoryColumns columns_of(const engine::History& history, bool pause_ends);
engine::History history_of(const HistoryColumns& columns);

}  // namespace sluice::store
