// Statistics by day, for the page's charts and for monitoring scripts.
#include <set>

#include "sql/webserver.h"
#include "store/executions.h"
#include "value/json.h"
#include "webserver/api.h"

namespace sluice::webserver {
namespace stats_routes {

constexpr Duration kDay = 24h;
constexpr int kMostDays = 400;

struct Range {
    Timestamp from{};
    Timestamp until{};
    std::optional<std::string> name_space{};
    std::optional<std::string> flow_id{};
    std::optional<std::vector<std::string>> states{};
};

Timestamp day_of(Timestamp at) {
    return std::chrono::floor<std::chrono::days>(at);
}

std::optional<std::string> text_in(const Value& body, std::string_view name) {
    std::string text = body.text(name);
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

Result<Value> body_of(const http::Request& request) {
    if (request.body.empty()) return Value(Map());
    auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    if (!body->is_map()) return invalid("Invalid json mapping: expected an object");
    return body;
}

Result<Range> range_of(const http::Request& request, const Value& body, Timestamp now) {
    auto name_space = narrowed(request, text_in(body, "namespace"));
    if (!name_space) return tl::unexpected(name_space.error());
    Range range{.from = now - 30 * kDay,
                .until = now,
                .name_space = std::move(*name_space),
                .flow_id = text_in(body, "flowId")};
    for (const auto& [name, at] : {std::pair("endDate", &range.until), std::pair("startDate", &range.from)}) {
        const auto text = text_in(body, name);
        if (!text) continue;
        const auto date = parse_iso(*text);
        if (!date) return invalid("Invalid format: {}: {}", name, date.error().message);
        *at = *date;
    }
    if (range.from > range.until) return invalid("Illegal argument: startDate must be before endDate");
    if (range.until - range.from > kMostDays * kDay) return invalid("Illegal argument: at most {} days", kMostDays);
    if (const auto states = body.get("state"); states && states->is_list() && !states->as_list().empty()) {
        range.states.emplace();
        for (const Value& state : states->as_list()) {
            if (const std::string* text = state.if_string()) range.states->push_back(*text);
        }
    }
    return range;
}

/// One day of one flow, or of all.
struct Day {
    std::map<std::string, std::int64_t> counts{};
    std::int64_t count = 0;
    double shortest = 0, longest = 0, sum = 0;
};
using Days = std::map<Timestamp, Day>;

void add_row(Day& day, pg::Row& row) {
    std::string state = row.text();
    const std::int64_t count = row.integer();
    const double shortest = row.number();
    day.counts[std::move(state)] += count;
    day.shortest = day.count == 0 ? shortest : std::min(day.shortest, shortest);
    day.longest = std::max(day.longest, row.number());
    day.sum += row.number();
    day.count += count;
}

std::map<flow::FlowId, Days> days_of(const pg::Rows& rows) {
    std::map<flow::FlowId, Days> out;
    for (pg::Row row : rows) {
        const Timestamp at = row.timestamp();
        flow::FlowId flow;
        flow.namespace_name = row.text();
        flow.id = row.text();
        add_row(out[flow][at], row);
    }
    return out;
}

Value day_on_wire(Timestamp at, const Day& day) {
    Map counts;
    for (const StateName& state : kStateNames) {
        const auto found = day.counts.find(std::string(state.text));
        counts.set(state.text, found != day.counts.end() ? found->second : 0);
    }
    const double average = day.count > 0 ? day.sum / static_cast<double>(day.count) : 0;
    return Value{
        {"startDate", to_iso(at)},
        {"duration",
         Value{{"min", day.shortest}, {"avg", average}, {"max", day.longest}, {"sum", day.sum}, {"count", day.count}}},
        {"executionCounts", Value(std::move(counts))},
        {"groupBy", "day"}};
}

/// Every day of the range; those without executions are there, too.
Value days_on_wire(const Range& range, const Days& days) {
    static const Day kNothing{};
    List out;
    for (Timestamp at = day_of(range.from); at <= range.until; at += kDay) {
        const auto found = days.find(at);
        out.push_back(day_on_wire(at, found != days.end() ? found->second : kNothing));
    }
    return Value(std::move(out));
}

/// A statement's rows from where lists are read.
template <class... Args>
pg::Rows rows_of(Api& api, const http::Request& request, const pg::Statement& statement, const Args&... args) {
    return api.lists.read(request, [&](pg::Connection& connection) { return connection.run(statement, args...); });
}

pg::Rows ask(Api& api, const http::Request& request, const Range& range, bool by_flow) {
    return rows_of(api, request, sql::daily_executions, range.from, range.until, range.name_space, range.flow_id,
                   range.states, by_flow);
}

/// Gives the body's range to `answer`.
template <class Answer>
Result<http::Response> with_range(Api& api, const http::Request& request, const Answer& answer) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    const auto range = range_of(request, *body, api.services.pool.clock().now());
    if (!range) return tl::unexpected(range.error());
    return http::Response::json(answer(*range, *body));
}

Value daily(Api& api, const http::Request& request, const Range& range) {
    return days_on_wire(range, days_of(ask(api, request, range, false))[{}]);
}

Value daily_task_runs(Api& api, const http::Request& request, const Range& range) {
    const auto rows = rows_of(api, request, sql::daily_task_runs, range.from, range.until, range.name_space,
                              range.flow_id, range.states);
    return days_on_wire(range, days_of(rows)[{}]);
}

/// {namespace: {flow: [days]}}; with `namespaceOnly` the flow is "*".
Value daily_by_flow(Api& api, const http::Request& request, const Range& range, const Value& body) {
    const bool namespace_only = body["namespaceOnly"].if_bool().value_or(false);
    std::set<flow::FlowId> wanted;
    if (const auto flows = body.get("flows"); flows && flows->is_list()) {
        for (const Value& one : flows->as_list()) wanted.insert({one.text("namespace"), one.text("id")});
    }
    std::map<flow::FlowId, Days> merged;
    for (pg::Row row : ask(api, request, range, true)) {
        const Timestamp at = row.timestamp();
        flow::FlowId flow;
        flow.namespace_name = row.text();
        flow.id = row.text();
        if (!wanted.empty() && !wanted.contains(flow)) continue;
        if (namespace_only) flow.id = "*";
        add_row(merged[flow][at], row);
    }
    Value out{Map()};
    for (const auto& [flow, days] : merged) {
        Value& of_namespace = out.mutable_map()[flow.namespace_name];
        if (of_namespace.is_null()) of_namespace = Value(Map());
        of_namespace.mutable_map().set(flow.id, days_on_wire(range, days));
    }
    return out;
}

Value by_namespace(Api& api, const http::Request& request, const Range& range) {
    std::map<std::string, std::map<std::string, std::int64_t>> counts;
    if (range.flow_id) {
        for (const auto& [flow, days] : days_of(ask(api, request, range, true))) {
            for (const auto& [at, day] : days) {
                for (const auto& [state, count] : day.counts) counts[flow.namespace_name][state] += count;
            }
        }
    } else {
        for (pg::Row row : rows_of(api, request, sql::executions_by_namespace, range.from, range.until,
                                   range.name_space, range.states)) {
            const std::string name = row.text();
            const std::string state = row.text();
            counts[name][state] += row.integer();
        }
    }
    Map out;
    for (const auto& [name, by_state] : counts) {
        Map words;
        std::int64_t total = 0;
        for (const auto& [state, count] : by_state) {
            words.set(state, count);
            total += count;
        }
        out.set(name, Value{{"counts", Value(std::move(words))}, {"total", total}});
    }
    return Value(std::move(out));
}

/// Every day of the range. One that is not counted yet, or is counted again, says that it is estimated.
Value log_days_on_wire(const Range& range, const pg::Rows& rows) {
    std::map<Timestamp, Map> days;
    std::set<Timestamp> estimated;
    for (pg::Row row : rows) {
        const Timestamp at = row.timestamp();
        const auto name = to_text(static_cast<LogLevel>(row.integer()));
        if (const std::int64_t lines = row.integer(); lines > 0) days[at].set(name, lines);
        if (row.boolean()) estimated.insert(at);
    }
    List out;
    for (Timestamp at = day_of(range.from); at <= range.until; at += kDay) {
        Map day;
        day.set("timestamp", to_iso(at));
        day.set("counts", Value(std::move(days[at])));
        day.set("groupBy", "day");
        if (estimated.contains(at)) day.set("estimated", true);
        out.push_back(Value(std::move(day)));
    }
    return Value(std::move(out));
}

Result<http::Response> daily_logs(Api& api, const http::Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    const auto range = range_of(request, *body, api.services.pool.clock().now());
    if (!range) return tl::unexpected(range.error());
    LogLevel level = LogLevel::Trace;
    if (const auto text = text_in(*body, "logLevel")) {
        const auto parsed = parse_log_level(*text);
        if (!parsed) return tl::unexpected(parsed.error());
        level = *parsed;
    }
    return http::Response::json(
        log_days_on_wire(*range, rows_of(api, request, sql::daily_logs, range->from, range->until, range->name_space,
                                         range->flow_id, static_cast<int>(level))));
}

Result<http::Response> summary(Api& api, const http::Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    const auto name_space = narrowed(request, text_in(*body, "namespace"));
    if (!name_space) return tl::unexpected(name_space.error());
    const pg::Rows rows = rows_of(api, request, sql::flow_summary, *name_space);
    pg::Row row = rows[0];
    const std::int64_t flows = row.integer();
    return http::Response::json(Value{{"flows", flows}, {"triggers", row.integer()}});
}

}  // namespace stats_routes

void add_stats_routes(http::Router& router, Api& api) {
    using namespace stats_routes;
    using http::Method;
    using http::Request;
    route(router, Method::Post, "/stats/summary", [&api](const Request& r) { return summary(api, r); },
          {"How many flows and triggers there are"});
    route(router, Method::Post, "/stats/executions/daily",
          [&api](const Request& r) {
              return with_range(api, r, [&](const Range& range, const Value&) { return daily(api, r, range); });
          },
          {"Executions by day and state"});
    route(router, Method::Post, "/stats/taskruns/daily",
          [&api](const Request& r) {
              return with_range(api, r,
                                [&](const Range& range, const Value&) { return daily_task_runs(api, r, range); });
          },
          {"Task runs by day and state"});
    route(router, Method::Post, "/stats/executions/daily/group-by-flow",
          [&api](const Request& r) {
              return with_range(
                  api, r, [&](const Range& range, const Value& body) { return daily_by_flow(api, r, range, body); });
          },
          {"Executions by flow, day and state"});
    route(router, Method::Post, "/stats/executions/daily/group-by-namespace",
          [&api](const Request& r) {
              return with_range(api, r, [&](const Range& range, const Value&) { return by_namespace(api, r, range); });
          },
          {"Executions by namespace and state"});
    route(router, Method::Post, "/stats/logs/daily", [&api](const Request& r) { return daily_logs(api, r); },
          {"Log lines by day and level"});
}

}  // namespace sluice::webserver
