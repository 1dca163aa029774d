// What operators tell the cluster: maintenance mode, kill switches, announcements; and what the page shows of it.
#include <charconv>

#include "access/act.h"
#include "cluster/switches.h"
#include "store/executions.h"
#include "value/json.h"
#include "webserver/api.h"

namespace sluice::webserver {
namespace switch_routes {

using http::Request;

/// An object, or nothing at all.
Result<Value> body_of(const Request& request) {
    if (request.body.empty()) return Value(Map{});
    auto body = parse_json(request.body);
    if (!body || !body->is_map()) return invalid("Invalid json: expected an object");
    return std::move(*body);
}

/// 0: no number, and no id
std::int64_t id_of(const Request& request, std::string_view name) {
    const std::string_view text = request.parameter(name);
    std::int64_t id = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() ? id : 0;
}

http::Response listed(List results) {
    const auto total = static_cast<std::int64_t>(results.size());
    return http::Response::json(Value{{"results", Value(std::move(results))}, {"total", total}});
}

// ---------------------------------------------------------------------------------------------- maintenance

Value maintenance_on_wire(const std::optional<cluster::Maintenance>& mode) {
    if (!mode) return Value{{"active", false}};
    return Value{{"active", true},
                 {"reason", mode->reason},
                 {"by", mode->entered_by},
                 {"since", to_iso(mode->entered_at)},
                 {"running", mode->running}};
}

http::Response maintenance(Api& api) {
    return http::Response::json(maintenance_on_wire(
        api.services.pool.with_connection([](pg::Connection& c) { return cluster::maintenance(c); })));
}

Result<http::Response> enter(Api& api, const Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    api.services.pool.in_transaction(
        [&](pg::Transaction& tx) { cluster::enter_maintenance(tx, body->text("reason")); });
    return maintenance(api);
}

http::Response leave(Api& api) {
    api.services.pool.in_transaction([](pg::Transaction& tx) { cluster::exit_maintenance(tx); });
    return maintenance(api);
}

// ------------------------------------------------------------------------------------------- kill switches

Value switch_on_wire(const cluster::KillSwitch& one) {
    Map out;
    out.set("id", one.id);
    out.set("namespace", one.name_space);
    if (!one.flow_id.empty()) out.set("flowId", one.flow_id);
    if (!one.execution_id.empty()) out.set("executionId", one.execution_id);
    out.set("reason", one.reason);
    out.set("createdBy", one.created_by);
    out.set("createdAt", to_iso(one.created_at));
    return Value(std::move(out));
}

std::vector<cluster::KillSwitch> switches_for(Api& api, const Request& request) {
    auto all = api.services.pool.with_connection([](pg::Connection& c) { return cluster::kill_switches(c); });
    std::erase_if(all, [&](const cluster::KillSwitch& one) { return !may(request, one.name_space); });
    return all;
}

http::Response kill_switches(Api& api, const Request& request) {
    List results;
    for (const cluster::KillSwitch& one : switches_for(api, request)) results.push_back(switch_on_wire(one));
    return listed(std::move(results));
}

/// {"namespace", "flowId", "executionId", "reason"}
Result<http::Response> set_kill_switch(Api& api, const Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    cluster::KillSwitch wanted;
    wanted.name_space = body->text("namespace");
    wanted.flow_id = body->text("flowId");
    wanted.execution_id = body->text("executionId");
    wanted.reason = body->text("reason");
    if (!wanted.execution_id.empty()) {
        const auto execution = api.services.pool.with_connection(
            [&](pg::Connection& c) { return store::load_execution(c, ExecutionId{wanted.execution_id}); });
        if (!execution) return not_found("Not Found: execution {} does not exist", wanted.execution_id);
        wanted.name_space = execution->flow.namespace_name;
    }
    if (wanted.name_space.empty()) return invalid("expected a namespace, a flow with its namespace, or an execution");
    if (auto allowed = demand(request, wanted.name_space); !allowed) return tl::unexpected(allowed.error());
    const auto id = access::in_act(api.services.pool, [&](pg::Transaction& tx) -> Result<std::int64_t> {
        return cluster::set_kill_switch(tx, wanted);
    });
    if (!id) return tl::unexpected(id.error());
    return http::Response::json(Value{{"id", *id}});
}

Result<http::Response> lift_kill_switch(Api& api, const Request& request) {
    const std::int64_t id = id_of(request, "killSwitchId");
    const auto all = switches_for(api, request);
    const bool found = std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.id == id; });
    if (!found ||
        !api.services.pool.in_transaction([&](pg::Transaction& tx) { return cluster::lift_kill_switch(tx, id); }))
        return not_found("Not Found: there is no kill switch '{}'", request.parameter("killSwitchId"));
    return http::Response::empty();
}

// ------------------------------------------------------------------------------------------- announcements

