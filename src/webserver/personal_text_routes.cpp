// Texts that the page keeps for whoever is logged in, so that they are there on his other machine, too: drafts of flows
// that he has not saved, and settings. What is in them is the page's business.
#include "sql/webserver.h"
#include "value/json.h"
#include "webserver/api.h"

namespace sluice::webserver {
namespace personal_text_routes {

using http::Request;

constexpr std::array kKinds{"drafts", "settings"};
constexpr std::size_t kLongestName = 300;
constexpr std::size_t kLongestText = 1024UL * 1024;

/// Whose, and which.
struct Place {
    std::string user{};
    std::string kind{};
    std::string name{};  // empty: all
};

Result<Place> place_of(const Request& request, std::string_view name) {
    Place out{.user = user_of(request), .kind = std::string(request.parameter("kind")), .name = std::string(name)};
    if (std::find(kKinds.begin(), kKinds.end(), out.kind) == kKinds.end())
        return not_found("Not Found: {} are kept for you, not '{}'", fmt::join(kKinds, " and "), out.kind);
    if (out.user.empty()) return conflict("Illegal state: nobody is asked who he is here, so nothing is kept for you");
    if (out.name.size() > kLongestName) return invalid("Illegal argument: a name has at most {} bytes", kLongestName);
    return out;
}

Result<http::Response> list(Api& api, const Request& request) {
    const auto place = place_of(request, "");
    if (!place) return tl::unexpected(place.error());
    List results;
    for (pg::Row row :
         api.services.pool.run(sql::personal_texts, place->user, place->kind, std::optional<std::string>{})) {
        const std::string name = row.text();
        results.push_back(Value{{"name", name}, {"updated", to_iso(row.timestamp())}});
    }
    const auto total = static_cast<std::int64_t>(results.size());
    return http::Response::json(Value{{"results", Value(std::move(results))}, {"total", total}});
}

Result<http::Response> read(Api& api, const Request& request) {
    const auto place = place_of(request, request.parameter("name"));
    if (!place) return tl::unexpected(place.error());
    for (pg::Row row :
         api.services.pool.run(sql::personal_texts, place->user, place->kind, std::optional(place->name))) {
        const std::string name = row.text();
        const std::string updated = to_iso(row.timestamp());
        return http::Response::json(Value{{"name", name}, {"updated", updated}, {"text", row.text()}});
    }
    return not_found("Not Found: of your {} none is called '{}'", place->kind, place->name);
}

/// {"text"}
Result<http::Response> keep(Api& api, const Request& request) {
    const auto place = place_of(request, request.parameter("name"));
    if (!place) return tl::unexpected(place.error());
    const auto body = parse_json(request.body);
    const std::string* text = body && body->is_map() ? (*body)["text"].if_string() : nullptr;
    if (text == nullptr) return invalid("Invalid json: expected {{\"text\"}}");
    if (text->size() > kLongestText) return invalid("Illegal argument: a text has at most {} bytes", kLongestText);
    api.services.pool.run(sql::put_personal_text, place->user, place->kind, place->name, *text);
    return http::Response::empty();
}

Result<http::Response> forget(Api& api, const Request& request) {
    const auto place = place_of(request, request.parameter("name"));
    if (!place) return tl::unexpected(place.error());
    if (api.services.pool.run(sql::delete_personal_text, place->user, place->kind, place->name).empty())
        return not_found("Not Found: of your {} none is called '{}'", place->kind, place->name);
    return http::Response::empty();
}

}  // namespace personal_text_routes

void add_personal_text_routes(http::Router& router, Api& api) {
    using namespace personal_text_routes;
    using http::Method;
    route(router, Method::Get, "/me/texts/{kind}", [&api](const Request& r) { return list(api, r); },
          {"What is kept for whoever asks: drafts, settings"});
    route(router, Method::Get, "/me/texts/{kind}/{name}", [&api](const Request& r) { return read(api, r); },
          {"One of these, with its text"});
    route(router, Method::Put, "/me/texts/{kind}/{name}", [&api](const Request& r) { return keep(api, r); },
          {"Keeps a text for whoever asks"});
    route(router, Method::Delete, "/me/texts/{kind}/{name}", [&api](const Request& r) { return forget(api, r); },
          {"Forgets it"});
}

}  // namespace sluice::webserver
