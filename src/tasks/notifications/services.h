#pragma once
#include <functional>
#include <string>
#include <vector>

#include "net/message.h"
#include "tasks/notifications/execution_report.h"

namespace sluice::tasks {

/// A property that becomes an entry of the payload.
struct PayloadField {
    std::string property{};
    std::vector<std::string> path{};  // where it goes: {"payload", "summary"}
    flow::Shape shape = flow::Shape::Text;
    std::string description{};
    std::vector<std::string> values{};  // of an Enum; written in lower case
};

/// Where a payload goes, and in which form.
struct Destination {
    std::string url{};
    net::Headers headers{};
    std::string body{};
};

/// One kind of alert: its types, its properties, and what it makes of a text or of a report.
struct AlertService {
    std::string name{};       // "Slack"
    std::string send{};       // short name of the type that sends a message; empty: there is none
    std::string execution{};  // and of the one that describes an execution
    std::vector<std::string> send_aliases{};
    std::vector<std::string> execution_aliases{};
    std::string description{};
    std::string example{};                // the properties of a message, indented by four, each with its line end
    std::string report_example{};         // of the other one
    std::vector<flow::Property> where{};  // properties that say where to
    std::vector<PayloadField> fields{};   // of the type that describes an execution
    std::vector<flow::Property> more{};   // its further properties, which `report` reads
    bool payload_is_text = false;         // the message itself, not JSON
    std::function<Value(const std::string& text)> message{};  // the payload of messageText
    std::function<Value(const ExecutionReport& report, const Value& properties)> report{};
    std::function<Result<Destination>(const Value& properties, const Value& payload)> destination{};
};

/// Chats and phones: Slack, Discord, Teams, Google Chat, Telegram, Zulip, WhatsApp, LINE.
std::vector<AlertService> chat_services();
/// Those that wake somebody up: PagerDuty, Opsgenie, Zenduty, Sentry, Squadcast, Twilio.
std::vector<AlertService> incident_services();

// What the tables of services are made of.
flow::Property alert_url(std::string description, bool required = true);
flow::Property alert_text(std::string name, std::string description, bool required = false);
/// JSON to the property `url`.
Result<Destination> to_url(const Value& properties, const Value& payload);
/// Facts as {name, value}, named as a service wants them; long values are cut.
List facts_as(const ExecutionReport& report, const char* name_key, const char* value_key, std::size_t longest_bytes);

}  // namespace sluice::tasks
