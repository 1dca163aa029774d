#include "engine/history.h"

namespace sluice::engine {
namespace {
// A loop of a week must not make each of its steps write a longer row than the one before (P7).
constexpr std::size_t kMostEntries = 100;
constexpr std::size_t kKeptAtStart = 20;
}  // namespace

std::optional<Timestamp> History::first(State state) const {
    for (const Entry& entry : entries_) {
        if (entry.state == state) return entry.at;
    }
    return {};
}

int History::count(State state) const {
    return static_cast<int>(
        std::count_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.state == state; }));
}

void History::add(State state, Timestamp at) {
    if (!entries_.empty() && entries_.back().state == state) return;
    if (entries_.size() >= kMostEntries) entries_.erase(entries_.begin() + kKeptAtStart);
    entries_.push_back({state, at});
}

}  // namespace sluice::engine
