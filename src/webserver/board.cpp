#include "webserver/board.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "sql/webserver.h"

namespace sluice::webserver {
namespace board {

constexpr std::int64_t kMostFlows = 12;
constexpr std::int64_t kMostDates = 8;
constexpr Duration kReadingTime = 250ms;
constexpr std::int64_t kSampled = 50'000;  // read in some 100 ms
constexpr std::array kNotOver{"CREATED", "RUNNING", "PAUSED",   "RESTARTED",
                              "KILLING", "QUEUED",  "RETRYING", "BREAKPOINT"};

struct Moment {
    std::map<std::string, std::int64_t> counts{};
    Durations durations{};
};

Value counts_on_wire(const std::map<std::string, std::int64_t>& counts) {
    Map out;
    for (const auto& [state, executions] : counts) out.set(state, executions);
    return Value(std::move(out));
}

void set_quantiles(Map& out, const Durations& durations) {
    for (const auto& [name, part] : {std::pair("p50", 0.5), std::pair("p95", 0.95), std::pair("p99", 0.99)}) {
        if (const auto seconds = durations.quantile(part)) out.set(name, *seconds);
    }
}

Map moment_on_wire(const Moment& moment) {
    Map durations;
    set_quantiles(durations, moment.durations);
    std::int64_t total = 0;
    for (const auto& [state, executions] : moment.counts) total += executions;
    Map out;
    out.set("counts", counts_on_wire(moment.counts));
    out.set("total", total);
    out.set("durations", Value(std::move(durations)));
    return out;
}

/// The moments in their order, and all of them together.
class Moments {
  public:
    /// `state` '': the durations of a bin.
    void add(Timestamp at, const std::string& state, std::int64_t bin, std::int64_t executions) {
        if (!state.empty()) total_ += executions;
        for (Moment* one : {&by_time_[at], &all_}) {
            if (state.empty())
                one->durations.add(bin, executions);
            else
                one->counts[state] += executions;
        }
    }
    std::int64_t total() const { return total_; }
    Map all_on_wire() const { return moment_on_wire(all_); }
    Value series_on_wire() const {
        List points;
        for (const auto& [at, moment] : by_time_) {
            Map point = moment_on_wire(moment);
            point.set("at", to_iso(at));
            points.push_back(Value(std::move(point)));
        }
        return Value(std::move(points));
    }

