// Boards: the home page, and the overviews of namespaces and flows. One question, one answer.
#include "schedule/zone.h"
#include "sql/webserver.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/board.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"

namespace sluice::webserver {
namespace board_routes {

constexpr Duration kDay = 24h;
constexpr Duration kLongest = 400 * kDay;
constexpr Duration kLongestByHour = 3 * kDay;

Timestamp hour_of(Timestamp at) {
    return std::chrono::floor<std::chrono::hours>(at);
}

Timestamp midnight_of(const schedule::Zone& zone, Timestamp at) {
    return zone.instant(std::chrono::floor<std::chrono::days>(zone.local(at)));
}

/// The range as buckets: whole hours, or whole days of the zone. "The last 24 hours" are the hour that runs, and 23
/// before.
Result<void> set_range(BoardQuestion& out, const http::Request& request, const schedule::Zone& zone, Timestamp now) {
    const auto from = date_parameter(request, "startDate");
    if (!from) return tl::unexpected(from.error());
    const auto until = date_parameter(request, "endDate");
    if (!until) return tl::unexpected(until.error());
    const std::string range = text_parameter(request, "timeRange");
    if (!range.empty() && *from) return invalid("Illegal argument: timeRange and startDate exclude each other");
    const auto length = parse_duration(range.empty() ? "PT24H" : range);
    if (!length) return invalid("Invalid format: timeRange: {}", length.error().message);

    out.seen_until = std::min(until->value_or(now), now);
    const Timestamp begin = from->value_or(out.seen_until - *length);
    if (begin >= out.seen_until) return invalid("Illegal argument: startDate must be before endDate, and in the past");
    if (out.seen_until - begin > kLongest) return invalid("Illegal argument: a board shows at most 400 days");
    out.by_day = out.seen_until - begin > kLongestByHour;
    const bool last = !*from;  // a range that ends here begins after the bucket that it only touches
    if (out.by_day)
        out.from = midnight_of(zone, last ? begin + kDay : begin);
    else
        out.from = hour_of(last ? begin + 1h : begin);
    out.until = *until && **until <= now ? **until : hour_of(now) + 1h;
    return {};
}

std::optional<std::string> optional_parameter(const http::Request& request, const char* name) {
    std::string text = text_parameter(request, name);
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

Result<BoardQuestion> question_of(const http::Request& request, Timestamp now) {
    BoardQuestion out;
    out.time_zone = optional_parameter(request, "timeZone").value_or("UTC");
    const auto zone = schedule::find_zone(out.time_zone);
    if (!zone) return invalid("Illegal argument: timeZone: {}", zone.error().message);
    if (auto done = set_range(out, request, *zone, now); !done) return tl::unexpected(done.error());
    out.name_space = optional_parameter(request, "namespace");
    out.flow_id = optional_parameter(request, "flowId");
    if (out.flow_id && !out.name_space) return invalid("Illegal argument: flowId goes with namespace");
    const auto labels = label_parameters(request);
    if (!labels) return tl::unexpected(labels.error());
    if (!labels->empty()) {
        Map wanted;
        for (const flow::Label& label : *labels) wanted.set(label.key, label.value);
        out.labels = to_json(Value(std::move(wanted)));
    }
    return out;
}

Value summary(pg::Connection& connection, const BoardQuestion& question) {
    const pg::Rows rows = connection.run(sql::flow_summary, question.name_space);
    pg::Row row = rows[0];
    const std::int64_t flows = row.integer();
    return Value{{"flows", flows}, {"triggers", row.integer()}};
}

Result<http::Response> board(Api& api, const http::Request& request) {
    const Timestamp now = api.services.pool.clock().now();
    const auto question = question_of(request, now);
    if (!question) return tl::unexpected(question.error());
    const auto failed_since = date_parameter(request, "failedSince");
    if (!failed_since) return tl::unexpected(failed_since.error());
    const Timestamp since = std::max(failed_since->value_or(now - kDay), now - 31 * kDay);
    return run_search(api.lists, request, [&](pg::Connection& connection) -> Result<http::Response> {
        Value out = board_numbers(connection, *question);
        Map& map = out.mutable_map();
        map.set("attention", board_attention(connection, *question, since));
        map.set("now", board_now(connection, *question));
        map.set("next", board_next(connection, *question));
        map.set("summary", summary(connection, *question));
        return http::Response::json(out);
    });
}

}  // namespace board_routes

void add_board_routes(http::Router& router, Api& api) {
    route(
        router, http::Method::Get, "/board", [&api](const http::Request& r) { return board_routes::board(api, r); },
        {"All that the home page, or the overview of a namespace or a flow, shows: what needs attention, executions by "
         "time and state, durations, what runs now and next",
         {"namespace", "flowId", "labels", "timeRange", "startDate", "endDate", "timeZone", "failedSince"}});
}

}  // namespace sluice::webserver
