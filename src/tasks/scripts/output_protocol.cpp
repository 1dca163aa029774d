#include "tasks/scripts/output_protocol.h"

#include "base/utf8.h"
#include "plugin/convert.h"
#include "value/json.h"

namespace sluice::tasks {

namespace output_protocol {

constexpr std::string_view kBegin = "::";
constexpr std::string_view kEnd = "}::";
constexpr int kMostTries = 16;       // ends that may stand inside a text of one message
constexpr std::size_t kShown = 500;  // of what can't be read

std::string shortened(std::string_view text) {
    return text.size() <= kShown ? std::string(text) : std::string(utf8_prefix(text, kShown)) + "…";
}

/// The first message of the text, and how long it is with its colons. Empty: there is none that can be read.
std::optional<std::pair<Value, std::size_t>> first_message(std::string_view text) {
    std::size_t from = 0;
    for (int tries = 0; tries < kMostTries; ++tries) {
        const std::size_t end = text.find(kEnd, from);
        if (end == std::string_view::npos) return {};
        auto read = parse_json(text.substr(kBegin.size(), end + 1 - kBegin.size()));
        if (read && read->is_map()) return std::pair{std::move(*read), end + kEnd.size()};
        from = end + 1;
    }
    return {};
}

}  // namespace output_protocol

bool OutputProtocol::take(std::string_view line) {
    using namespace output_protocol;
    if (!line.starts_with("::{") || !line.ends_with(kEnd) || line.size() < 6) return false;
    if (const auto whole = parse_json(line.substr(kBegin.size(), line.size() - 2 * kBegin.size()));
        whole && whole->is_map()) {
        take_message(*whole);
        return true;
    }
    // Several messages, because a program printed them without line ends.
    for (std::string_view rest = line; !rest.empty();) {
        const auto next = rest.starts_with("::{") ? first_message(rest) : std::nullopt;
        if (!next) {
            const auto reason = parse_json(rest.substr(kBegin.size(), rest.size() - 2 * kBegin.size()));
            context_.log(LogLevel::Warn,
                         fmt::format("Invalid outputs '{}'{}{}", shortened(rest.substr(2, rest.size() - 4)),
                                     reason ? "" : ": ", reason ? "" : reason.error().message));
            return true;
        }
        take_message(next->first);
        rest.remove_prefix(next->second);
        while (rest.starts_with(' ')) rest.remove_prefix(1);
    }
    return true;
}

bool OutputProtocol::take_piece(std::string_view piece, bool continues) {
    if (!in_long_message_ && !(continues && piece.starts_with("::{"))) return false;
    if (!in_long_message_) {
        context_.log(LogLevel::Warn, fmt::format("Outputs on one line of more than {} bytes are not read: write them "
                                                 "to a file and name it in outputFiles",
                                                 piece.size()));
    }
    in_long_message_ = continues;
    return true;
}

void OutputProtocol::take_message(const Value& message) {
    take_outputs(message["outputs"]);
    take_metrics(message["metrics"]);
    take_logs(message["logs"]);
}

void OutputProtocol::take_outputs(const Value& outputs) {
    if (!outputs.is_map()) return;
    for (const auto& [key, value] : outputs.as_map()) outputs_.set(key, value);
}

void OutputProtocol::take_metrics(const Value& metrics) {
    if (!metrics.is_list()) return;
    for (const Value& one : metrics.as_list()) {
        double value = 0;
        const std::string name = one.text("name");
        const std::string kind = one.get("type") ? one.text("type") : "counter";
        const bool known = kind == "counter" || kind == "timer" || kind == "gauge";
        if (name.empty() || !known || !plugin::convert(one["value"], value)) {
            context_.log(LogLevel::Warn, fmt::format("Invalid metric '{}': expected name, type (counter, timer or "
                                                     "gauge) and value (a number)",
                                                     to_json(one)));
            continue;
        }
        context_.metric(name, kind, value, one["tags"]);
    }
}

void OutputProtocol::take_logs(const Value& logs) {
    if (!logs.is_list()) return;
    for (const Value& one : logs.as_list()) {
        LogLevel level = LogLevel::Info;
        if (const auto told = one.get("level"); told && !plugin::convert(*told, level)) level = LogLevel::Info;
        context_.log(level, plugin::text_of(one["message"]));
    }
}

}  // namespace sluice::tasks
