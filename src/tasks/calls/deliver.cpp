#include "tasks/calls/deliver.h"

#include <charconv>

#include "base/utf8.h"
#include "base/waker.h"
#include "net/client.h"
#include "plugin/convert.h"
#include "value/json.h"

namespace sluice::tasks {
namespace {

constexpr int kMostTries = 5;
constexpr Duration kFirstPause = 500ms;
constexpr Duration kLongestPause = 2min;
constexpr std::size_t kShownAnswerBytes = 500;

bool is_busy(int code) {
    return code == 429 || code >= 500;
}

/// Only seconds are understood; a date would need a clock that is the service's own.
std::optional<Duration> asked_pause(const net::Response& response) {
    const auto text = response.headers.find("Retry-After");
    if (!text) return {};
    std::int64_t seconds = 0;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    if (failed != std::errc() || end != text->data() + text->size() || seconds < 0) return {};
    return std::chrono::seconds(std::min<std::int64_t>(seconds, 1'000'000));
}

Error refusal(const ServiceCall& call, const net::Response& response) {
    const std::string_view shown = utf8_prefix(response.body, kShownAnswerBytes);
    return {ErrorCode::Unavailable,
            fmt::format("{} answered with status {}{}{}{}", call.service, response.code, shown.empty() ? "" : ": ",
                        repaired_utf8(std::string(shown)), shown.size() < response.body.size() ? "…" : "")};
}

Result<void> pause_for(Duration pause, plugin::TaskContext& context) {
    const auto until = std::chrono::steady_clock::now() + pause;
    const std::stop_token stop = context.stop_token();
    Waker nobody;
    while (!stop.stop_requested()) {
        const auto left = until - std::chrono::steady_clock::now();
        if (left <= Duration{0}) return {};
        nobody.wait(stop, std::chrono::ceil<Duration>(left));
    }
    return refuse(ErrorCode::Cancelled, "stopped while it waited to try again");
}

}  // namespace

Result<net::Response> deliver(const ServiceCall& call, plugin::TaskContext& context) {
    Duration pause = kFirstPause;
    for (int tries = 1;; ++tries, pause *= 2) {
        auto response = context.http().send(call.request, context.stop_token());
        if (response && response->code < 400) return response;
        const bool again = response ? is_busy(response->code) : response.error().code == ErrorCode::Unavailable;
        Error error = response ? refusal(call, *response) : response.error();
        if (!response) error.message = fmt::format("{} can't be reached: {}", call.service, error.message);
        if (!again || tries == kMostTries) return tl::unexpected(std::move(error));
        const Duration wanted = response ? asked_pause(*response).value_or(pause) : pause;
        if (wanted > kLongestPause) {
            error.message +=
                fmt::format("; it asks to wait for {}, which only a retry of the task can do", for_people(wanted));
            return tl::unexpected(std::move(error));
        }
        context.log(LogLevel::Warn, fmt::format("{}; trying again in {}", error.message, for_people(wanted)));
        if (auto waited = pause_for(wanted, context); !waited) return tl::unexpected(waited.error());
    }
}

Result<Value> deliver_for_json(const ServiceCall& call, plugin::TaskContext& context) {
    const auto response = deliver(call, context);
    if (!response) return tl::unexpected(response.error());
    auto answer = parse_json(response->body);
    if (answer) return answer;
    return refuse(ErrorCode::Unavailable, "{} answered with something that is not JSON: {}", call.service,
                  repaired_utf8(std::string(utf8_prefix(response->body, kShownAnswerBytes))));
}

net::Request json_post(std::string url, const Value& body) {
    net::Request out;
    out.method = "POST";
    out.url = std::move(url);
    out.headers.add("Content-Type", "application/json");
    out.body = to_json(body);
    return out;
}

Result<std::string> needed_text(const Value& properties, std::string_view name) {
    const auto value = properties.get(name);
    std::string text = value && !value->is_null() ? plugin::text_of(*value) : "";
    if (text.empty()) return invalid("property '{}': a value is needed", name);
    return text;
}

}  // namespace sluice::tasks
