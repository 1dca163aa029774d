#include "store/weeks.h"

#include <algorithm>

#include "base/id.h"
#include "sql/store.h"

namespace sluice::store {
namespace {

constexpr std::string_view kAboveAllIds = "~";
constexpr Duration kWeek = 7 * 24h;
constexpr int kWeeksAlone = 8;
constexpr int kWeeksTogether = 4;

/// Monday 00:00 UTC, as sluice.week_of
Timestamp week_of(Timestamp at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    return day - (std::chrono::weekday{day} - std::chrono::Monday);
}

}  // namespace

Weeks::Weeks(pg::Connection& connection, const std::string& below, const std::string& floor)
    : floor_(floor), end_(below.empty() ? kAboveAllIds : below) {
    const pg::Rows rows = connection.run(sql::history_span);
    pg::Row row = rows[0];
    const std::string oldest = row.text();
    const Timestamp now = row.timestamp();
    oldest_ = oldest.empty() ? now : std::max(time_of_id(oldest), time_of_id(floor));
    begins_ = week_of(below.empty() ? now : std::min(now, time_of_id(below)));
}

std::optional<IdSpan> Weeks::next() {
    if (over_) return {};
    ++spans_;
    over_ = begins_ <= oldest_;
    IdSpan out{over_ ? floor_ : lowest_id(begins_), end_};
    end_ = out.lowest;
    begins_ -= spans_ < kWeeksAlone ? kWeek : kWeeksTogether * kWeek;
    return out;
}

}  // namespace sluice::store
