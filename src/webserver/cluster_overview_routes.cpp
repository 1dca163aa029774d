// How the cluster is: queues, leaders, what workers do, what is overdue, and what the doctor says.
#include "sql/webserver.h"
#include "webserver/api.h"
#include "webserver/parameters.h"

namespace sluice::webserver {
namespace cluster_overview_routes {

constexpr std::int64_t kMostRows = 200;

void set_text(Map& map, const char* key, const std::optional<std::string>& text) {
    if (text && !text->empty()) map.set(key, *text);
}

Value queue_on_wire(pg::Row row) {
    Map out;
    out.set("queue", row.text());
    set_text(out, "workerGroup", row.maybe_text());
    out.set("depth", row.integer());
    if (const auto oldest = row.maybe_number()) out.set("oldestSeconds", *oldest);
    return Value(std::move(out));
}

Value leader_on_wire(pg::Row row) {
    Map out;
    out.set("role", row.text());
    out.set("serviceId", row.text());
    out.set("epoch", row.integer());
    out.set("since", to_iso(row.timestamp()));
    set_text(out, "host", row.maybe_text());
    out.set("alive", row.boolean());
    return Value(std::move(out));
}

/// Which task run, and under which claim of which worker. Those of executions that were deleted have no names any more.
Map claim_key(pg::Row& row) {
    Map out;
    out.set("taskRunId", row.text());
    out.set("executionId", row.text());
    set_text(out, "namespace", row.maybe_text());
    set_text(out, "flowId", row.maybe_text());
    set_text(out, "taskId", row.maybe_text());
    out.set("epoch", row.integer());
    out.set("workerId", row.text());
    return out;
}

Value claim_on_wire(pg::Row row) {
    Map out = claim_key(row);
    set_text(out, "host", row.maybe_text());
    set_text(out, "workerGroup", row.maybe_text());
    out.set("claimedAt", to_iso(row.timestamp()));
    out.set("cancelled", row.boolean());
    out.set("workerIsAlive", row.boolean());
    return Value(std::move(out));
}

Value refused_on_wire(pg::Row row) {
    Map out = claim_key(row);
    out.set("state", row.text());
    out.set("refusedAt", to_iso(row.timestamp()));
    return Value(std::move(out));
}

Value overdue_on_wire(pg::Row row) {
    Map out;
    out.set("namespace", row.text());
    out.set("flowId", row.text());
    out.set("triggerId", row.text());
    out.set("dueAt", to_iso(row.timestamp()));
    return Value(std::move(out));
}

Value stuck_on_wire(pg::Row row) {
    Map out;
    out.set("what", row.text());
    set_text(out, "id", row.maybe_text());
    out.set("why", row.text());
    out.set("since", to_iso(row.timestamp()));
    return Value(std::move(out));
}

Value repair_on_wire(pg::Row row) {
    Map out;
    out.set("invariant", row.text());
    out.set("repaired", row.integer());
    if (const auto at = row.maybe_timestamp()) out.set("repairedAt", to_iso(*at));
    set_text(out, "lastId", row.maybe_text());
    return Value(std::move(out));
}

Value doctor_on_wire(pg::Row row) {
    Map out;
    out.set("check", row.text());
    out.set("severity", row.text());
    out.set("finding", row.text());
    set_text(out, "remedy", row.maybe_text());
    return Value(std::move(out));
}

Value group_on_wire(pg::Row row) {
    Map out;
    out.set("workerGroup", row.text());
    out.set("workers", row.integer());
    out.set("slots", row.integer());
    const auto hosts = row.texts();
    out.set("hosts", Value(List(hosts.begin(), hosts.end())));
    out.set("running", row.integer());
    out.set("waiting", row.integer());
    if (const auto oldest = row.maybe_number()) out.set("oldestSeconds", *oldest);
    out.set("stranded", row.boolean());
    return Value(std::move(out));
}

template <class... Args>
Value rows(pg::Connection& connection, const pg::Statement& statement, Value (*on_wire)(pg::Row), const Args&... args) {
    List out;
    for (pg::Row row : connection.run(statement, args...)) out.push_back(on_wire(row));
    return Value(std::move(out));
}

http::Response overview(Api& api) {
    return http::Response::json(api.services.pool.with_connection([](pg::Connection& connection) {
        return Value{{"queues", rows(connection, sql::cluster_queues, queue_on_wire)},
                     {"leaders", rows(connection, sql::cluster_leaders, leader_on_wire)},
                     {"overdue", rows(connection, sql::overdue_triggers, overdue_on_wire, kMostRows)},
                     {"stuck", rows(connection, sql::stuck, stuck_on_wire, kMostRows)},
                     {"repairs", rows(connection, sql::cluster_repairs, repair_on_wire)},
                     {"refused", connection.run(sql::count_refused)[0].integer()}};
    }));
}

http::Response doctor(Api& api) {
    return http::Response::json(api.services.pool.with_connection([](pg::Connection& connection) {
        return Value{{"findings", rows(connection, sql::doctor_findings, doctor_on_wire)}};
    }));
}

http::Response worker_groups(Api& api) {
    return http::Response::json(api.services.pool.with_connection([](pg::Connection& connection) {
        return Value{{"results", rows(connection, sql::worker_groups, group_on_wire)}};
    }));
}

/// The oldest first, from the one after `cursor`.
Result<http::Response> claims(Api& api, const http::Request& request) {
    const std::string cursor = text_parameter(request, "cursor");
    const auto after = date_parameter(request, "after");
    if (!after) return tl::unexpected(after.error());
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<http::Response> {
        const pg::Rows found = connection.run(sql::cluster_claims, *after, cursor, kMostRows);
        List results;
        for (pg::Row row : found) results.push_back(claim_on_wire(row));
        Map out;
        const bool more = results.size() == static_cast<std::size_t>(kMostRows);
        if (more) {
            out.set("nextAfter", results.back().text("claimedAt"));
            out.set("nextCursor", results.back().text("taskRunId"));
        }
        out.set("results", Value(std::move(results)));
        return http::Response::json(Value(std::move(out)));
    });
}

/// The newest first, those below the id `before`.
Result<http::Response> refused(Api& api, const http::Request& request) {
    const auto before = integer_parameter(request, "before");
    if (!before) return tl::unexpected(before.error());
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<http::Response> {
        List results;
        std::int64_t last = 0;
        for (pg::Row row : connection.run(sql::refused_results, *before, kMostRows)) {
            last = row.integer();
            results.push_back(refused_on_wire(row));
        }
        Map out;
        if (results.size() == static_cast<std::size_t>(kMostRows)) out.set("nextBefore", last);
        out.set("results", Value(std::move(results)));
        return http::Response::json(Value(std::move(out)));
    });
}

