// Who did what, and when.
#include "store/find_audit.h"
#include "webserver/api.h"
#include "webserver/search_request.h"

namespace sluice::webserver {
namespace audit_routes {

Value row_on_wire(const store::AuditRow& row) {
    Map out;
    out.set("id", std::to_string(row.seq));
    out.set("date", to_iso(row.at));
    out.set("user", row.actor);
    out.set("via", row.via);
    if (!row.remote.empty()) out.set("remote", row.remote);
    out.set("act", row.act);
    out.set("resource", row.resource);
    if (!row.name_space.empty()) out.set("namespace", row.name_space);
    out.set("subject", row.subject);
    if (!row.before.is_null()) out.set("before", row.before);
    if (!row.after.is_null()) out.set("after", row.after);
    return Value(std::move(out));
}

Result<http::Response> search(Api& api, const http::Request& request) {
    const auto wanted = search_of(request, api.services.pool.clock().now());
    if (!wanted) return tl::unexpected(wanted.error());
    const auto found = run_search(api.lists, request,
                                  [&](pg::Connection& connection) { return store::find_audit(connection, *wanted); });
    if (!found) return tl::unexpected(found.error());
    List results;
    for (const store::AuditRow& row : found->rows) results.push_back(row_on_wire(row));
    return paged(std::move(results), found->total, found->next_cursor);
}

}  // namespace audit_routes

void add_audit_routes(http::Router& router, Api& api) {
    using namespace audit_routes;
    route(router, http::Method::Get, "/auditlogs/search", [&api](const http::Request& r) { return search(api, r); },
          {"Who did what, newest first", kSearchParameters});
}

}  // namespace sluice::webserver
