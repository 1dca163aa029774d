#pragma once
#include <optional>
#include <vector>

#include "base/time.h"
#include "flow/state.h"

namespace sluice::engine {

/// The states something went through, with their times. The last one is the present.
class History {
  public:
    struct Entry {
        State state;
        Timestamp at;
        bool operator==(const Entry&) const = default;
    };

    History() = default;
    explicit History(std::vector<Entry> entries) : entries_(std::move(entries)) {}

    State state() const { return entries_.empty() ? State::Created : entries_.back().state; }
    Timestamp since() const { return entries_.empty() ? Timestamp{} : entries_.back().at; }
    Timestamp created_at() const { return entries_.empty() ? Timestamp{} : entries_.front().at; }
    std::optional<Timestamp> first(State state) const;
    bool ever(State state) const { return first(state).has_value(); }
    int count(State state) const;

    /// Setting the present state again changes nothing. A very long history keeps its beginning and its end.
    void add(State state, Timestamp at);

    const std::vector<Entry>& entries() const { return entries_; }
    bool operator==(const History&) const = default;

  private:
    std::vector<Entry> entries_{};
};

}  // namespace sluice::engine
