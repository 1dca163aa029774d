// Alert types: one engine, and a row for each service in chat_services.cpp and incident_services.cpp.
#include "base/utf8.h"
#include "net/client.h"
#include "plugin/convert.h"
#include "tasks/calls/deliver.h"
#include "tasks/catalog.h"
#include "tasks/core/http/http_properties.h"
#include "tasks/notifications/services.h"
#include "value/json.h"

namespace sluice::tasks {
namespace alerts {

using flow::Shape;

/// The payload as it was given: an object, or the JSON text of one.
Result<Value> given_payload(const AlertService& service, const Value& payload) {
    if (payload.is_null()) return Value();
    if (service.payload_is_text) return service.message(plugin::text_of(payload));
    const std::string* text = payload.if_string();
    if (text == nullptr) return payload;
    auto parsed = parse_json(*text);
    if (parsed) return parsed;
    return invalid(
        "property 'payload': it is no JSON after rendering ({}). A text with quotes or line breaks must be escaped: "
        "{{{{ value | toJson }}}} writes it with its quotes",
        parsed.error().message);
}

void put(Map& payload, const PayloadField& field, const Value& value) {
    Map* at = &payload;
    for (std::size_t i = 0; i + 1 < field.path.size(); ++i) {
        Value& next = (*at)[field.path[i]];
        if (!next.is_map()) next = Value(Map());
        at = &next.mutable_map();
    }
    at->set(field.path.back(), value);
}

/// Enumerators are upper case in flows and lower case on the wire.
Value on_wire(const PayloadField& field, const Value& value) {
    if (field.shape != Shape::Enum) return value;
    std::string word = plugin::text_of(value);
    for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return Value(std::move(word));
}

Result<Value> send(const AlertService& service, const Settings& settings, const Value& properties, const Value& payload,
                   plugin::TaskContext& context) {
    const auto destination = service.destination(properties, payload);
    if (!destination) return tl::unexpected(destination.error());
    HttpProperties want;
    want.uri = destination->url;
    want.method = "POST";
    want.headers = properties["headers"];
    want.options = properties["options"];
    auto call = http_call(want, settings, context);
    if (!call) return tl::unexpected(call.error());
    net::Request& request = call->request;
    for (const auto& [name, value] : destination->headers) request.headers.add(name, value);
    if (!request.headers.find("Content-Type")) request.headers.add("Content-Type", "application/json");
    request.body = destination->body;
    const std::string account = properties.text("accountSID");
    if (!account.empty()) request.options.auth = net::BasicAuth{account, properties.text("authToken")};
    auto taken = deliver({service.name, std::move(request)}, context);
    if (!taken) return tl::unexpected(taken.error());
    context.log(LogLevel::Debug, fmt::format("{} took the message: status {}", service.name, taken->code));
    return Value();
}

/// The type that sends what it is given.
Result<Value> run_send(const AlertService& service, const Settings& settings, const Value& properties,
                       plugin::TaskContext& context) {
    auto payload = given_payload(service, properties["payload"]);
    if (!payload) return payload;
    const std::string text = properties.text("messageText");
    if (payload->is_null() && !text.empty() && service.message) payload = service.message(text);
    if (payload->is_null()) return invalid("a payload{} is needed", service.message ? ", or a messageText," : "");
    return send(service, settings, properties, *payload, context);
}

/// The type that describes an execution. What is given as `payload` wins, entry by entry.
Result<Value> run_execution(const AlertService& service, const Settings& settings, const Value& properties,
                            plugin::TaskContext& context) {
    auto report = execution_report(properties, context);
    if (!report) return tl::unexpected(report.error());
    if (report->message.empty()) report->message = properties.text("messageText");
    Value payload = service.report(*report, properties);
    for (const PayloadField& field : service.fields) {
        const Value value = properties[field.property];
        if (!value.is_null()) put(payload.mutable_map(), field, on_wire(field, value));
    }
    const auto given = given_payload(service, properties["payload"]);
    if (!given) return given;
    if (given->is_map()) {
        for (const auto& [name, value] : given->as_map()) payload.mutable_map().set(name, value);
    }
    return send(service, settings, properties, payload, context);
}

std::vector<flow::Property> common_properties(const AlertService& service) {
    std::vector<flow::Property> out = service.where;
    out.push_back({.name = "payload",
                   .shape = service.payload_is_text ? Shape::Text : Shape::MapOrText,
                   .description = service.payload_is_text ? "The message" : "The message as the service wants it"});
    if (service.message) {
        out.push_back({.name = "messageText", .shape = Shape::Text, .description = "A text, instead of a payload"});
    }
    out.push_back({.name = "headers", .shape = Shape::MapOrText, .description = "More headers"});
    std::vector<flow::Property> options = http_option_fields();
    options.push_back({.name = "headers", .shape = Shape::MapOrText, .description = "More headers"});
    out.push_back(
        {.name = "options", .shape = Shape::Object, .description = "How it is sent", .fields = std::move(options)});
    return out;
}

void add(std::vector<flow::Property>& to, const std::vector<flow::Property>& more) {
    for (const flow::Property& one : more) {
        const bool known =
            std::any_of(to.begin(), to.end(), [&](const flow::Property& p) { return p.name == one.name; });
        if (!known) to.push_back(one);
    }
}

/// `options.headers`, where older flows have them, as `headers`.
Value with_headers_of_options(const Value& properties) {
    const auto headers = properties.get("options", "headers");
    if (!headers || !properties["headers"].is_null()) return properties;
    Value out = properties;
    out.mutable_map().set("headers", *headers);
    return out;
}

plugin::TaskType type_of(const AlertService& service, const std::string& name,
                         const std::vector<std::string>& aliases) {
    plugin::TaskType out;
    out.info.name = std::string(flow::kTypePrefix) + name;
    out.info.aliases = aliases;
    out.info.description = service.description + (service.description.empty() ? "" : " ");
    out.info.description += "A service that is busy or away is tried again, up to five times.";
    out.info.properties = common_properties(service);
    return out;
}

plugin::TaskType send_type(const AlertService& service, const Settings& settings) {
    plugin::TaskType out = type_of(service, service.send, service.send_aliases);
    out.info.title = fmt::format("Sends a message to {}.", service.name);
    out.info.examples = {{"Tell when a flow fails",
                          "id: unreliable\nnamespace: company.team\ntasks:\n  - id: fail\n"
                          "    type: io.kestra.plugin.core.execution.Fail\nerrors:\n  - id: alert\n    type: " +
                              out.info.name + "\n" + service.example}};
    out.run = [service, settings](const Value& properties, plugin::TaskContext& context) {
        return run_send(service, settings, with_headers_of_options(properties), context);
    };
    return out;
}

plugin::TaskType execution_type(const AlertService& service, const Settings& settings) {
    plugin::TaskType out = type_of(service, service.execution, service.execution_aliases);
    out.info.title = fmt::format("Tells {} of an execution.", service.name);
    out.info.description =
        "Flow, state, times and link, and what failed, with its last errors. " + out.info.description;
    add(out.info.properties, report_properties());
    for (const PayloadField& field : service.fields) {
        add(out.info.properties,
            {{.name = field.property, .shape = field.shape, .description = field.description, .values = field.values}});
    }
    add(out.info.properties, service.more);
    out.info.examples = {{"Tell of every execution that fails",
                          "id: alerts\nnamespace: system\ntasks:\n  - id: alert\n    type: " + out.info.name + "\n" +
                              service.report_example +
                              "    executionId: \"{{ trigger.executionId }}\"\ntriggers:\n  - id: failed\n"
                              "    type: io.kestra.plugin.core.trigger.Flow\n    conditions:\n"
                              "      - type: io.kestra.plugin.core.condition.ExecutionStatus\n        in: [FAILED]\n"}};
    out.run = [service, settings](const Value& properties, plugin::TaskContext& context) {
        return run_execution(service, settings, with_headers_of_options(properties), context);
    };
    return out;
}

}  // namespace alerts

flow::Property alert_url(std::string description, bool required) {
    return alert_text("url", std::move(description), required);
}

flow::Property alert_text(std::string name, std::string description, bool required) {
    return {.name = std::move(name),
            .shape = flow::Shape::Text,
            .description = std::move(description),
            .required = required};
}

Result<Destination> to_url(const Value& properties, const Value& payload) {
    auto url = needed_text(properties, "url");
    if (!url) return tl::unexpected(url.error());
    return Destination{std::move(*url), {}, to_json(payload)};
}

List facts_as(const ExecutionReport& report, const char* name_key, const char* value_key, std::size_t longest_bytes) {
    List out;
    for (const auto& [name, value] : report.facts) {
        const std::string_view shown = utf8_prefix(value, longest_bytes);
        out.push_back(
            Value{{name_key, name}, {value_key, std::string(shown) + (shown.size() < value.size() ? "…" : "")}});
    }
    return out;
}

void add_alert_types(plugin::TaskCatalog& catalog, const Settings& settings) {
    for (const auto& services : {chat_services(), incident_services()}) {
        for (const AlertService& service : services) {
            if (!service.send.empty()) catalog.add(alerts::send_type(service, settings));
            catalog.add(alerts::execution_type(service, settings));
        }
    }
}

}  // namespace sluice::tasks