// What a management port tells elsewhere; here of all processes, whichever is asked.

Value running_on_wire(pg::Row row) {
    Map out = claim_key(row);
    out.set("id", out["taskRunId"]);
    const auto host = row.maybe_text();
    const auto worker_group = row.maybe_text();
    out.set("state", Value{{"current", "RUNNING"}, {"startDate", to_iso(row.timestamp())}});
    set_text(out, "host", host);
    set_text(out, "workerGroup", worker_group);
    return Value{{"taskRun", Value(std::move(out))}};
}

Map trigger_key(pg::Row& row) {
    Map out;
    for (const char* name : {"namespace", "flowId", "triggerId"}) out.set(name, row.text());
    return out;
}

Value evaluating_on_wire(pg::Row row) {
    Map out = trigger_key(row);
    set_text(out, "workerId", row.maybe_text());
    out.set("evaluateRunningDate", to_iso(row.timestamp()));
    return Value(std::move(out));
}

Value scheduled_on_wire(pg::Row row) {
    Map out = trigger_key(row);
    out.set("next", to_iso(row.timestamp()));
    return Value(std::move(out));
}

http::Response running(Api& api) {
    return http::Response::json(api.services.pool.with_connection([](pg::Connection& connection) {
        const std::optional<Timestamp> from_the_first;
        return Value{
            {"runningCount", connection.run(sql::count_claims)[0].integer()},
            {"runnings", rows(connection, sql::cluster_claims, running_on_wire, from_the_first, "", kMostRows)},
            {"evaluating", rows(connection, sql::evaluating_triggers, evaluating_on_wire, kMostRows)}};
    }));
}

http::Response scheduled(Api& api) {
    return http::Response::json(api.services.pool.with_connection([](pg::Connection& connection) {
        const std::optional<std::string> all;
        return Value{{"schedulableCount", connection.run(sql::count_scheduled)[0].integer()},
                     {"schedulable", rows(connection, sql::board_next, scheduled_on_wire, all, all, kMostRows)}};
    }));
}

}  // namespace cluster_overview_routes

void add_cluster_overview_routes(http::Router& router, Api& api) {
    using namespace cluster_overview_routes;
    using http::Method;
    using http::Request;
    route(router, Method::Get, "/cluster/overview", [&api](const Request&) { return overview(api); },
          {"Queues, leaders, overdue schedules and what else does not go on by itself"});
    route(router, Method::Get, "/cluster/doctor", [&api](const Request&) { return doctor(api); },
          {"What is wrong with the database or the cluster, and what mends it"});
    route(router, Method::Get, "/cluster/worker-groups", [&api](const Request&) { return worker_groups(api); },
          {"Worker groups: live workers, what they do, and what waits for them"});
    route(router, Method::Get, "/cluster/claims", [&api](const Request& r) { return claims(api, r); },
          {"What workers are doing, the oldest first", {"after", "cursor"}});
    route(router, Method::Get, "/cluster/refused", [&api](const Request& r) { return refused(api, r); },
          {"Results of workers that had lost their claims, the newest first", {"before"}});
    router.get("/worker", [&api](const Request&) { return running(api); })
        .describe("Task runs and triggers that workers have at this moment");
    router.get("/scheduler", [&api](const Request&) { return scheduled(api); }).describe("The next dates of schedules");
}

}  // namespace sluice::webserver