  private:
    std::map<Timestamp, Moment> by_time_{};
    Moment all_{};
    std::int64_t total_ = 0;
};

/// Of each number this part.
void add_rows(Moments& out, const pg::Rows& rows, double part = 1) {
    for (pg::Row row : rows) {
        const Timestamp at = row.timestamp();
        const std::string state = row.text();
        const std::int64_t bin = row.integer();
        out.add(at, state, bin, std::llround(part * static_cast<double>(row.integer())));
    }
}

Moments moments_of(const pg::Rows& rows) {
    Moments out;
    add_rows(out, rows);
    return out;
}

Map numbers_on_wire(const BoardQuestion& question, const Moments& now, const Moments& before) {
    Map out = now.all_on_wire();
    out.set("from", to_iso(question.from));
    out.set("until", to_iso(question.until));
    out.set("unit", question.unit());
    out.set("timeZone", question.time_zone);
    out.set("series", now.series_on_wire());
    out.set("before", Value(before.all_on_wire()));
    return out;
}

struct FlowSums {
    std::string name_space{};
    std::string flow_id{};
    std::int64_t executions = 0;
    std::int64_t failed = 0;
    std::int64_t ended_well = 0;
    double seconds = 0;
};

FlowSums flow_sums_of(pg::Row& row) {
    FlowSums out;
    out.name_space = row.text();
    out.flow_id = row.text();
    out.executions = row.integer();
    out.failed = row.integer();
    out.ended_well = row.integer();
    out.seconds = row.number();
    return out;
}

Value flow_on_wire(const FlowSums& flow) {
    Map one;
    one.set("namespace", flow.name_space);
    one.set("flowId", flow.flow_id);
    one.set("executions", flow.executions);
    one.set("failed", flow.failed);
    one.set("endedWell", flow.ended_well);
    if (flow.ended_well > 0) one.set("averageSeconds", flow.seconds / static_cast<double>(flow.ended_well));
    return Value(std::move(one));
}

/// Those first that failed most, as board_flows has them.
Value most_of(std::vector<FlowSums> flows) {
    const auto before = [](const FlowSums& a, const FlowSums& b) {
        return std::tie(b.failed, b.executions, a.name_space, a.flow_id) <
               std::tie(a.failed, a.executions, b.name_space, b.flow_id);
    };
    std::sort(flows.begin(), flows.end(), before);
    if (flows.size() > static_cast<std::size_t>(kMostFlows)) flows.resize(static_cast<std::size_t>(kMostFlows));
    List out;
    for (const FlowSums& flow : flows) out.push_back(flow_on_wire(flow));
    return Value(std::move(out));
}

/// All with these labels; where that takes too long, there are many, and a sample tells nearly as much.
pg::Rows labelled(pg::Connection& connection, const BoardQuestion& q) {
    constexpr std::string_view kCanceled = "57014";
    const Duration span = q.until - q.from;
    const auto ask = [&](pg::Transaction& transaction, std::optional<std::int64_t> most) {
        pg::Rows rows = transaction.run(sql::board_labelled, q.from, q.until, q.from - span, q.seen_until - span,
                                        q.name_space, q.flow_id, q.labels, q.unit(), q.time_zone, most);
        transaction.commit();
        return rows;
    };
    try {
        pg::Transaction transaction(connection);
        transaction.run_text(fmt::format("set local statement_timeout = {}", kReadingTime / 1ms));
        return ask(transaction, std::nullopt);
    } catch (const pg::DatabaseError& error) {
        if (error.sqlstate() != kCanceled) throw;
    }
    pg::Transaction transaction(connection);
    return ask(transaction, kSampled);
}

pg::Rows series(pg::Connection& connection, const BoardQuestion& q, Timestamp from, Timestamp until) {
    return connection.run(sql::board_series, from, until, q.name_space, q.flow_id, q.unit(), q.time_zone);
}

/// Of the hour that it ends in its share, where that is many: they would be read one by one, only to be compared with.
Moments sums_until(pg::Connection& connection, const BoardQuestion& q, Timestamp from, Timestamp until) {
    constexpr std::int64_t kFew = 1000;
    const Timestamp hour = std::chrono::floor<std::chrono::hours>(until);
    if (hour <= from) return moments_of(series(connection, q, from, until));
    const pg::Rows last = series(connection, q, hour, hour + 1h);
    if (moments_of(last).total() <= kFew) return moments_of(series(connection, q, from, until));
    Moments out = moments_of(series(connection, q, from, hour));
    add_rows(out, last, std::chrono::duration<double, std::ratio<3600>>(until - hour).count());
    return out;
}

Value board_of_labels(pg::Connection& connection, const BoardQuestion& question) {
    Moments now, before;
    std::vector<FlowSums> flows;
    bool estimated = false;
    for (pg::Row row : labelled(connection, question)) {
        const std::string part = row.text();
        const Timestamp at = row.timestamp();
        FlowSums sums;
        sums.name_space = row.text();
        sums.flow_id = row.text();
        const std::string state = row.text();
        const std::int64_t bin = row.integer();
        sums.executions = row.integer();
        sums.failed = row.integer();
        sums.ended_well = row.integer();
        sums.seconds = row.number();
        estimated = estimated || row.number() > 1;
        if (part == "flow")
            flows.push_back(std::move(sums));
        else
            (part == "before" ? before : now).add(at, state, bin, sums.executions);
    }
    Map out = numbers_on_wire(question, now, before);
    out.set("flows", most_of(std::move(flows)));
    if (estimated) out.set("estimated", true);
    return Value(std::move(out));
}

}  // namespace board

void Durations::add(std::int64_t bin, std::int64_t executions) {
    bins_[bin] += executions;
    total_ += executions;
}

std::optional<double> Durations::quantile(double part) const {
    if (total_ == 0) return {};
    const double wanted = part * static_cast<double>(total_);
    std::int64_t seen = 0;
    std::int64_t bin = 0;
    for (const auto& [at, executions] : bins_) {
        bin = at;
        seen += executions;
        if (static_cast<double>(seen) >= wanted) break;
    }
    return std::exp2((static_cast<double>(bin) + 0.5) / 4) / 1000;  // the middle of the bin
}

Value board_numbers(pg::Connection& connection, const BoardQuestion& question) {
    if (question.labels) return board::board_of_labels(connection, question);
    const board::Moments now = board::moments_of(board::series(connection, question, question.from, question.until));
    const Duration span = question.until - question.from;
    BoardQuestion earlier = question;  // only its sums are wanted, whoever's days they are made of
    earlier.by_day = true;
    earlier.time_zone = "UTC";
    const board::Moments before =
        board::sums_until(connection, earlier, question.from - span, question.seen_until - span);
    Map out = board::numbers_on_wire(question, now, before);
    List flows;
    for (pg::Row row : connection.run(sql::board_flows, question.from, question.until, question.name_space,
                                      question.flow_id, board::kMostFlows)) {
        flows.push_back(board::flow_on_wire(board::flow_sums_of(row)));
    }
    out.set("flows", Value(std::move(flows)));
    return Value(std::move(out));
}

Value board_now(pg::Connection& connection, const BoardQuestion& q) {
    Map out;
    const std::vector<std::string> states(board::kNotOver.begin(), board::kNotOver.end());
    for (pg::Row row : connection.run(sql::board_now, states, q.name_space, q.flow_id)) {
        std::string state = row.text();
        out.set(std::move(state), row.integer());
    }
    return Value(std::move(out));
}

Value board_next(pg::Connection& connection, const BoardQuestion& q) {
    List out;
    for (pg::Row row : connection.run(sql::board_next, q.name_space, q.flow_id, board::kMostDates)) {
        Map one;
        one.set("namespace", row.text());
        one.set("flowId", row.text());
        one.set("triggerId", row.text());
        one.set("at", to_iso(row.timestamp()));
        out.push_back(Value(std::move(one)));
    }
    return Value(std::move(out));
}

}  // namespace sluice::webserver
