#include "webserver/board.h"

#include <array>
#include <cmath>

#include "sql/webserver.h"

namespace sluice::webserver {
namespace board {

constexpr std::int64_t kMostFlows = 12;
constexpr std::int64_t kMostDates = 8;
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
std::pair<std::map<Timestamp, Moment>, Moment> moments_of(const pg::Rows& rows) {
    std::pair<std::map<Timestamp, Moment>, Moment> out;
    for (pg::Row row : rows) {
        Moment& moment = out.first[row.timestamp()];
        const std::string state = row.text();
        const std::int64_t bin = row.integer();
        const std::int64_t executions = row.integer();
        for (Moment* one : {&moment, &out.second}) {
            if (state.empty())
                one->durations.add(bin, executions);
            else
                one->counts[state] += executions;
        }
    }
    return out;
}

pg::Rows series(pg::Connection& connection, const BoardQuestion& q, Timestamp from, Timestamp until) {
    return connection.run(sql::board_series, from, until, q.name_space, q.flow_id, q.labels, q.by_day ? "day" : "hour",
                          q.time_zone);
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
    const auto [moments, all] = board::moments_of(board::series(connection, question, question.from, question.until));
    Map out = board::moment_on_wire(all);
    out.set("from", to_iso(question.from));
    out.set("until", to_iso(question.until));
    out.set("unit", question.by_day ? "day" : "hour");
    out.set("timeZone", question.time_zone);
    List points;
    for (const auto& [at, moment] : moments) {
        Map point = board::moment_on_wire(moment);
        point.set("at", to_iso(at));
        points.push_back(Value(std::move(point)));
    }
    out.set("series", Value(std::move(points)));
    const Duration span = question.until - question.from;
    BoardQuestion earlier = question;  // only its sums are wanted, whoever's days they are made of
    earlier.by_day = true;
    earlier.time_zone = "UTC";
    const auto before =
        board::moments_of(board::series(connection, earlier, question.from - span, question.seen_until - span));
    out.set("before", Value(board::moment_on_wire(before.second)));
    return Value(std::move(out));
}

Value board_flows(pg::Connection& connection, const BoardQuestion& q) {
    List out;
    for (pg::Row row :
         connection.run(sql::board_flows, q.from, q.until, q.name_space, q.flow_id, q.labels, board::kMostFlows)) {
        Map one;
        one.set("namespace", row.text());
        one.set("flowId", row.text());
        one.set("executions", row.integer());
        one.set("failed", row.integer());
        const std::int64_t ended_well = row.integer();
        const double seconds = row.number();
        one.set("endedWell", ended_well);
        if (ended_well > 0) one.set("averageSeconds", seconds / static_cast<double>(ended_well));
        out.push_back(Value(std::move(one)));
    }
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
