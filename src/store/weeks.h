#pragma once
#include <optional>
#include <string>

#include "pg/pg.h"

namespace sluice::store {

/// Ids of the history, [lowest, end).
struct IdSpan {
    std::string lowest{};
    std::string end{};
};

/// The history as spans of ids, newest first; the last one has no lower bound. They are the weeks of its partitions,
/// and months where it gets old.
///
/// A search goes through them one after the other and stops when its page is full. So it visits no partition that it
/// need not, and of each the database decides by what it knows of that one: a label that is everywhere is found by
/// going through the newest rows, one that nobody has had for weeks by its index. Asked of the whole history at once it
/// would take one plan for all, and read millions of rows where that is the wrong one.
class Weeks {
  public:
    /// below  ids from here on are left out; empty: none
    /// floor  ids below this are left out; empty: none
    Weeks(pg::Connection& connection, const std::string& below, const std::string& floor);

    std::optional<IdSpan> next();

  private:
    std::string floor_;
    std::string end_;
    Timestamp begins_{};
    Timestamp oldest_{};
    int spans_ = 0;
    bool over_ = false;
};

}  // namespace sluice::store
