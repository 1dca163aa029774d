#include "net/client.h"
#include "tasks/catalog.h"
#include "tasks/core/http/http_body.h"
#include "value/truthiness.h"

namespace sluice::tasks {
namespace http_trigger {

/// The condition decides, whatever the status.
Result<Value> poll(const Settings& settings, const HttpProperties& want, plugin::TaskContext& context) {
    if (auto possible = body_output(want, settings, ""); !possible) return possible;
    auto call = http_call(want, settings, context);
    if (!call) return tl::unexpected(call.error());
    call->request.options.longest_body_bytes = static_cast<std::uint64_t>(call->rules.longest_body_bytes);
    log_request(*call, context);
    auto response = context.http().send(call->request, context.stop_token());
    if (!response) return tl::unexpected(response.error());
    log_response(*call, *response, context);
    auto text = body_text(*response, call->rules.default_charset);
    if (!text) return tl::unexpected(text.error());
    const Value code(static_cast<std::int32_t>(response->code));
    const Value headers = headers_output(response->headers);
    Map names;
    names.set("response", Value{{"statusCode", code}, {"body", *text}, {"headers", headers}});
    const auto condition = context.render(want.response_condition, names);
    if (!condition) return tl::unexpected(condition.error());
    if (!is_truthy(*condition)) return Value();
    auto outputs = body_output(want, settings, std::move(*text));
    if (!outputs) return outputs;
    outputs->mutable_map().set("uri", Value(response->url));
    outputs->mutable_map().set("code", code);
    outputs->mutable_map().set("headers", headers);
    return outputs;
}

}  // namespace http_trigger

plugin::TaskType core_http_trigger(const Settings& settings) {
    const auto poll = [settings](const HttpProperties& want, plugin::TaskContext& context) {
        return http_trigger::poll(settings, want, context);
    };
    plugin::TaskTypeMaker<HttpProperties> type("core.http.Trigger", poll);
    declare_http(type);
    return type.polling()
        .title("Starts the flow when an HTTP answer meets a condition.")
        .description(
            "The request is sent every `interval` by a worker; while the execution runs that it started, it waits.")
        .example("Start when an order is there", R"(id: on_order
namespace: company.team
tasks:
  - id: show
    type: io.kestra.plugin.core.log.Log
    message: "{{ fromJson(trigger.body).order }}"
triggers:
  - id: order
    type: io.kestra.plugin.core.http.Trigger
    uri: https://api.example.com/orders/next
    interval: PT30S
    responseCondition: "{{ response.statusCode == 200 and fromJson(response.body).order is defined }}"
)")
        .alias("io.kestra.plugin.fs.http.Trigger")
        .property("interval", &HttpProperties::interval, "From the end of one request to the next")
        .shape(flow::Shape::Duration)
        .literal()
        .property("responseCondition", &HttpProperties::response_condition, "Whether to start, over `response`")
        .unrendered()
        .property("encryptBody", &HttpProperties::encrypt_body,
                  "The body is kept encrypted, as encryptedBody; expressions read it as it was")
        .output("uri", "Where the answer came from, after redirects", flow::Shape::Text)
        .output("code", "Status", flow::Shape::Integer)
        .output("headers", "Lists of values by name", flow::Shape::Map)
        .output("body", "The body as text", flow::Shape::Text)
        .output("encryptedBody", "The body, encrypted (encryptBody)", flow::Shape::Map);
}

}  // namespace sluice::tasks
