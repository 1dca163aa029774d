#pragma once
#include <fstream>
#include <mutex>

#include "base/guarded.h"
#include "plugin/task_context.h"
#include "worker/reporter.h"
#include "worker/running_task.h"
#include "worker/shared_folders.h"
#include "worker/worker.h"
#include "worker/worker_records.h"

namespace sluice::worker {

/// Where tasks of this worker work.
struct Folders {
    std::filesystem::path own{};  // of this process
    SharedFolders* shared = nullptr;
};

/// What a task on a worker may use. Its working directory, if it has one, is gone when this is.
class WorkerContext : public plugin::TaskContext {
  public:
    WorkerContext(RunningTask& task, pg::Pool& pool, pg::Signals& signals, const Tools& tools, Reporter& reporter,
                  KeyReader& keys, const Folders& folders);
    ~WorkerContext() override;

    const plugin::TaskPlace& place() const override { return place_; }
    const flow::Task& task() const override { return task_.task(); }
    /// Made when they are asked for the first time: many tasks never do.
    const Value& variables() const override;
    void log(LogLevel level, std::string message) override;
    void metric(std::string name, std::string kind, double value, Value tags) override;
    Result<std::string> render(std::string_view text, const Map& more) override;
    Result<Value> render_typed(std::string_view text, const Map& more) override;
    Result<Value> render_tree(const Value& tree, const Map& more) override;
    void hide(std::string credential) override { environment_.hide(std::move(credential)); }
    bool holds_secret(std::string_view text) override { return environment_.holds_secret(text); }
    void keep_outputs(Value outputs) override { kept_outputs_ = std::move(outputs); }
    void end_as(State state) override { end_state_ = state; }
    std::stop_token stop_token() const override { return task_.stop_token(); }
    storage::Storage& storage() override { return tools_.storage; }
    net::Client& http() override { return tools_.http; }
    process::Supervisor& processes() override {
        task_.note_children();
        return tools_.processes;
    }
    std::filesystem::path working_directory() override;
    bool shares_folder() const override { return task_.info().folder.has_value(); }
    std::string_view folder_step() const override { return task_.info().folder_step; }
    std::filesystem::path scratch_directory() override;
    Result<storage::Uri> file_address(std::string_view name) override;
    plugin::KeyValues& key_values() override { return key_values_; }
    plugin::ExecutionRecords& execution_records() override { return execution_records_; }
    plugin::FlowRecords& flow_records() override { return flow_records_; }

    void set_label(std::string, std::string) override { not_here(); }
    void set_variables(Value) override { not_here(); }
    void unset_variable(std::string) override { not_here(); }
    void exit_execution(State) override { not_here(); }

    /// The outputs as they may be stored.
    Value without_secrets(Value outputs) { return environment_.without_secrets(std::move(outputs)); }
    /// The outputs, or where they were put when they are too large for a row.
    /// Errors  the internal storage's
    Result<Value> fitting_outputs(Value outputs);
    /// logToFile: puts the lines into the internal storage. Returns their address; "" without any
    std::string close_log();

    const Value& kept_outputs() const { return kept_outputs_; }
    std::optional<State> end_state() const { return end_state_; }

  private:
    [[noreturn]] void not_here() const;
    void tell(engine::LogLine line);
    Value with(const Map& more) const;
    Value context_variables() const;
    std::filesystem::path own_folder(std::string_view name);

    RunningTask& task_;
    pg::Pool& pool_;
    const Tools& tools_;
    Reporter& reporter_;
    const Folders folders_;
    const Timestamp now_;
    plugin::TaskPlace place_;
    mutable store::Environment environment_;  // reads the outputs, too, that variables name
    WorkerKeyValues key_values_;
    WorkerExecutionRecords execution_records_;
    WorkerFlowRecords flow_records_;
    mutable std::once_flag variables_made_{};
    mutable Value variables_{};
    Value kept_outputs_{};
    std::optional<State> end_state_{};
    bool made_shared_ = false;
    Guarded<std::ofstream> log_file_{};
    std::filesystem::path folder_{};  // of this attempt, with the folders that it asked for; empty: none yet
};

}  // namespace sluice::worker
