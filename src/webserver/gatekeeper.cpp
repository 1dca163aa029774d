#include "webserver/gatekeeper.h"

#include "sql/webserver.h"
#include "webserver/error_body.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"

namespace sluice::webserver {
namespace gatekeeper {

constexpr std::size_t kMostRemembered = 20'000;

bool changes_something(http::Method method) {
    return method != http::Method::Get && method != http::Method::Head && method != http::Method::Options;
}

bool logs_in_or_out(const http::Request& request) {
    return request.pattern.ends_with("/login") || request.pattern.ends_with("/logout");
}

tl::unexpected<Error> forbidden(access::Capability what, std::string_view where) {
    return refuse(ErrorCode::Forbidden, "{} is needed{}; ask an administrator for a role that has it",
                  access::to_text(what), where.empty() ? "" : fmt::format(" in {}", where));
}

http::Response refusal(const http::Request& request, const Error& error) {
    if (error.kind == "too many") {
        auto response = error_body(&request, error, http::Status::TooManyRequests);
        response.set("Retry-After", "5");
        return response;
    }
    if (error.code == ErrorCode::Forbidden) return error_body(&request, error, http::Status::Forbidden);
    if (error.code == ErrorCode::NotFound) return error_body(&request, error, http::Status::NotFound);
    auto response = error_body(&request, error, http::Status::Unauthorized);
    // A browser's script handles this by itself; the browser's own dialog would be in its way.
    const bool script = request.header("X-Requested-With").has_value() || request.header("Sec-Fetch-Mode").has_value();
    if (!script) response.set("WWW-Authenticate", "Basic realm=\"Sluice\"");
    return response;
}

std::string_view host_of(std::string_view url) {
    const auto at = url.find("://");
    if (at != std::string_view::npos) url.remove_prefix(at + 3);
    return url.substr(0, url.find('/'));
}

std::optional<std::string> only_namespace(const access::Grants& grants, access::Capability what) {
    const access::Scope scope = grants.scope_of(what);
    if (scope.everywhere || scope.namespaces.size() != 1) return {};
    return scope.namespaces.front();
}

const Visitor* visitor_if_any(const http::Request& request) {
    return std::any_cast<Visitor>(&request.context);
}

}  // namespace gatekeeper

using namespace gatekeeper;

/// What a browser sends by itself, cookies and remembered passwords, must not act for another site's page. Programs
/// that are no browsers send neither header.
Result<void> Gatekeeper::hold_origin(const http::Request& request, const access::Identity& identity) const {
    if (!changes_something(request.method) || identity.by == access::Identity::By::Token) return {};
    const std::string_view site = request.header("Sec-Fetch-Site").value_or("none");
    const std::string_view origin = request.header("Origin").value_or("");
    const bool same_site = site == "none" || site == "same-origin";
    const bool same_origin = origin.empty() || host_of(origin) == request.header("Host").value_or("") ||
                             (!public_url_.empty() && host_of(origin) == host_of(public_url_));
    if (same_site && same_origin) return {};
    return refuse(ErrorCode::Forbidden, "a page of another site ({}) asked for this in your name", origin);
}

Result<access::Identity> Gatekeeper::identity_of(const http::Request& request, const AccessRule& rule) {
    if (!authenticator_.enabled() || rule.where == Where::Open) return access::Authenticator::of_anybody();
    if (const auto header = request.header("Authorization"))
        return authenticator_.of_header(*header, proxies_.client_of(request));
    if (const auto cookie = request.cookie(access::Authenticator::kCookie))
        return authenticator_.of_session(std::string(*cookie));
    return refuse(ErrorCode::Unauthorized, "credentials are needed");
}

std::optional<std::string> Gatekeeper::namespace_of(const std::string& execution_id) {
    const auto known = namespaces_.with([&](const auto& all) -> std::optional<std::string> {
        const auto found = all.find(execution_id);
        return found != all.end() ? std::optional(found->second) : std::nullopt;
    });
    if (known) return known;
    const pg::Rows rows = pool_.run(sql::execution_namespace, execution_id);
    if (rows.empty()) return {};
    std::string name = rows[0].text();
    namespaces_.with([&](auto& all) {
        if (all.size() >= kMostRemembered) all.clear();
        all[execution_id] = name;
    });
    return name;
}

Result<void> Gatekeeper::hold_rule(http::Request& request, const AccessRule& rule, Visitor& visitor) {
    const access::Grants& grants = *visitor.identity.grants;
    const auto in = [&](std::string_view name) -> Result<void> {
        if (grants.allow(rule.what, name)) return {};
        return forbidden(rule.what, name);
    };
    const auto somewhere = [&]() -> Result<void> {
        if (grants.allow_somewhere(rule.what)) return {};
        return forbidden(rule.what, "");
    };
    switch (rule.where) {
        case Where::Open:
        case Where::LoggedIn:
            return {};
        case Where::Somewhere:
        case Where::Inside:
            return somewhere();
        case Where::Everywhere:
            return grants.allow_everywhere(rule.what) ? Result<void>() : forbidden(rule.what, "all namespaces");
        case Where::InPath:
            return in(request.parameter("namespace"));
        case Where::InQuery:
            if (const auto only = only_namespace(grants, rule.what);
                only && text_parameter(request, "namespace").empty())
                request.query.add("namespace", *only);
            return in(text_parameter(request, "namespace"));
        case Where::Listed:
            if (auto scope = grants.scope_of(rule.what); !scope.everywhere) visitor.narrowed_to = std::move(scope);
            return somewhere();
        case Where::OfExecution:
            break;
    }
    if (grants.allow_everywhere(rule.what)) return {};
    const auto given = request.find_parameter("executionId");
    const std::string id(given ? *given : request.parameter("id"));
    // POST /executions/{namespace}/restart starts a flow that is called "restart".
    if (!looks_like_id(id)) return in(id);
    if (const auto name = namespace_of(id)) return in(*name);
    if (auto allowed = somewhere(); !allowed) return allowed;
    return not_found("Not Found: execution {} does not exist", id);  // what is left of it, logs, may be somebody else's
}

/// The page's files, health and metrics cost little, and whoever asks for these must get them.
std::optional<http::Response> Gatekeeper::hold_rate(const http::Request& request, const Visitor& visitor) {
    if (!request.path.starts_with("/api/")) return {};
    const bool known = !visitor.user.empty() && visitor.identity.by != access::Identity::By::Nobody;
    const auto wait =
        limiter_.take(known ? "user " + visitor.user : "address " + visitor.remote, std::chrono::steady_clock::now());
    if (wait == 0s) return {};
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    auto response = error_body(&request,
                               Error{ErrorCode::Unavailable,
                                     fmt::format("more than {} requests a second; try again in {} s (http.rate-limit)",
                                                 limiter_.rate(), seconds),
                                     {},
                                     {},
                                     ""},
                               http::Status::TooManyRequests);
    response.set("Retry-After", std::to_string(seconds));
    return response;
}

std::optional<http::Response> Gatekeeper::check(http::Request& request) {
    const AccessRule* rule = rules_->find(request.method, request.pattern);
    ensure(rule != nullptr, "{} has no rule", request.pattern);
    Visitor visitor{.execution_id = ExecutionId{time_ordered_id(pool_.clock().now())},
                    .what = rule->what,
                    .only_asks = rule->where != Where::LoggedIn && rule->what.action == access::Action::Read};
    visitor.remote = proxies_.client_of(request);
    auto identity = identity_of(request, *rule);
    if (!identity) {
        if (auto refused = hold_rate(request, visitor)) return refused;
        return refusal(request, identity.error());
    }
    visitor.identity = std::move(*identity);
    visitor.user = visitor.identity.user;
    visitor.over_tls = request.over_tls || proxies_.is_secure(request);
    if (auto refused = hold_rate(request, visitor)) return refused;
    // Of what is open, webhooks may come from anywhere; log-ins must not: another site's page would log its reader in
    // as somebody else, or out.
    const bool from_anywhere = rule->where == Where::Open && !logs_in_or_out(request);
    if (auto same = hold_origin(request, visitor.identity); !same && !from_anywhere)
        return refusal(request, same.error());
    if (auto held = hold_rule(request, *rule, visitor); !held) return refusal(request, held.error());
    request.context = std::move(visitor);
    return {};
}

std::optional<std::string> Gatekeeper::rights_now(http::Request request) {
    const AccessRule* rule = rules_->find(request.method, request.pattern);
    ensure(rule != nullptr, "{} has no rule", request.pattern);
    auto identity = identity_of(request, *rule);
    if (!identity) return {};
    Visitor visitor{.identity = std::move(*identity)};
    if (!hold_rule(request, *rule, visitor)) return {};
    return rights_of(visitor.identity);
}

std::string rights_of(const access::Identity& identity) {
    std::string out = identity.user;
    for (const access::Grants::Grant& grant : identity.grants->all())
        out += fmt::format("\n{}: {}", grant.name_space, fmt::join(grant.what.texts(), " "));
    return out;
}

/// "KILL" of POST /executions/{id}/kill and of DELETE /executions/kill/by-ids
std::string act_of(const http::Request& request) {
    std::string word;
    std::string_view rest = request.pattern;
    while (!rest.empty()) {
        const auto slash = rest.rfind('/');
        const std::string_view piece = rest.substr(slash + 1);
        rest = rest.substr(0, slash);
        if (piece.starts_with('{') || piece.starts_with("by-")) continue;
        word = piece;
        break;
    }
    if (word == "executions") word = to_text(request.method);
    for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return word;
}

pg::Actor actor_of(const http::Request& request) {
    const Visitor& visitor = visitor_of(request);
    const bool page = visitor.identity.by == access::Identity::By::Session;
    return {visitor.user.empty() ? "anonymous" : visitor.user, page ? "PAGE" : "API", visitor.remote, act_of(request)};
}

void Gatekeeper::say_actor(const http::Request& request) {
    if (changes_something(request.method) && visitor_if_any(request) != nullptr)
        pg::set_actor(actor_of(request));
    else
        pg::set_actor({});
}

const Visitor& visitor_of(const http::Request& request) {
    const Visitor* visitor = visitor_if_any(request);
    ensure(visitor != nullptr, "{} was let in without having been looked at", request.pattern);
    return *visitor;
}

const std::string& user_of(const http::Request& request) {
    return visitor_of(request).user;
}

bool may(const http::Request& request, access::Capability what, std::string_view name_space) {
    return visitor_of(request).identity.grants->allow(what, name_space);
}

bool may(const http::Request& request, std::string_view name_space) {
    return may(request, visitor_of(request).what, name_space);
}

Result<void> demand(const http::Request& request, access::Capability what, std::string_view name_space) {
    if (may(request, what, name_space)) return {};
    return forbidden(what, name_space.empty() ? "all namespaces" : name_space);
}

Result<void> demand(const http::Request& request, std::string_view name_space) {
    return demand(request, visitor_of(request).what, name_space);
}

Result<std::optional<std::string>> narrowed(const http::Request& request, std::optional<std::string> name_space) {
    if (!name_space) {
        name_space = only_namespace(*visitor_of(request).identity.grants, visitor_of(request).what);
    }
    if (auto allowed = demand(request, name_space.value_or("")); !allowed) return tl::unexpected(allowed.error());
    return name_space;
}

void narrow(const http::Request& request, std::vector<store::Filter>& filters) {
    const Visitor* visitor = visitor_if_any(request);
    if (visitor == nullptr || !visitor->narrowed_to) return;
    filters.push_back({"namespace", store::Operation::Prefix, "", visitor->narrowed_to->namespaces});
}

}  // namespace sluice::webserver