Value announcement_on_wire(const cluster::Announcement& one) {
    Map out;
    out.set("id", one.id);
    out.set("message", one.message);
    out.set("level", one.level);
    if (one.starts_at) out.set("startsAt", to_iso(*one.starts_at));
    if (one.ends_at) out.set("endsAt", to_iso(*one.ends_at));
    out.set("createdBy", one.created_by);
    out.set("active", one.shown);
    return Value(std::move(out));
}

List announcements_on_wire(Api& api, bool all) {
    List out;
    for (const cluster::Announcement& one :
         api.services.pool.with_connection([&](pg::Connection& c) { return cluster::announcements(c, all); }))
        out.push_back(announcement_on_wire(one));
    return out;
}

Result<std::optional<Timestamp>> time_in(const Value& body, const char* name) {
    const std::string text = body.text(name);
    if (text.empty()) return std::nullopt;
    const auto at = parse_iso(text);
    if (!at) return invalid("Invalid format: {}: {}", name, at.error().message);
    return std::optional(*at);
}

Result<void> check(const cluster::Announcement& wanted, Timestamp now) {
    constexpr std::size_t kLongest = 2000;
    constexpr std::string_view kLevels[] = {"INFO", "WARNING", "ERROR"};
    if (wanted.message.empty() || wanted.message.size() > kLongest)
        return invalid("message: expected a text of at most {} bytes", kLongest);
    if (std::find(std::begin(kLevels), std::end(kLevels), wanted.level) == std::end(kLevels))
        return invalid("level: expected INFO, WARNING or ERROR, found '{}'", wanted.level);
    if (wanted.ends_at && *wanted.ends_at <= wanted.starts_at.value_or(now))
        return invalid("endsAt: expected a time after the beginning, found {}", to_iso(*wanted.ends_at));
    return {};
}

/// {"message", "level", "startsAt", "endsAt"}
Result<http::Response> announce(Api& api, const Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    cluster::Announcement wanted;
    wanted.message = body->text("message");
    if (const std::string level = body->text("level"); !level.empty()) wanted.level = level;
    const auto starts = time_in(*body, "startsAt");
    if (!starts) return tl::unexpected(starts.error());
    const auto ends = time_in(*body, "endsAt");
    if (!ends) return tl::unexpected(ends.error());
    wanted.starts_at = *starts;
    wanted.ends_at = *ends;
    if (auto fits = check(wanted, api.services.pool.clock().now()); !fits) return tl::unexpected(fits.error());
    const auto id = access::in_act(
        api.services.pool, [&](pg::Transaction& tx) -> Result<std::int64_t> { return cluster::announce(tx, wanted); });
    if (!id) return tl::unexpected(id.error());
    return http::Response::json(Value{{"id", *id}});
}

Result<http::Response> drop_announcement(Api& api, const Request& request) {
    const std::int64_t id = id_of(request, "announcementId");
    if (!api.services.pool.in_transaction([&](pg::Transaction& tx) { return cluster::drop_announcement(tx, id); }))
        return not_found("Not Found: there is no announcement '{}'", request.parameter("announcementId"));
    return http::Response::empty();
}

/// What everybody who sees the page is told; it is asked for now and then by each open page.
http::Response notices(Api& api) {
    const auto mode = api.services.pool.with_connection([](pg::Connection& c) { return cluster::maintenance(c); });
    return http::Response::json(
        Value{{"maintenance", maintenance_on_wire(mode)}, {"announcements", Value(announcements_on_wire(api, false))}});
}

}  // namespace switch_routes

void add_switch_routes(http::Router& router, Api& api) {
    using namespace switch_routes;
    using http::Method;
    route(router, Method::Get, "/instance/maintenance", [&api](const Request&) { return maintenance(api); },
          {"Whether the cluster takes no new work"});
    route(router, Method::Post, "/instance/maintenance/enter", [&api](const Request& r) { return enter(api, r); },
          {"Maintenance mode: nothing new begins, what runs goes on"});
    route(router, Method::Post, "/instance/maintenance/exit", [&api](const Request&) { return leave(api); },
          {"The cluster takes work again"});
    route(router, Method::Get, "/notices", [&api](const Request&) { return notices(api); },
          {"What the page tells everybody"});
    route(router, Method::Get, "/announcements",
          [&api](const Request&) { return listed(announcements_on_wire(api, true)); }, {"All announcements"});
    route(router, Method::Post, "/announcements", [&api](const Request& r) { return announce(api, r); },
          {"Tells everybody something"});
    route(router, Method::Delete, "/announcements/{announcementId}",
          [&api](const Request& r) { return drop_announcement(api, r); }, {"Takes an announcement away"});
    route(router, Method::Get, "/killswitches", [&api](const Request& r) { return kill_switches(api, r); },
          {"What must not run"});
    route(router, Method::Post, "/killswitches", [&api](const Request& r) { return set_kill_switch(api, r); },
          {"Kills what runs, and what begins, of an execution, a flow or a namespace"});
    route(router, Method::Delete, "/killswitches/{killSwitchId}",
          [&api](const Request& r) { return lift_kill_switch(api, r); }, {"Lets it run again"});
}

}  // namespace sluice::webserver
