#include "tasks/core/http/http_properties.h"

#include "base/trace.h"
#include "base/utf8.h"
#include "expr/aes_gcm.h"
#include "plugin/fields.h"
#include "tasks/core/http/http_body.h"
#include "value/json.h"

namespace sluice::tasks {
namespace {

constexpr std::size_t kShownBodyBytes = 1000;

flow::Property text(const char* name, const char* description, bool outdated = false) {
    return {.name = name, .shape = flow::Shape::Text, .description = description, .deprecated = outdated};
}
flow::Property word(const char* name, const char* description, std::vector<std::string> values, bool outdated = false) {
    return {.name = name,
            .shape = flow::Shape::Enum,
            .description = description,
            .deprecated = outdated,
            .values = std::move(values)};
}
flow::Property other(const char* name, flow::Shape shape, const char* description, bool outdated = false) {
    return {.name = name, .shape = shape, .description = description, .deprecated = outdated};
}
flow::Property object(const char* name, const char* description, std::vector<flow::Property> fields) {
    return {.name = name, .shape = flow::Shape::Object, .description = description, .fields = std::move(fields)};
}

std::vector<flow::Property> option_fields() {
    using flow::Shape;
    const std::vector<std::string> proxy_types{"DIRECT", "HTTP", "SOCKS"};
    return {
        object("timeout", "How long to wait",
               {other("connectTimeout", Shape::Duration, "For a connection; default PT30S"),
                other("readIdleTimeout", Shape::Duration, "Without a byte in either direction; default PT5M")}),
        object("proxy", "Default: none, whatever the environment says",
               {word("type", "Kind of proxy", proxy_types), text("address", "Host"),
                other("port", Shape::Integer, "Port"), text("username", "Name"), text("password", "Password")}),
        object("auth", "Credentials; not sent to other hosts after a redirect",
               {word("type", "Kind of credentials", {"BASIC", "BEARER", "DIGEST"}), text("username", "Name"),
                text("password", "Password"), text("token", "Token (BEARER)")}),
        object("ssl", "TLS",
               {other("insecureTrustAllCertificates", Shape::Boolean, "Accept any certificate"),
                text("ca", "Certificates to trust, as PEM text; default: the system's"),
                text("clientCertificate", "Certificate to show, as PEM text"),
                text("clientKey", "Its private key, as PEM text; default: it stands beside the certificate"),
                text("clientKeyPassword", "Of the private key")}),
        other("followRedirects", Shape::Boolean, "Default: true"),
        other("allowFailed", Shape::Boolean, "Status 400 and above is no failure"),
        {.name = "allowedResponseCodes",
         .shape = Shape::List,
         .description = "Status codes from 400 that are no failure",
         .items = {{.shape = Shape::Integer}}},
        text("defaultCharset", "Of answers that say none; default UTF-8"),
        other("maxContentLength", Shape::Integer, "Longest body in bytes; default 10 MiB"),
        {.name = "logs",
         .shape = Shape::List,
         .description = "What goes to the log",
         .items = {word("", "", {"REQUEST_HEADERS", "REQUEST_BODY", "RESPONSE_HEADERS", "RESPONSE_BODY"})}},
        other("connectTimeout", Shape::Duration, "Now timeout.connectTimeout", true),
        other("readTimeout", Shape::Duration, "Now timeout.readIdleTimeout", true),
        other("readIdleTimeout", Shape::Duration, "Now timeout.readIdleTimeout", true),
        other("connectionPoolIdleTimeout", Shape::Duration, "Has no effect", true),
        word("proxyType", "Now proxy.type", proxy_types, true),
        text("proxyAddress", "Now proxy.address", true),
        other("proxyPort", Shape::Integer, "Now proxy.port", true),
        text("proxyUsername", "Now proxy.username", true),
        text("proxyPassword", "Now proxy.password", true),
        text("basicAuthUser", "Now auth", true),
        text("basicAuthPassword", "Now auth", true),
        text("logLevel", "Now logs", true),
    };
}

Result<net::Auth> auth_of(const Value& options) {
    std::string type, user, password, token;
    plugin::Fields old(options, "options");
    old.take("basicAuthUser", user).take("basicAuthPassword", password);
    if (!user.empty() || !password.empty()) type = "BASIC";
    plugin::Fields auth(options["auth"], "options.auth");
    auth.take("type", type).take("username", user).take("password", password).take("token", token);
    if (const auto read = auth.done(); !read) return tl::unexpected(read.error());
    if (type == "BASIC") return net::BasicAuth{user, password};
    if (type == "DIGEST") return net::DigestAuth{user, password};
    if (type == "BEARER") return net::BearerAuth{token};
    if (!type.empty()) return invalid("property 'options.auth.type': '{}' is not one of BASIC, BEARER, DIGEST", type);
    if (!user.empty() || !token.empty()) {
        return invalid("property 'options.auth': a type is needed, one of BASIC, BEARER, DIGEST");
    }
    return net::Auth{};
}

Result<std::optional<net::Proxy>> proxy_of(const Value& options) {
    std::string type;
    std::int64_t port = 0;
    net::Proxy proxy;
    plugin::Fields old(options, "options");
    old.take("proxyType", type).take("proxyAddress", proxy.host).take("proxyPort", port);
    old.take("proxyUsername", proxy.user).take("proxyPassword", proxy.password);
    plugin::Fields now(options["proxy"], "options.proxy");
    now.take("type", type).take("address", proxy.host).take("port", port);
    now.take("username", proxy.user).take("password", proxy.password);
    for (const plugin::Fields* fields : {&old, &now}) {
        if (const auto read = fields->done(); !read) return tl::unexpected(read.error());
    }
    if (type.empty() || type == "DIRECT") return std::nullopt;
    if (type != "HTTP" && type != "SOCKS") {
        return invalid("property 'options.proxy.type': '{}' is not one of DIRECT, HTTP, SOCKS", type);
    }
    if (port < 1 || port > 65535) return invalid("property 'options.proxy.port': {} is no port", port);
    proxy.kind = type == "HTTP" ? net::Proxy::Kind::Http : net::Proxy::Kind::Socks;
    proxy.port = static_cast<std::uint16_t>(port);
    return std::optional(std::move(proxy));
}

Result<net::Options> options_of(const HttpProperties& want) {
    net::Options out;
    const Value& options = want.options;
    plugin::Fields flat(options, "options");
    flat.take("connectTimeout", out.connect_timeout).take("readTimeout", out.idle_timeout);
    flat.take("readIdleTimeout", out.idle_timeout).take("followRedirects", out.follow_redirects);
    plugin::Fields timeout(options["timeout"], "options.timeout");
    timeout.take("connectTimeout", out.connect_timeout).take("readIdleTimeout", out.idle_timeout);
    plugin::Fields old_tls(want.ssl_options, "sslOptions");
    old_tls.take("insecureTrustAllCertificates", out.insecure_tls);
    plugin::Fields tls(options["ssl"], "options.ssl");
    tls.take("insecureTrustAllCertificates", out.insecure_tls).take("ca", out.ca_pem);
    tls.take("clientCertificate", out.client_certificate_pem).take("clientKey", out.client_key_pem);
    tls.take("clientKeyPassword", out.client_key_password);
    for (const plugin::Fields* fields : {&flat, &timeout, &old_tls, &tls}) {
        if (const auto read = fields->done(); !read) return tl::unexpected(read.error());
    }
    auto auth = auth_of(options);
    if (!auth) return tl::unexpected(auth.error());
    out.auth = std::move(*auth);
    auto proxy = proxy_of(options);
    if (!proxy) return tl::unexpected(proxy.error());
    out.proxy = std::move(*proxy);
    return out;
}

Result<AnswerRules> rules_of(const HttpProperties& want) {
    AnswerRules out;
    out.allow_failed = want.allow_failed;
    std::vector<std::string> logs;
    Value codes;
    plugin::Fields fields(want.options, "options");
    fields.take("allowFailed", out.allow_failed).take("allowedResponseCodes", codes);
    fields.take("defaultCharset", out.default_charset).take("maxContentLength", out.longest_body_bytes);
    fields.take("logs", logs);
    if (const auto read = fields.done(); !read) return tl::unexpected(read.error());
    for (const Value& code : codes.is_list() ? codes.as_list() : List()) {
        std::int64_t number = 0;
        if (auto read = plugin::convert(code, number); !read) return tl::unexpected(read.error());
        out.allowed_codes.push_back(number);
    }
    const auto logged = [&](const char* what) { return std::find(logs.begin(), logs.end(), what) != logs.end(); };
    out.logs_request_headers = logged("REQUEST_HEADERS");
    out.logs_request_body = logged("REQUEST_BODY");
    out.logs_response_headers = logged("RESPONSE_HEADERS");
    out.logs_response_body = logged("RESPONSE_BODY");
    return out;
}

Result<net::Pairs> pairs_of(const Value& map, const char* property) {
    net::Pairs out;
    if (map.is_null()) return out;
    if (!map.is_map()) return invalid("property '{}': expected a map, found '{}'", property, plugin::text_of(map));
    for (const auto& [name, value] : map.as_map()) {
        if (value.is_null()) continue;
        if (!value.is_list()) {
            out.emplace_back(name, plugin::text_of(value));
            continue;
        }
        for (const Value& one : value.as_list()) out.emplace_back(name, plugin::text_of(one));
    }
    return out;
}

/// Credentials stay out of logs also when they are no known secret.
std::string shown(const net::Headers& headers) {
    std::string out;
    for (const auto& [name, value] : headers) {
        const bool secret =
            net::equals_ignoring_case(name, "Authorization") || net::equals_ignoring_case(name, "Cookie");
        out += fmt::format("{}{}: {}", out.empty() ? "" : "\n", name, secret ? "***" : value);
    }
    return out;
}

}  // namespace

void declare_http(plugin::TaskTypeMaker<HttpProperties>& type) {
    type.property("uri", &HttpProperties::uri, "Where to", plugin::required)
        .property("method", &HttpProperties::method, "GET, POST, …")
        .property("params", &HttpProperties::params, "Added to the URI's query")
        .shape(flow::Shape::MapOrText)
        .property("headers", &HttpProperties::headers, "Names and values; a list sends several of a name")
        .shape(flow::Shape::MapOrText)
        .property("body", &HttpProperties::body, "Sent as it is")
        .shape(flow::Shape::Any)
        .property("formData", &HttpProperties::form_data,
                  "Sent as a form: URL-encoded, or with files when contentType is multipart/form-data. A value that is "
                  "an address of the internal storage, or {name, content}, is a file")
        .shape(flow::Shape::MapOrText)
        .property("contentType", &HttpProperties::content_type, "Of the body; default application/json")
        .property("options", &HttpProperties::options, "How it is sent, and which answers are accepted")
        .fields(option_fields())
        .property("allowFailed", &HttpProperties::allow_failed, "Now options.allowFailed")
        .outdated()
        .property("sslOptions", &HttpProperties::ssl_options, "Now options.ssl")
        .fields({other("insecureTrustAllCertificates", flow::Shape::Boolean, "Accept any certificate")})
        .outdated();
}

std::vector<flow::Property> http_option_fields() {
    return option_fields();
}

bool AnswerRules::accept(int code) const {
    if (code < 400 || allow_failed) return true;
    return std::find(allowed_codes.begin(), allowed_codes.end(), code) != allowed_codes.end();
}

Result<HttpCall> http_call(const HttpProperties& want, const Settings& settings, plugin::TaskContext& context) {
    auto rules = rules_of(want);
    if (!rules) return tl::unexpected(rules.error());
    auto options = options_of(want);
    if (!options) return tl::unexpected(options.error());
    const auto params = pairs_of(want.params, "params");
    if (!params) return tl::unexpected(params.error());
    const auto headers = pairs_of(want.headers, "headers");
    if (!headers) return tl::unexpected(headers.error());
    HttpCall call{{}, std::move(*rules)};
    call.request.method = want.method;
    call.request.url = net::with_query(want.uri, *params);
    call.request.options = std::move(*options);
    if (settings.public_hosts_only) call.request.options.reach = net::Reach::PublicOnly;
    for (const auto& [name, value] : *headers) call.request.headers.add(name, value);
    if (settings.traces && !call.request.headers.find("traceparent")) {
        const plugin::TaskPlace& place = context.place();
        call.request.headers.add("traceparent", traceparent_of(place.execution_id.text(), place.task_run_id.text()));
    }
    if (auto set = set_http_body(want, context, call.request); !set) return tl::unexpected(set.error());
    return call;
}

Result<Value> body_output(const HttpProperties& want, const Settings& settings, std::string body) {
    if (!want.encrypt_body) return Value{{"body", std::move(body)}};
    if (settings.encryption_key.empty()) {
        return invalid(
            "property 'encryptBody': this server has no key; set encryption.secret-key in its configuration, leave the "
            "property out, or store the body with io.kestra.plugin.core.http.Download");
    }
    return Value{{"encryptedBody", expr::sealed_value(settings.encryption_key, body)}};
}

Error http_failure(const net::Request& request, int code, std::string_view body) {
    const std::string_view shown_body = utf8_prefix(body, kShownBodyBytes);
    return {ErrorCode::Unavailable,
            fmt::format("Request '{} {}' failed with status {}{}{}{}", request.method, request.url, code,
                        shown_body.empty() ? "" : ": ", shown_body, shown_body.size() < body.size() ? "…" : "")};
}

Value headers_output(const net::Headers& headers) {
    Value out{Map()};
    for (const auto& [name, value] : headers) {
        Value& values = out.mutable_map()[name];
        if (values.is_null()) values = Value(List());
        values.mutable_list().emplace_back(value);
    }
    return out;
}

void log_request(const HttpCall& call, plugin::TaskContext& context) {
    const std::string line = fmt::format("{} {}", call.request.method, call.request.url);
    if (call.rules.logs_request_headers) context.log(LogLevel::Info, line + "\n" + shown(call.request.headers));
    if (!call.rules.logs_request_body) return;
    const auto* body = std::get_if<std::string>(&call.request.body);
    context.log(LogLevel::Info, body != nullptr ? *body : std::string("(no text)"));
}

void log_response(const HttpCall& call, const net::Response& response, plugin::TaskContext& context) {
    if (call.rules.logs_response_headers) {
        context.log(LogLevel::Info, fmt::format("status {}\n{}", response.code, shown(response.headers)));
    }
    if (call.rules.logs_response_body) context.log(LogLevel::Info, repaired_utf8(response.body));
}

}  // namespace sluice::tasks
