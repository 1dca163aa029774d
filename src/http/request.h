#pragma once
#include <any>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/body_sink.h"
#include "http/headers.h"
#include "http/method.h"
#include "http/uri.h"

namespace sluice::http {

/// A request, complete and checked. Handlers read it; a guard may put what it found out into `context`.
struct Request {
    Method method = Method::Get;
    std::string target{};  // as it was sent
    std::string path{};    // the segments decoded and joined again: for logs and prefixes, not for splitting
    std::vector<std::string> segments{};
    Query query{};
    Headers headers{};
    std::string body{};         // empty when it went to a sink or came as parts
    std::vector<Part> parts{};  // of a form that was streamed; see form_of() for all kinds of forms
    std::string stored{};       // what the finish() of the route's body sink said
    std::string remote{};       // the address of the client, without its port
    bool over_tls = false;      // to this very server; a proxy in front says it in a header
    std::string id{};           // of X-Request-Id, or made
    std::string pattern{};      // of the route: a good label for metrics; empty when none matched
    std::vector<std::pair<std::string, std::string>> parameters{};  // of the pattern's variables
    std::any context{};

    /// The value of a variable of the route's pattern.
    /// Errors  BugError: the pattern has no such variable
    std::string_view parameter(std::string_view name) const;
    std::optional<std::string_view> find_parameter(std::string_view name) const;

    std::optional<std::string_view> header(std::string_view name) const { return headers.find(name); }
    std::optional<std::string_view> cookie(std::string_view name) const;
    /// "application/json" of "Application/JSON; charset=utf-8"; empty when there is none
    std::string content_type() const;
    /// May the answer have this media type? True without an Accept header.
    bool accepts(std::string_view media_type) const;
};

}  // namespace sluice::http
