#include "plugin/convert.h"
#include "tasks/calls/deliver.h"
#include "tasks/notifications/services.h"
#include "value/json.h"

namespace sluice::tasks {
namespace incident_services_table {

using flow::Shape;

Value details_of(const ExecutionReport& report) {
    Map out;
    for (const auto& [name, value] : report.facts) out.set(name, value);
    if (!report.message.empty()) out.set("Message", report.message);
    if (!report.link.empty()) out.set("Link", report.link);
    return Value(std::move(out));
}

Result<Destination> to_default(const Value& properties, const Value& payload, const std::string& url) {
    if (!properties.text("url").empty()) return to_url(properties, payload);
    return Destination{url, {}, to_json(payload)};
}

// ---- PagerDuty

Value pagerduty_report(const ExecutionReport& report, const Value&) {
    const Value event{{"summary", report.headline},
                      {"source", report.link.empty() ? "sluice" : report.link},
                      {"severity", report.is_bad() ? "error" : "info"},
                      {"custom_details", details_of(report)}};
    Map out{{"event_action", "trigger"}, {"payload", event}};
    if (!report.link.empty()) {
        out.set("links", Value(List{Value{{"href", report.link}, {"text", "Open the execution"}}}));
    }
    return Value(std::move(out));
}

AlertService pagerduty() {
    return {
        .name = "PagerDuty",
        .send = "pagerduty.PagerDutyAlert",
        .execution = "pagerduty.PagerDutyExecution",
        .send_aliases = {"io.kestra.plugin.notifications.pagerduty.PagerDutyAlert"},
        .execution_aliases = {"io.kestra.plugin.notifications.pagerduty.PagerDutyExecution"},
        .description = "By the Events API v2.",
        .example =
            "    payload:\n      routing_key: \"{{ secret('PAGERDUTY_KEY') }}\"\n"
            "      event_action: trigger\n      payload:\n        summary: \"{{ flow.id }} failed\"\n"
            "        source: sluice\n        severity: error\n",
        .report_example =
            "    routingKey: \"{{ secret('PAGERDUTY_KEY') }}\"\n"
            "    deduplicationKey: \"{{ flow.id }}\"\n",
        .where = {alert_url("Default: https://events.pagerduty.com/v2/enqueue", false)},
        .fields = {{"routingKey", {"routing_key"}, Shape::Text, "The integration's key"},
                   {"deduplicationKey", {"dedup_key"}, Shape::Text, "Alerts with the same are one"},
                   {"eventAction", {"event_action"}, Shape::Enum, "What to do", {"trigger", "acknowledge", "resolve"}},
                   {"payloadSummary", {"payload", "summary"}, Shape::Text, "Instead of the summary that is made"}},
        .report = pagerduty_report,
        .destination =
            [](const Value& properties, const Value& payload) {
                return to_default(properties, payload, "https://events.pagerduty.com/v2/enqueue");
            },
    };
}

// ---- Opsgenie

/// {name: type}, as the original takes it, or the API's own list.
Value opsgenie_people(const Value& people, const char* name_key) {
    if (!people.is_map()) return people;
    List out;
    for (const auto& [name, type] : people.as_map()) {
        out.push_back(Value{{name_key, name}, {"type", plugin::text_of(type)}});
    }
    return Value(std::move(out));
}

Value opsgenie_report(const ExecutionReport& report, const Value& properties) {
    Map out{
        {"message", report.headline.substr(0, 130)}, {"description", report.text()}, {"details", details_of(report)}};
    for (const char* name : {"responders", "visibleTo"}) {
        if (!properties[name].is_null()) out.set(name, opsgenie_people(properties[name], "name"));
    }
    return Value(std::move(out));
}

Result<Destination> to_opsgenie(const Value& properties, const Value& payload) {
    auto out = to_default(properties, payload, "https://api.opsgenie.com/v2/alerts");
    const std::string token = properties.text("authorizationToken");
    if (out && !token.empty()) out->headers.add("Authorization", "GenieKey " + token);
    return out;
}

AlertService opsgenie() {
    return {
        .name = "Opsgenie",
        .send = "opsgenie.OpsgenieAlert",
        .execution = "opsgenie.OpsgenieExecution",
        .send_aliases = {"io.kestra.plugin.notifications.opsgenie.OpsgenieAlert"},
        .execution_aliases = {"io.kestra.plugin.notifications.opsgenie.OpsgenieExecution"},
        .example =
            "    authorizationToken: \"{{ secret('OPSGENIE_KEY') }}\"\n"
            "    messageText: \"{{ flow.id }} failed\"\n",
        .report_example = "    authorizationToken: \"{{ secret('OPSGENIE_KEY') }}\"\n    priority: P2\n",
        .where = {alert_url("Default: https://api.opsgenie.com/v2/alerts", false),
                  alert_text("authorizationToken", "The integration's key")},
        .fields = {{"message", {"message"}, Shape::Text, "Instead of the message that is made"},
                   {"alias", {"alias"}, Shape::Text, "Alerts with the same are one"},
                   {"tags", {"tags"}, Shape::TextOrList, "Tags"},
                   {"priority", {"priority"}, Shape::Text, "P1 to P5"}},
        .more = {{.name = "responders", .shape = Shape::Any, .description = "Types (team, user …) by name"},
                 {.name = "visibleTo", .shape = Shape::Any, .description = "Types (team, user) by name"}},
        .message =
            [](const std::string& text) {
                return Value{{"message", text}};
            },
        .report = opsgenie_report,
        .destination = to_opsgenie,
    };
}

// ---- Zenduty

Value zenduty_report(const ExecutionReport& report, const Value& properties) {
    Map out{{"alert_type", report.is_bad() ? "error" : "info"},
            {"message", report.headline},
            {"summary", report.text()},
            {"payload", details_of(report)}};
    List urls;
    if (!report.link.empty()) urls.push_back(Value{{"link_url", report.link}, {"link_text", "Open the execution"}});
    std::vector<std::string> more;
    if (plugin::convert(properties["urls"], more)) {
        for (const std::string& url : more) urls.push_back(Value{{"link_url", url}, {"link_text", url}});
    }
    if (!urls.empty()) out.set("urls", Value(std::move(urls)));
    return Value(std::move(out));
}

Result<Destination> to_zenduty(const Value& properties, const Value& payload) {
    const std::string id = properties.text("integrationId");
    if (properties.text("url").empty() && id.empty()) return invalid("url or integrationId is needed");
    return to_default(properties, payload, fmt::format("https://www.zenduty.com/api/events/{}/", id));
}

AlertService zenduty() {
    return {
        .name = "Zenduty",
        .send = "zenduty.ZendutyAlert",
        .execution = "zenduty.ZendutyExecution",
        .send_aliases = {"io.kestra.plugin.notifications.zenduty.ZendutyAlert"},
        .execution_aliases = {"io.kestra.plugin.notifications.zenduty.ZendutyExecution"},
        .example =
            "    url: \"{{ secret('ZENDUTY_URL') }}\"\n    payload:\n      alert_type: critical\n"
            "      message: \"{{ flow.id }} failed\"\n      summary: Look at it at once\n",
        .report_example = "    integrationId: \"{{ secret('ZENDUTY_INTEGRATION') }}\"\n",
        .where = {alert_url("Of the integration", false), alert_text("integrationId", "Instead of the url")},
        .fields = {{"message", {"message"}, Shape::Text, "Instead of the title that is made"},
                   {"summary", {"summary"}, Shape::Text, "Instead of the summary that is made"},
                   {"alertType",
                    {"alert_type"},
                    Shape::Enum,
                    "Kind of alert",
                    {"CRITICAL", "ACKNOWLEDGED", "RESOLVED", "ERROR", "WARNING", "INFO"}},
                   {"entityId", {"entity_id"}, Shape::Text, "Alerts with the same are one"}},
        .more = {{.name = "urls", .shape = Shape::TextOrList, .description = "More links"}},
        .message =
            [](const std::string& text) {
                return Value{{"alert_type", "error"}, {"message", text}, {"summary", text}};
            },
        .report = zenduty_report,
        .destination = to_zenduty,
    };
}

// ---- Sentry

struct Dsn {
    std::string base{}, key{}, project{};
};

/// https://KEY@HOST/PROJECT; anything else is the address itself.
std::optional<Dsn> dsn_of(const std::string& text) {
    const auto scheme = text.find("://");
    const auto at = text.find('@');
    const auto slash = text.rfind('/');
    if (scheme == std::string::npos || at == std::string::npos || slash == std::string::npos) return {};
    if (at < scheme + 3 || slash < at || text.find_first_of("?#") != std::string::npos) return {};
    const std::string key = text.substr(scheme + 3, at - scheme - 3);
    return Dsn{text.substr(0, scheme + 3) + text.substr(at + 1, slash - at - 1), key.substr(0, key.find(':')),
               text.substr(slash + 1)};
}

Result<Destination> to_sentry(const Value& properties, const Value& payload) {
    const auto dsn = needed_text(properties, "dsn");
    if (!dsn) return tl::unexpected(dsn.error());
    const std::string event = to_json(payload);
    const bool in_envelope = properties.text("endpointType") != "STORE";
    Destination out{*dsn, {}, event};
    if (const auto parts = dsn_of(*dsn)) {
        out.url = fmt::format("{}/api/{}/{}/", parts->base, parts->project, in_envelope ? "envelope" : "store");
        out.headers.add("X-Sentry-Auth", fmt::format("Sentry sentry_version=7, sentry_key={}", parts->key));
    }
    if (in_envelope) {
        out.headers.add("Content-Type", "application/x-sentry-envelope");
        out.body = fmt::format("{{}}\n{{\"type\":\"event\",\"length\":{}}}\n{}\n", event.size(), event);
    }
    return out;
}

Value sentry_text(const std::string& text) {
    return Value{{"platform", "other"}, {"level", "error"}, {"message", Value{{"formatted", text}}}};
}

Value sentry_report(const ExecutionReport& report, const Value&) {
    return Value{{"platform", "other"},
                 {"level", report.is_bad() ? "error" : "info"},
                 {"transaction", "/execution/id/" + report.id},
                 {"message", Value{{"formatted", report.headline}}},
                 {"extra", details_of(report)}};
}

AlertService sentry() {
    return {
        .name = "Sentry",
        .send = "sentry.SentryAlert",
        .execution = "sentry.SentryExecution",
        .send_aliases = {"io.kestra.plugin.notifications.sentry.SentryAlert"},
        .execution_aliases = {"io.kestra.plugin.notifications.sentry.SentryExecution"},
        .example = "    dsn: \"{{ secret('SENTRY_DSN') }}\"\n    messageText: \"{{ flow.id }} failed\"\n",
        .report_example = "    dsn: \"{{ secret('SENTRY_DSN') }}\"\n    level: WARNING\n",
        .where = {alert_text("dsn", "Of the project: https://KEY@HOST/PROJECT", true),
                  {.name = "endpointType",
                   .shape = Shape::Enum,
                   .description = "Which of Sentry's addresses takes it",
                   .default_text = "ENVELOPE",
                   .values = {"ENVELOPE", "STORE"}}},
        .fields = {{"level", {"level"}, Shape::Enum, "How bad it is", {"FATAL", "ERROR", "WARNING", "INFO", "DEBUG"}},
                   {"platform", {"platform"}, Shape::Text, "Platform; default other"},
                   {"transaction", {"transaction"}, Shape::Text, "What was going on"},
                   {"serverName", {"server_name"}, Shape::Text, "Name of the server"},
                   {"eventId", {"event_id"}, Shape::Text, "Id of the event: 32 hexadecimal digits"},
                   {"extra", {"extra"}, Shape::Map, "Instead of the facts"}},
        .message = sentry_text,
        .report = sentry_report,
        .destination = to_sentry,
    };
}

// ---- Squadcast

Value squadcast_report(const ExecutionReport& report, const Value&) {
    return Value{
        {"message", report.headline}, {"description", report.text()}, {"status", "trigger"}, {"event_id", report.id}};
}

AlertService squadcast() {
    return {
        .name = "Squadcast",
        .send = "squadcast.SquadcastIncomingWebhook",
        .execution = "squadcast.SquadcastExecution",
        .send_aliases = {"io.kestra.plugin.notifications.squadcast.SquadcastIncomingWebhook"},
        .execution_aliases = {"io.kestra.plugin.notifications.squadcast.SquadcastExecution"},
        .example = "    url: \"{{ secret('SQUADCAST_WEBHOOK') }}\"\n    messageText: \"{{ flow.id }} failed\"\n",
        .report_example = "    url: \"{{ secret('SQUADCAST_WEBHOOK') }}\"\n    priority: P1\n",
        .where = {alert_url("The incoming webhook")},
        .fields = {{"message", {"message"}, Shape::Text, "Instead of the message that is made"},
                   {"priority", {"priority"}, Shape::Text, "P1 to P5"},
                   {"eventId", {"event_id"}, Shape::Text, "Default: the execution's id"},
                   {"status", {"status"}, Shape::Text, "trigger or resolve"},
                   {"tags", {"tags"}, Shape::Map, "Tags"}},
        .message =
            [](const std::string& text) {
                return Value{{"message", text}, {"status", "trigger"}};
            },
        .report = squadcast_report,
        .destination = to_url,
    };
}

// ---- Twilio: a form instead of JSON

Result<Destination> to_twilio(const Value& properties, const Value& payload) {
    const auto url = needed_text(properties, "url");
    if (!url) return tl::unexpected(url.error());
    if (!payload.is_map()) return invalid("property 'payload': expected an object of form fields");
    net::Pairs fields;
    for (const auto& [name, value] : payload.as_map()) {
        for (const Value& one : value.is_list() ? value.as_list() : List{value}) {
            fields.emplace_back(name, plugin::text_of(one));
        }
    }
    return Destination{*url, {{"Content-Type", "application/x-www-form-urlencoded"}}, net::form_urlencoded(fields)};
}

AlertService twilio() {
    return {
        .name = "Twilio",
        .send = "twilio.notify.TwilioAlert",
        .execution = "twilio.notify.TwilioExecution",
        .send_aliases = {"io.kestra.plugin.twilio.TwilioAlert", "io.kestra.plugin.notifications.twilio.TwilioAlert"},
        .execution_aliases = {"io.kestra.plugin.twilio.TwilioExecution",
                              "io.kestra.plugin.notifications.twilio.TwilioExecution"},
        .description =
            "The payload's entries are sent as a form, so it suits notifications and messages (`To`, `From`, "
            "`Body`) alike.",
        .example =
            "    url: https://api.twilio.com/2010-04-01/Accounts/AC123/Messages.json\n"
            "    accountSID: AC123\n    authToken: \"{{ secret('TWILIO_TOKEN') }}\"\n    payload:\n"
            "      To: \"+491701234567\"\n      From: \"+15005550006\"\n"
            "      Body: \"{{ flow.id }} failed\"\n",
        .report_example =
            "    url: https://notify.twilio.com/v1/Services/IS123/Notifications\n"
            "    accountSID: AC123\n    authToken: \"{{ secret('TWILIO_TOKEN') }}\"\n"
            "    tag: operators\n",
        .where = {alert_url("Address of the resource"), alert_text("accountSID", "Account"),
                  alert_text("authToken", "Its token")},
        .fields = {{"body", {"Body"}, Shape::Text, "Instead of the text that is made"},
                   {"tag", {"Tag"}, Shape::Text, "Who gets it: all with this tag"},
                   {"identity", {"Identity"}, Shape::Text, "Who gets it"}},
        .message =
            [](const std::string& text) {
                return Value{{"Body", text}};
            },
        .report =
            [](const ExecutionReport& report, const Value&) {
                return Value{{"Body", report.text()}};
            },
        .destination = to_twilio,
    };
}

}  // namespace incident_services_table

std::vector<AlertService> incident_services() {
    using namespace incident_services_table;
    return {pagerduty(), opsgenie(), zenduty(), sentry(), squadcast(), twilio()};
}

}  // namespace sluice::tasks
