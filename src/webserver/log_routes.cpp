// Logs: of all executions, and of one.
#include "store/find_logs.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/log_streams.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace log_routes {

constexpr std::size_t kPiece = 500;  // lines that are read at once

template <class T>
Value list_of(const std::vector<T>& items) {
    List out;
    out.reserve(items.size());
    for (const T& item : items) out.push_back(Value(item));
    return Value(std::move(out));
}

Result<http::Response> search(Api& api, const http::Request& request) {
    const auto wanted = search_of(request, api.services.pool.clock().now());
    if (!wanted) return tl::unexpected(wanted.error());
    const auto found = run_search(api.lists, request,
                                  [&](pg::Connection& connection) { return store::find_logs(connection, *wanted); });
    if (!found) return tl::unexpected(found.error());
    List results;
    for (const store::LogRow& row : found->rows) results.push_back(log_on_wire(row));
    return paged(std::move(results), found->total, {}, found->searched_from);
}

/// minLevel, taskId, taskRunId, attempt and q; the level in the bracket form, too.
Result<store::LogSelection> selection_of(const http::Request& request) {
    store::LogSelection selection;
    selection.execution_id = ExecutionId{std::string(request.parameter("executionId"))};
    for (const char* name : {"minLevel", "filters[level][EQUALS]"}) {
        const std::string level = text_parameter(request, name);
        if (level.empty()) continue;
        const auto parsed = parse_log_level(level);
        if (!parsed) return invalid("Illegal argument: {}: {}", name, parsed.error().message);
        selection.min_level = *parsed;
    }
    selection.task_id = text_parameter(request, "taskId");
    selection.task_run_id = TaskRunId{text_parameter(request, "taskRunId")};
    const auto attempt = integer_parameter(request, "attempt");
    if (!attempt) return tl::unexpected(attempt.error());
    selection.attempt = *attempt;
    selection.words = text_parameter(request, "q");
    return selection;
}

/// Reads the lines of an execution a piece at a time, and writes each as text: logs may be larger than memory.
class LogSource : public http::BodySource {
  public:
    enum class As { Json, Lines };
    LogSource(pg::Pool& pool, store::LogSelection selection, As as, std::int64_t after, std::size_t most)
        : pool_(pool), selection_(std::move(selection)), as_(as), after_(after), left_(most) {}

    Result<std::optional<std::string>> next() override {
        if (over_) return std::optional<std::string>();
        const auto rows = pool_.with_connection([&](pg::Connection& connection) {
            return store::execution_logs(connection, selection_, after_, std::min(kPiece, left_));
        });
        left_ -= rows.size();
        over_ = rows.size() < kPiece || left_ == 0;
        std::string text;
        for (const store::LogRow& row : rows) write(text, row);
        if (!rows.empty()) after_ = rows.back().seq;
        if (over_ && as_ == As::Json) text += first_ ? "[]" : "]";
        return std::optional(std::move(text));
    }

  private:
    void write(std::string& text, const store::LogRow& row) {
        if (as_ == As::Lines) {
            text += fmt::format("{} {} {}\n", to_iso(row.at), to_text(row.level), row.message);
            return;
        }
        text += first_ ? '[' : ',';
        text += to_json(log_on_wire(row));
        first_ = false;
    }

    pg::Pool& pool_;
    const store::LogSelection selection_;
    const As as_;
    std::int64_t after_;
    std::size_t left_;
    bool first_ = true;
    bool over_ = false;
};

/// The log of an execution; `after` and `limit` ask for a part of it.
void get(Api& api, const http::Request& request, http::Responder responder, LogSource::As as) {
    auto selection = selection_of(request);
    if (!selection) return responder.send(tl::unexpected(selection.error()));
    const auto after = integer_parameter(request, "after");
    if (!after) return responder.send(tl::unexpected(after.error()));
    const auto limit = integer_parameter(request, "limit");
    if (!limit) return responder.send(tl::unexpected(limit.error()));
    const std::size_t most =
        *limit && **limit > 0 ? static_cast<std::size_t>(**limit) : std::numeric_limits<std::size_t>::max();
    http::Response head;
    if (as == LogSource::As::Json) {
        head.set("Content-Type", "application/json");
    } else {
        head.set("Content-Type", "text/plain; charset=utf-8");
        head.set("Content-Disposition", http::as_attachment(selection->execution_id.text() + ".log"));
    }
    responder.stream(std::move(head), std::make_unique<LogSource>(api.services.pool, std::move(*selection), as,
                                                                  after->value_or(0), most));
}

