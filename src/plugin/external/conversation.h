#pragma once
#include <deque>

#include "plugin/external/leash.h"
#include "plugin/external/manifest.h"
#include "plugin/task_type.h"
#include "process/process.h"

namespace sluice::plugin {

/// What a plugin's result says.
struct PluginVerdict {
    State state = State::Success;
    std::string message{};
};

/// One run of a task by a plugin's process, seen from the server: takes its lines, answers them, and says how it ended.
/// Whatever the process does, the outcome is one result or one error.
/// Source  PROTOCOL.md
class Conversation {
  public:
    Conversation(const Manifest& manifest, const std::string& type, TaskContext& context);

    Result<Value> run(const Value& properties);

  private:
    process::Command command() const;
    std::string start_message(const Value& properties) const;
    void take(process::Line&& line);
    void take_message(const std::string& text);
    Result<void> obey(const std::string& kind, const Value& message);
    Result<void> take_log(const Value& message);
    Result<void> take_metric(const Value& message);
    Result<void> take_outputs(const Value& values);
    Result<void> take_result(const Value& message);
    Result<void> answer_file(const Value& message);
    Result<Map> move_file(const Value& message);
    void take_error_line(process::Line&& line);
    void break_off(std::string why);
    Result<Value> outcome(const process::Outcome& ended);
    Error failure(const process::Outcome& ended) const;
    std::string last_words() const;

    const Manifest& manifest_;
    const std::string type_;
    TaskContext& context_;
    const std::filesystem::path folder_;
    Leash leash_;
    Map outputs_{};
    std::size_t output_bytes_ = 0;
    std::optional<PluginVerdict> verdict_{};
    std::string broken_{};  // how it broke the protocol
    std::deque<std::string> error_lines_{};
};

}  // namespace sluice::plugin
