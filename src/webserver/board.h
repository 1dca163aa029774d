#pragma once
/// What a board shows, for home, a namespace or a flow: everything in one answer, from what is counted already
/// (sql/functions/execution_counts.sql). Numbers are exact for the executions whose ids are of [from, until).
#include <map>

#include "pg/pg.h"
#include "value/value.h"

namespace sluice::webserver {

struct BoardQuestion {
    Timestamp from{};
    Timestamp until{};
    Timestamp seen_until{};  // now, where `until` is later: the time before is cut there, too, to be compared fairly
    bool by_day = false;
    std::string time_zone = "UTC";
    std::optional<std::string> name_space{};
    std::optional<std::string> flow_id{};
    std::optional<std::string> labels{};  // JSON

    std::string unit() const { return by_day ? "day" : "hour"; }
};

/// How durations are distributed, on the scale of sluice.duration_bin.
class Durations {
  public:
    void add(std::int64_t bin, std::int64_t executions);
    /// The duration, in seconds, that this part (0..1) of them did not exceed; off by 9 % at most. Empty: there are
    /// none
    std::optional<double> quantile(double part) const;

  private:
    std::map<std::int64_t, std::int64_t> bins_{};
    std::int64_t total_ = 0;
};

/// {from, until, unit, counts, total, durations, series: […], before, flows: those that failed or ran most}. Executions
/// with labels are not counted beforehand: of many a sample is read, and the answer says `estimated: true`.
Value board_numbers(pg::Connection& connection, const BoardQuestion& question);
/// Executions that are not over, by state.
Value board_now(pg::Connection& connection, const BoardQuestion& question);
/// What fires next.
Value board_next(pg::Connection& connection, const BoardQuestion& question);
/// What a person should look at: {failing, paused, stranded, queued, parked, overdue, troubled, lost}; each a list.
/// Failures are those since `failed_since`.
Value board_attention(pg::Connection& connection, const BoardQuestion& question, Timestamp failed_since);

}  // namespace sluice::webserver