void follow(Api& api, const http::Request& request, http::Responder responder) {
    auto selection = selection_of(request);
    if (!selection) return responder.send(tl::unexpected(selection.error()));
    const auto after = integer_parameter(request, "after");
    if (!after) return responder.send(tl::unexpected(after.error()));
    const http::EventStream stream = responder.events();
    stream.send({.id = "start", .data = "{}"});
    api.log_streams.follow(std::move(*selection), after->value_or(0), stream);
}

Result<http::Response> summary(Api& api, const http::Request& request) {
    List out;
    for (const store::LogCount& one : api.services.pool.with_connection([&](pg::Connection& connection) {
             return store::count_logs(connection, ExecutionId{std::string(request.parameter("executionId"))});
         })) {
        Map map;
        if (!one.task_run_id.empty()) map.set("taskRunId", one.task_run_id.text());
        map.set("level", to_text(one.level));
        map.set("count", one.lines);
        map.set("firstSeq", one.first_seq);
        out.push_back(Value(std::move(map)));
    }
    return http::Response::json(Value(std::move(out)));
}

Value log_map_on_wire(const store::LogMap& map) {
    Map out;
    out.set("lines", map.lines);
    out.set("hidden", map.hidden);
    out.set("every", store::LogMap::kMarkEvery);
    out.set("marks", list_of(map.marks));
    out.set("hitCount", map.hit_count);
    out.set("hits", list_of(map.hits));
    if (map.first_error >= 0) out.set("firstError", map.first_error);
    out.set("tasks", list_of(map.tasks));
    if (map.last) out.set("last", *map.last);
    out.set("more", map.more);
    return Value(std::move(out));
}

/// Where the lines are among the next ones after `after`, and which of them have the words of `q`.
Result<http::Response> survey(Api& api, const http::Request& request) {
    const auto selection = selection_of(request);
    if (!selection) return tl::unexpected(selection.error());
    const auto after = integer_parameter(request, "after");
    if (!after) return tl::unexpected(after.error());
    const auto limit = integer_parameter(request, "limit");
    if (!limit) return tl::unexpected(limit.error());
    const std::int64_t most = limit->value_or(store::LogMap::kMostScanned);
    if (most < 1 || most > store::LogMap::kMostScanned)
        return invalid("Illegal argument: limit: expected 1 to {}, found {}", store::LogMap::kMostScanned, most);
    const store::LogMap map = api.lists.read(request, [&](pg::Connection& connection) {
        return store::map_logs(connection, *selection, after->value_or(0), most);
    });
    return http::Response::json(log_map_on_wire(map));
}

Result<http::Response> remove(Api& api, const http::Request& request) {
    const auto selection = selection_of(request);
    if (!selection) return tl::unexpected(selection.error());
    const std::size_t count = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::delete_logs(connection, *selection); });
    return http::Response::json(Value{{"count", count}});
}

Result<http::Response> remove_of_trigger(Api& api, const http::Request& request) {
    const std::string trigger = text_parameter(request, "triggerId");
    if (trigger.empty()) return refuse(ErrorCode::BadRequest, "Bad Request: the parameter 'triggerId' is missing");
    const flow::FlowId flow{std::string(request.parameter("namespace")), std::string(request.parameter("flowId"))};
    const std::size_t count = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::delete_trigger_logs(connection, flow, trigger); });
    return http::Response::json(Value{{"count", count}});
}

}  // namespace log_routes

void add_log_routes(http::Router& router, Api& api) {
    using namespace log_routes;
    using http::Method;
    using http::Request;
    using http::Responder;
    route(router, Method::Get, "/logs/search", [&api](const Request& r) { return search(api, r); },
          {"Log lines, filtered and paged", kSearchParameters});
    route(router, Method::Get, "/logs/{executionId}",
          [&api](const Request& r, Responder to) { get(api, r, std::move(to), LogSource::As::Json); });
    route(router, Method::Get, "/logs/{executionId}/download",
          [&api](const Request& r, Responder to) { get(api, r, std::move(to), LogSource::As::Lines); });
    route(router, Method::Get, "/logs/{executionId}/follow",
          [&api](const Request& r, Responder to) { follow(api, r, std::move(to)); });
    route(router, Method::Get, "/logs/{executionId}/summary", [&api](const Request& r) { return summary(api, r); });
    route(
        router, Method::Get, "/logs/{executionId}/map", [&api](const Request& r) { return survey(api, r); },
        {"Where the lines of a log are, and which have the words of q", {"after", "limit", "minLevel", "taskId", "q"}});
    route(router, Method::Delete, "/logs/{executionId}", [&api](const Request& r) { return remove(api, r); });
    route(router, Method::Delete, "/logs/{namespace}/{flowId}",
          [&api](const Request& r) { return remove_of_trigger(api, r); });
}

}  // namespace sluice::webserver
