// Triggers: their next dates, and why they fire or not.
#include "schedule/preview.h"
#include "sql/webserver.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"
#include "webserver/trigger_changes.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace trigger_explain_routes {

constexpr std::int64_t kMostDates = 1000;
constexpr std::size_t kMostFires = 20;

/// Errors  NotFound
Result<store::TriggerView> trigger_of(pg::Connection& connection, const http::Request& request) {
    store::Search wanted{.size = 1, .total = store::Total::None};
    for (const char* name : {"namespace", "flowId", "triggerId"}) {
        wanted.filters.push_back(equal_to(name, std::string(request.parameter(name))));
    }
    auto found = store::find_triggers(connection, wanted);
    if (!found) return tl::unexpected(found.error());
    if (found->rows.empty()) {
        return not_found("Not Found: trigger {}.{}.{} does not exist", request.parameter("namespace"),
                         request.parameter("flowId"), request.parameter("triggerId"));
    }
    return std::move(found->rows.front());
}

Value date_on_wire(const schedule::PreviewedDate& date) {
    Map out;
    out.set("date", to_iso(Timestamp(date.date)));
    out.set("local", date.local);
    out.set("runs", date.runs);
    if (!date.reason.empty()) out.set("reason", date.reason);
    if (!date.note.empty()) out.set("note", date.note);
    return Value(std::move(out));
}

Result<http::Response> preview(Api& api, const http::Request& request) {
    const auto count = integer_parameter(request, "count");
    if (!count) return tl::unexpected(count.error());
    const std::int64_t most = count->value_or(20);
    if (most < 1 || most > kMostDates) return invalid("Illegal argument: count is 1 to {}, not {}", kMostDates, most);
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<http::Response> {
        const auto trigger = trigger_of(connection, request);
        if (!trigger) return tl::unexpected(trigger.error());
        const auto dates = dates_of(api, connection, *trigger);
        if (!dates) return tl::unexpected(dates.error());
        List out;
        for (const auto& date : schedule::preview(*dates->timetable, api.services.pool.clock().now(),
                                                  static_cast<std::size_t>(most), dates->render)) {
            out.push_back(date_on_wire(date));
        }
        return http::Response::json(Value{{"disabled", trigger->disabled}, {"dates", Value(std::move(out))}});
    });
}

/// What the statement names (code, text, since).
Value reason_on_wire(pg::Row row) {
    Map out;
    out.set("code", row.text());
    out.set("text", row.text());
    if (const auto since = row.maybe_timestamp()) out.set("since", to_iso(*since));
    return Value(std::move(out));
}

Value fire_on_wire(pg::Row row) {
    Map out;
    out.set("date", to_iso(row.timestamp()));
    out.set("fate", row.text());
    if (const auto reason = row.maybe_text()) out.set("reason", *reason);
    if (const auto execution = row.maybe_text()) out.set("executionId", *execution);
    if (const auto state = row.maybe_text()) out.set("executionState", *state);
    out.set("decidedAt", to_iso(row.timestamp()));
    if (const std::int64_t refused = row.integer(); refused > 0) out.set("refused", refused);
    if (const auto refused_at = row.maybe_timestamp()) out.set("refusedAt", to_iso(*refused_at));
    return Value(std::move(out));
}

Value fires_of(pg::Connection& connection, const store::TriggerId& id, const std::string& backfill) {
    List out;
    const flow::FlowId& flow = id.flow;
    for (pg::Row row :
         connection.run(sql::fires_of_trigger, flow.namespace_name, flow.id, id.id, kMostFires, backfill)) {
        out.push_back(fire_on_wire(row));
    }
    return Value(std::move(out));
}

Result<http::Response> explain(Api& api, const http::Request& request) {
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<http::Response> {
        const auto trigger = trigger_of(connection, request);
        if (!trigger) return tl::unexpected(trigger.error());
        const flow::FlowId& flow = trigger->id.flow;
        List reasons;
        for (pg::Row row : connection.run(sql::why_trigger, flow.namespace_name, flow.id, trigger->id.id)) {
            reasons.push_back(reason_on_wire(row));
        }
        Map out{{"trigger", Value(trigger_on_wire(*trigger))},
                {"reasons", Value(std::move(reasons))},
                {"fires", fires_of(connection, trigger->id, "")}};
        if (trigger->state.backfill) {
            out.set("backfillFires", fires_of(connection, trigger->id, trigger->state.backfill->name));
        }
        return http::Response::json(Value(std::move(out)));
    });
}

}  // namespace trigger_explain_routes

void add_trigger_explain_routes(http::Router& router, Api& api) {
    using namespace trigger_explain_routes;
    using http::Method;
    using http::Request;
    const std::string trigger = "/triggers/{namespace}/{flowId}/{triggerId}";
    route(router, Method::Get, trigger + "/preview", [&api](const Request& r) { return preview(api, r); },
          {"The next dates of a schedule, also those that a condition skips", {"count"}});
    route(router, Method::Get, trigger + "/explain", [&api](const Request& r) { return explain(api, r); },
          {"Why a trigger fires or does not, and what became of its latest dates"});
}

}  // namespace sluice::webserver
