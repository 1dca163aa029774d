#include "plugin/external/conversation.h"

#include "base/utf8.h"
#include "plugin/task_files.h"
#include "process/supervisor.h"
#include "storage/storage.h"
#include "value/json.h"

namespace sluice::plugin {
namespace {

constexpr std::size_t kLongestLine = 16 * 1024 * 1024;
constexpr std::size_t kMostOutputBytes = 64 * 1024 * 1024;
constexpr std::size_t kShownInLog = 200;
constexpr std::size_t kLastWords = 3;

std::string cut_for_log(std::string_view text) {
    const std::string_view cut = utf8_prefix(text, kShownInLog);
    return std::string(cut) + (cut.size() < text.size() ? "…" : "");
}

/// Where a file of the plugin is: below the task's folder.
Result<std::filesystem::path> path_in(const std::filesystem::path& folder, const std::string& name) {
    const std::filesystem::path path = (folder / name).lexically_normal();
    const std::filesystem::path inside = path.lexically_relative(folder);
    if (name.empty() || inside.empty() || *inside.begin() == ".." || inside == ".") {
        return invalid("the path '{}' is not below the task's folder {}", name, folder.string());
    }
    return path;
}

}  // namespace

Conversation::Conversation(const Manifest& manifest, const std::string& type, TaskContext& context)
    : manifest_(manifest),
      type_(type),
      context_(context),
      folder_(context.working_directory()),
      leash_({.heartbeat = manifest.heartbeat, .kill_grace = manifest.kill_grace}, context.stop_token()) {}

Result<Value> Conversation::run(const Value& properties) {
    if (!leash_.send(start_message(properties))) {
        return refuse(ErrorCode::TooLarge, "the properties of the task are too large for a plugin: at most 64 MiB");
    }
    const process::Callbacks callbacks{.on_line = [this](process::Line&& line) { take(std::move(line)); },
                                       .on_start = [this](pid_t) { leash_.started(); }};
    const auto ended = context_.processes().run(command(), callbacks, leash_.process_stop());
    if (!ended) {
        Error error = ended.error();
        error.message = fmt::format("the plugin of {} could not be started: {}", type_, error.message);
        return tl::unexpected(std::move(error));
    }
    return outcome(*ended);
}

process::Command Conversation::command() const {
    process::Command out;
    out.arguments = manifest_.command;
    out.environment = process::harmless_environment();
    for (const auto& [name, value] : manifest_.environment) out.environment[name] = value;
    out.directory = folder_.string();
    out.input_descriptor = leash_.reading_end();
    out.grace = 2s;
    out.longest_line_bytes = kLongestLine;
    return out;
}

std::string Conversation::start_message(const Value& properties) const {
    const TaskPlace& place = context_.place();
    return to_json(Value{{"type", "start"},
                         {"protocol", kProtocolVersion},
                         {"task", Value{{"type", type_},
                                        {"id", place.task_id},
                                        {"namespace", place.flow.namespace_name},
                                        {"flow", place.flow.id},
                                        {"execution", place.execution_id.text()},
                                        {"attempt", place.attempt}}},
                         {"properties", properties},
                         {"folder", folder_.string()}});
}

void Conversation::take(process::Line&& line) {
    leash_.heard();
    if (line.stream == process::Stream::Error) return take_error_line(std::move(line));
    if (!broken_.empty()) return;
    if (line.continues) return break_off("it wrote a line of more than 16 MiB; large data belong into files");
    if (!line.text.empty()) take_message(line.text);
}

void Conversation::take_error_line(process::Line&& line) {
    error_lines_.push_back(cut_for_log(line.text));
    if (error_lines_.size() > kLastWords) error_lines_.pop_front();
    context_.log(LogLevel::Warn, std::move(line.text));
}

void Conversation::take_message(const std::string& text) {
    const auto message = parse_json(text);
    if (!message || !message->is_map() || message->text("type").empty()) {
        return break_off(
            fmt::format("its standard output is for messages, one JSON object with a 'type' a line, but it "
                        "wrote '{}'; anything else belongs on standard error",
                        cut_for_log(text)));
    }
    if (verdict_) return context_.log(LogLevel::Warn, "The plugin wrote after its result: " + cut_for_log(text));
    const std::string kind = message->text("type");
    if (kind == "output" || kind == "result") output_bytes_ += text.size();
    if (auto obeyed = obey(kind, *message); !obeyed) {
        break_off(fmt::format("its message '{}' can't be used: {}", cut_for_log(text), obeyed.error().message));
    }
}

Result<void> Conversation::obey(const std::string& kind, const Value& message) {
    if (kind == "log") return take_log(message);
    if (kind == "metric") return take_metric(message);
    if (kind == "output") return take_outputs(message["values"]);
    if (kind == "file") return answer_file(message);
    if (kind == "heartbeat") return {};
    if (kind == "result") return take_result(message);
    return invalid("expected the type log, metric, output, file, heartbeat or result, found '{}'", kind);
}

Result<void> Conversation::take_log(const Value& message) {
    LogLevel level = LogLevel::Info;
    if (const auto given = message.get("level"); given && !given->is_null()) {
        if (auto read = convert(*given, level); !read) return read;
    }
    context_.log(level, text_of(message["message"]));
    return {};
}

Result<void> Conversation::take_metric(const Value& message) {
    double value = 0;
    if (message.text("name").empty()) return invalid("a metric needs a 'name'");
    if (auto read = convert(message["value"], value); !read) return read;
    const std::string kind = message.get("kind") ? message.text("kind") : "counter";
    if (kind != "counter" && kind != "timer" && kind != "gauge") {
        return invalid("expected the kind counter, timer or gauge, found '{}'", kind);
    }
    context_.metric(message.text("name"), kind, value, message["tags"]);
    return {};
}

Result<void> Conversation::take_outputs(const Value& values) {
    if (values.is_null()) return {};
    if (!values.is_map()) return invalid("expected outputs as an object");
    if (output_bytes_ > kMostOutputBytes)
        return invalid("its outputs have more than 64 MiB; large data belong into files");
    for (const auto& [name, value] : values.as_map()) outputs_.set(name, value);
    return {};
}

Result<void> Conversation::take_result(const Value& message) {
    PluginVerdict verdict;
    const std::string state = message.get("state") ? message.text("state") : "SUCCESS";
    if (state == "WARNING")
        verdict.state = State::Warning;
    else if (state == "FAILED")
        verdict.state = State::Failed;
    else if (state != "SUCCESS")
        return invalid("expected the state SUCCESS, WARNING or FAILED, found '{}'", state);
    verdict.message = text_of(message["message"]);
    if (auto taken = take_outputs(message["outputs"]); !taken) return taken;
    verdict_ = std::move(verdict);
    leash_.done();
    return {};
}

/// What can't be done is the plugin's to hear: it may know what else to do.
Result<void> Conversation::answer_file(const Value& message) {
    Map answer{{"type", "file"}, {"id", message["id"]}};
    try {
        auto moved = move_file(message);
        if (moved) {
            for (const auto& [name, value] : *moved) answer.set(name, value);
        } else {
            answer.set("error", moved.error().message);
        }
    } catch (const OutsideError& failed) {
        answer.set("error", failed.what());
    }
    if (!leash_.send(to_json(Value(std::move(answer))))) return invalid("it does not read its standard input");
    return {};
}

/// {"put": path} into the storage, or {"get": address} out of it.
Result<Map> Conversation::move_file(const Value& message) {
    if (const auto put = message.get("put")) {
        const auto path = path_in(folder_, text_of(*put));
        if (!path) return tl::unexpected(path.error());
        const std::string name = message.get("name") ? message.text("name") : path->filename().string();
        auto address = store_file(context_, *path, name);
        if (!address) return tl::unexpected(address.error());
        return Map{{"uri", std::move(*address)}};
    }
    const auto get = message.get("get");
    if (!get) return invalid("a file message needs 'put' with a path, or 'get' with an address");
    const std::string address = text_of(*get);
    const std::string name =
        message.get("name") ? message.text("name") : address.substr(std::min(address.rfind('/') + 1, address.size()));
    const auto path = path_in(folder_, name);
    if (!path) return tl::unexpected(path.error());
    if (auto fetched = fetch_file(context_, address, *path); !fetched) return tl::unexpected(fetched.error());
    return Map{{"path", path->string()}};
}

void Conversation::break_off(std::string why) {
    if (broken_.empty()) broken_ = std::move(why);
    leash_.break_off();
}

Result<Value> Conversation::outcome(const process::Outcome& ended) {
    const bool fenced = ended.end == process::End::Fenced;
    if (context_.stop_token().stop_requested() || fenced) {
        if (!outputs_.empty()) context_.keep_outputs(Value(outputs_));
        return refuse(ErrorCode::Cancelled, "the plugin was stopped before its end");
    }
    // One that lingers after its result has done its work; that it had to be ended is only worth a line.
    const bool lingered = leash_.why() == Leash::Why::Lingers;
    if (verdict_ && lingered) context_.log(LogLevel::Warn, "The plugin did not end within 5 s after its result");
    const bool good =
        verdict_ && broken_.empty() && verdict_->state != State::Failed && (lingered || ended.succeeded());
    if (!good) {
        if (!outputs_.empty()) context_.keep_outputs(Value(outputs_));
        return tl::unexpected(failure(ended));
    }
    if (verdict_->state == State::Warning) {
        context_.end_as(State::Warning);
        if (!verdict_->message.empty()) context_.log(LogLevel::Warn, verdict_->message);
    }
    return Value(std::move(outputs_));
}

Error Conversation::failure(const process::Outcome& ended) const {
    const auto told = [&](ErrorCode code, std::string what) {
        return Error{code, fmt::format("the plugin of {} {}{}", type_, what, last_words())};
    };
    if (!broken_.empty()) return told(ErrorCode::Unavailable, "broke the protocol: " + broken_);
    if (leash_.why() == Leash::Why::Silent) {
        return told(ErrorCode::Timeout,
                    fmt::format("was silent for {}: it should tell a heartbeat more often than that",
                                to_iso(manifest_.heartbeat)));
    }
    if (verdict_ && verdict_->state == State::Failed) {
        if (!verdict_->message.empty()) return {ErrorCode::Unavailable, verdict_->message};
        return told(ErrorCode::Unavailable, "said FAILED and no reason");
    }
    std::string how = ended.end == process::End::OutOfMemory ? "ran out of memory"
                      : ended.exit_code                      ? fmt::format("ended with exit code {}", *ended.exit_code)
                                                             : fmt::format("was ended by signal {}", ended.signal);
    how += verdict_ ? " although its result was good" : " before it gave a result";
    return told(ErrorCode::Unavailable, how);
}

std::string Conversation::last_words() const {
    std::string out;
    for (const std::string& line : error_lines_) out += (out.empty() ? "; its last words: " : " | ") + line;
    return out;
}

}  // namespace sluice::plugin
