#include "net/client.h"
#include "tasks/catalog.h"
#include "tasks/core/http/http_body.h"

namespace sluice::tasks {
namespace http_request {

Result<Value> run(const Settings& settings, const HttpProperties& want, plugin::TaskContext& context) {
    if (auto possible = body_output(want, settings, ""); !possible) return possible;  // before anything is sent
    auto call = http_call(want, settings, context);
    if (!call) return tl::unexpected(call.error());
    call->request.options.longest_body_bytes = static_cast<std::uint64_t>(call->rules.longest_body_bytes);
    log_request(*call, context);
    auto response = context.http().send(call->request, context.stop_token());
    if (!response) {
        if (response.error().code == ErrorCode::TooLarge) {
            response.error().message += "; io.kestra.plugin.core.http.Download has no such limit";
        }
        return tl::unexpected(response.error());
    }
    log_response(*call, *response, context);
    context.metric("response.length", "counter", static_cast<double>(response->body.size()),
                   Value{{"request.method", call->request.method}, {"response.code", std::to_string(response->code)}});
    const bool accepted = call->rules.accept(response->code);
    auto text = body_text(*response, call->rules.default_charset);
    if (!accepted) return tl::unexpected(http_failure(call->request, response->code, text.value_or("")));
    if (!text) return tl::unexpected(text.error());
    auto outputs = body_output(want, settings, std::move(*text));
    if (!outputs) return outputs;
    outputs->mutable_map().set("uri", Value(response->url));
    outputs->mutable_map().set("code", Value(static_cast<std::int32_t>(response->code)));
    outputs->mutable_map().set("headers", headers_output(response->headers));
    return outputs;
}

}  // namespace http_request

plugin::TaskType core_http_request(const Settings& settings) {
    const auto run = [settings](const HttpProperties& want, plugin::TaskContext& context) {
        return http_request::run(settings, want, context);
    };
    plugin::TaskTypeMaker<HttpProperties> type("core.http.Request", run);
    declare_http(type);
    return type.title("Sends an HTTP request and gives back the answer.")
        .description(
            "A status of 400 or more fails the task, unless `options.allowFailed` or `options.allowedResponseCodes` "
            "says otherwise. The body is always a text: read JSON with `{{ fromJson(outputs.id.body) }}`.")
        .example("Post JSON with a token", R"(id: post_json
namespace: company.team
tasks:
  - id: post
    type: io.kestra.plugin.core.http.Request
    uri: https://api.example.com/orders
    method: POST
    contentType: application/json
    body: '{"order": 17}'
    options:
      auth:
        type: BEARER
        token: "{{ secret('ORDERS_TOKEN') }}"
)")
        .alias("io.kestra.plugin.fs.http.Request")
        .property("encryptBody", &HttpProperties::encrypt_body,
                  "The body is kept encrypted, as encryptedBody; expressions read it as it was")
        .output("uri", "Where the answer came from, after redirects", flow::Shape::Text)
        .output("code", "Status", flow::Shape::Integer)
        .output("headers", "Lists of values by name", flow::Shape::Map)
        .output("body", "The body as text", flow::Shape::Text)
        .output("encryptedBody", "The body, encrypted (encryptBody)", flow::Shape::Map);
}

}  // namespace sluice::tasks
