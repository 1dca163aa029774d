#pragma once
#include <unordered_map>

#include "value/value.h"

namespace sluice::expr {

/// The lists that this render has changed in place.
///
/// sort, rsort and reverse change a list itself, and every later look at it sees that. But the lists of a context are
/// shared with other threads, so the change is a new list that stands for the old one during this render only.
class ListChanges {
  public:
    bool empty() const { return now_.empty(); }

    /// What stands for this value now; for other kinds of values the value itself.
    const Value& current(const Value& value) const;
    /// The same, also for all lists inside of it.
    Value deep(const Value& value) const;

    /// Lets a list with these items, of the same flavour, stand for `list` from now on. What was a slice of another
    /// list changes that one too.
    Value replace(const Value& list, List items);

    /// Tells that `part` shows the items of `whole` from `from` on.
    void add_slice(const Value& part, const Value& whole, std::size_t from);

  private:
    using Identity = const Value::SharedList*;
    struct Change {
        Value before{};  // keeps the address from being used again
        Value now{};
    };
    struct Slice {
        Value part{};
        Value whole{};
        std::size_t from = 0;
    };

    std::unordered_map<Identity, Change> now_{};
    std::unordered_map<Identity, Slice> slices_{};
};

}  // namespace sluice::expr
