#pragma once
#include "net/message.h"
#include "plugin/task_context.h"
#include "value/value.h"

namespace sluice::tasks {

/// A request to a service of others. Errors call it by its name: its URL may hold a secret.
struct ServiceCall {
    std::string service{};  // "Slack"
    net::Request request{};
};

/// Sends a request until it is taken. Where there is no connection, and after a status of 429 or from 500, it is sent
/// again, up to five times, each time after a longer pause, or the one that the service asks for (Retry-After).
///
/// Errors  Unavailable: refused, with the beginning of the answer, or too busy for too long; Cancelled; as net::Client
Result<net::Response> deliver(const ServiceCall& call, plugin::TaskContext& context);

/// The same, where the answer is JSON. Errors  Unavailable: it is none
Result<Value> deliver_for_json(const ServiceCall& call, plugin::TaskContext& context);

/// A POST of JSON.
net::Request json_post(std::string url, const Value& body);

/// "property 'x': …" of an entry of an object that must be there and not be empty.
Result<std::string> needed_text(const Value& properties, std::string_view name);

}  // namespace sluice::tasks
