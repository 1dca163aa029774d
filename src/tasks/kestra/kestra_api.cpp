#include "tasks/kestra/kestra_api.h"

#include "base/utf8.h"
#include "net/client.h"
#include "plugin/fields.h"
#include "value/json.h"

namespace sluice::tasks {
namespace kestra_api {

constexpr std::size_t kShownBytes = 500;

Result<net::Auth> auth_of(const Value& auth) {
    std::string token, user, password;
    bool automatic = true;
    plugin::Fields fields(auth, "auth");
    fields.take("apiToken", token).take("username", user).take("password", password).take("auto", automatic);
    if (const auto read = fields.done(); !read) return tl::unexpected(read.error());
    if (!token.empty() && !(user.empty() && password.empty())) {
        return invalid("property 'auth': give apiToken, or username and password, not both");
    }
    if (!token.empty()) return net::BearerAuth{token};
    if (user.empty() != password.empty()) return invalid("property 'auth': username and password are both needed");
    if (!user.empty()) return net::BasicAuth{user, password};
    return net::Auth{};
}

Error refusal(const net::Response& response) {
    const auto body = parse_json(response.body);
    std::string said = body ? body->text("message") : "";
    if (said.empty()) said = repaired_utf8(std::string(utf8_prefix(response.body, kShownBytes)));
    if (response.code == 401) {
        return {ErrorCode::Unauthorized,
                "the server asks who it is (status 401): give auth.username and auth.password, or plugin defaults for "
                "io.kestra.plugin.kestra"};
    }
    const ErrorCode code = response.code == 404   ? ErrorCode::NotFound
                           : response.code == 409 ? ErrorCode::Conflict
                           : response.code < 500  ? ErrorCode::Invalid
                                                  : ErrorCode::Unavailable;
    return {code, fmt::format("the server answered with status {}{}{}", response.code, said.empty() ? "" : ": ", said)};
}

}  // namespace kestra_api

Result<KestraApi> KestraApi::of(const KestraProperties& want, plugin::TaskContext& context) {
    std::string url = want.kestra_url.empty() ? context.variables()["kestra"].text("url") : want.kestra_url;
    while (url.ends_with('/')) url.pop_back();
    if (url.empty()) return invalid("property 'kestraUrl': this server has no address of its own (http.url), give one");
    auto auth = kestra_api::auth_of(want.auth);
    if (!auth) return tl::unexpected(auth.error());
    return KestraApi(fmt::format("{}/api/v1/{}", url, in_path(want.tenant_id)), std::move(*auth), context);
}

Result<net::Response> KestraApi::send(const std::string& method, const std::string& path, const net::Pairs& query,
                                      net::Body body, const std::string& content_type) {
    net::Request request;
    request.method = method;
    request.url = net::with_query(base_ + path, query);
    if (std::holds_alternative<std::string>(body)) request.headers.add("Content-Type", content_type);
    request.body = std::move(body);
    request.options.auth = auth_;
    auto response = context_->http().send(request, context_->stop_token());
    if (response && response->code >= 400) return tl::unexpected(kestra_api::refusal(*response));
    return response;
}

Result<Value> KestraApi::json(const std::string& method, const std::string& path, const net::Pairs& query,
                              net::Body body) {
    const auto response = send(method, path, query, std::move(body));
    if (!response) return tl::unexpected(response.error());
    auto answer = parse_json(response->body);
    if (!answer) return refuse(ErrorCode::Unavailable, "the server's answer is no JSON: {}", answer.error().message);
    return answer;
}

Result<std::int64_t> KestraApi::search(const std::string& path, const net::Pairs& query, const KestraProperties& want,
                                       const std::function<void(const Value& row)>& take) {
    if (want.size < 1) return invalid("property 'size': expected 1 or more");
    std::int64_t total = 0;
    for (std::int64_t page = want.page.value_or(1);; ++page) {
        net::Pairs all = query;
        all.emplace_back("page", std::to_string(page));
        all.emplace_back("size", std::to_string(want.size));
        const auto answer = json("GET", path, all);
        if (!answer) return tl::unexpected(answer.error());
        total = (*answer)["total"].if_integer().value_or(0);
        const Value results = (*answer)["results"];
        const List none;
        const List& rows = results.is_list() ? results.as_list() : none;
        for (const Value& row : rows) take(row);
        if (want.page || rows.empty() || page * want.size >= total) return total;
    }
}

void declare_api(plugin::TaskTypeMaker<KestraProperties>& type) {
    using flow::Shape;
    type.property("kestraUrl", &KestraProperties::kestra_url, "Of the server; default: this one")
        .property("auth", &KestraProperties::auth, "Credentials")
        .fields({{.name = "apiToken", .shape = Shape::Text, .description = "Token"},
                 {.name = "username", .shape = Shape::Text, .description = "User"},
                 {.name = "password", .shape = Shape::Text, .description = "Password"},
                 {.name = "auto", .shape = Shape::Boolean, .description = "Has no effect", .deprecated = true}})
        .property("tenantId", &KestraProperties::tenant_id, "Tenant");
}

void add_filter(net::Pairs& query, const std::string& field, const std::string& operation, const std::string& value) {
    if (!value.empty()) query.emplace_back(fmt::format("filters[{}][{}]", field, operation), value);
}

std::string in_path(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || c == '.' || c == '~';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace sluice::tasks
