#pragma once
#include "base/utf8.h"
#include "plugin/task_context.h"
#include "store/environment.h"
#include "store/logs.h"
#include "worker/worker.h"

namespace sluice::worker {

/// What evaluating a trigger may use: expressions without an execution, HTTP, processes, a folder, and a log.
class PollContext : public plugin::TaskContext {
  public:
    /// execution  that it will start, if it does
    /// remembered  what the evaluation before left
    /// folder      that it may make and use; it is gone at the end
    PollContext(const flow::Flow& flow, const flow::Trigger& trigger, ExecutionId execution, Value remembered,
                pg::Pool& pool, const Tools& tools, std::filesystem::path folder, std::stop_token stop);
    ~PollContext() override;

    std::vector<store::LogWrite> take_logs() { return std::move(logs_); }
    std::optional<Value> take_memory() { return std::move(memory_); }
    /// Does what waited for the evaluation to be stored.
    /// Errors  that of the first that failed
    Result<void> do_the_rest();

    const plugin::TaskPlace& place() const override { return place_; }
    const flow::Task& task() const override { return as_task_; }
    const Value& variables() const override { return variables_; }
    void log(LogLevel level, std::string message) override;
    void metric(std::string, std::string, double, Value) override {}
    Result<std::string> render(std::string_view text, const Map& more = {}) override;
    Result<Value> render_typed(std::string_view text, const Map& more = {}) override;
    Result<Value> render_tree(const Value& tree, const Map& more = {}) override;
    void hide(std::string credential) override { environment_.hide(std::move(credential)); }
    bool holds_secret(std::string_view text) override { return environment_.holds_secret(text); }
    /// What is stored of the execution that it starts.
    Value without_secrets(Value value) { return environment_.without_secrets(std::move(value)); }
    /// As it may be stored: what a server or a file said may be in any encoding.
    std::string masked(std::string text) { return environment_.masked(repaired_utf8(std::move(text))); }
    void keep_outputs(Value) override {}
    void end_as(State) override {}

    std::stop_token stop_token() const override { return stop_; }
    storage::Storage& storage() override { return tools_.storage; }
    net::Client& http() override { return tools_.http; }
    process::Supervisor& processes() override { return tools_.processes; }
    std::filesystem::path working_directory() override { return made("work"); }
    std::string_view folder_step() const override { return ""; }
    std::filesystem::path scratch_directory() override { return made("scratch"); }
    Result<storage::Uri> file_address(std::string_view name) override;
    plugin::KeyValues& key_values() override { not_here("keys and values"); }
    plugin::ExecutionRecords& execution_records() override { not_here("other executions"); }
    plugin::FlowRecords& flow_records() override { not_here("flows"); }

    Value remembered() const override { return remembered_; }
    void remember(Value state) override { memory_ = std::move(state); }
    void when_stored(std::function<Result<void>()> action) override { rest_.push_back(std::move(action)); }

    void set_label(std::string, std::string) override { not_here("labels"); }
    void set_variables(Value) override { not_here("variables"); }
    void unset_variable(std::string) override { not_here("variables"); }
    void exit_execution(State) override { not_here("an execution"); }

  private:
    [[noreturn]] void not_here(std::string_view what) const;
    Value with(const Map& more) const;
    std::filesystem::path made(std::string_view name);

    const flow::Trigger& trigger_;
    pg::Pool& pool_;
    const Tools& tools_;
    const std::stop_token stop_;
    plugin::TaskPlace place_;
    flow::Task as_task_{};
    store::Environment environment_;
    const std::filesystem::path folder_;  // made when it is first asked for
    Value variables_{};
    std::vector<store::LogWrite> logs_{};
    Value remembered_;
    std::optional<Value> memory_{};
    std::vector<std::function<Result<void>()>> rest_{};
};

}  // namespace sluice::worker
