#pragma once
#include <map>

#include "net/client.h"
#include "plugin/records.h"
#include "plugin/task_catalog.h"
#include "process/supervisor.h"
#include "storage/memory_storage.h"
#include "support/environment.h"
#include "tasks/settings.h"

namespace sluice::test {

class RigKeyValues : public plugin::KeyValues {
  public:
    std::map<std::string, plugin::KeyValue> rows{};  // "namespace/key"
    std::optional<Duration> last_ttl{};

    std::optional<plugin::KeyValue> find(const std::string& name_space, const std::string& key) override;
    bool set(const std::string& name_space, const plugin::KeyValue& value, std::optional<Duration> ttl,
             bool overwrite) override;
    bool remove(const std::string& name_space, const std::string& key) override;
    std::vector<std::string> keys(const std::string& name_space, const std::string& prefix) override;
};

/// Records what it was asked for.
class RigRecords : public plugin::ExecutionRecords {
  public:
    plugin::RecordFilter filter{};
    std::map<std::string, std::int64_t> counts{};  // by "namespace" or "namespace/flow"
    std::vector<std::string> ids{};                // of executions that are over
    std::vector<plugin::LogRecord> lines{};
    std::vector<std::vector<Value>> pieces{};  // outputs of children
    std::string asked_children_of{};
    std::map<std::string, plugin::ExecutionSummary> summaries{};
    std::vector<std::string> resumed{}, purged{}, toggled{};

    std::int64_t count(const plugin::RecordFilter& wanted) override;
    std::vector<std::string> ended(const plugin::RecordFilter& wanted, const std::string& after,
                                   std::size_t most) override;
    std::optional<flow::FlowId> flow_of(const std::string& execution_id) override;
    std::optional<plugin::ExecutionSummary> summary(const std::string& execution_id) override;
    Result<void> resume(const std::string& execution_id, const Value& inputs) override;
    std::vector<plugin::LogRecord> logs(const plugin::RecordFilter& wanted, std::int64_t after,
                                        std::size_t most) override;
    std::optional<std::vector<Value>> outputs_of_children(const plugin::TaskPlace& place, const std::string& task_id,
                                                          std::int64_t piece) override;
    plugin::PurgeCount purge(const std::vector<std::string>& execution_ids, const plugin::PurgeWhat& what) override;
    std::int64_t purge_logs(const plugin::RecordFilter& wanted) override;
    Result<void> set_trigger_disabled(const flow::FlowId& flow, const std::string& trigger, bool disabled,
                                      const std::string& by) override;
};

/// Flows in memory; their text is read by the flow reader.
/// The defaults, on a machine without a container engine.
tasks::Settings without_engine();

/// The built-in types, as they are without settings.
const plugin::TaskCatalog& usual_catalog();

class RigFlows : public plugin::FlowRecords {
  public:
    std::map<flow::FlowId, plugin::StoredFlow> stored{};

    std::vector<plugin::StoredFlow> flows(const std::string& name_space, bool below) override;
    std::vector<std::string> namespaces() override;
    Result<flow::FlowId> check(const std::string& source) override;
    Result<std::vector<plugin::SavedFlow>> apply(const plugin::FlowChanges& changes) override;
};

/// Everything that a task may use, in memory; processes and HTTP are real. Runs one task of a given YAML as a worker
/// would: read by the flow reader, rendered, run.
class TaskRig : public plugin::TaskContext {
  public:
    TaskRig();
    explicit TaskRig(const tasks::Settings& settings);
    ~TaskRig() override;

    /// `yaml`: the task's own properties. Its id is "t"; `part`: of a task that the reader makes of it, "t_split".
    Result<Value> run(const std::string& type, const std::string& yaml, const std::string& part = "t");
    /// The same for a trigger: what one evaluation puts out.
    Result<Value> poll(const std::string& type, const std::string& yaml);

    /// The same with a type that is not built in, and properties as the flow's reader would give them.
    Result<Value> run_type(const plugin::TaskType& type, const Value& properties);

    // What the task sees
    Value names{Map()};
    TestEnvironment environment{};
    storage::MemoryStorage files{};
    std::stop_source stop{};
    std::string step{};
    bool shared = false;  // the working directory
    RigKeyValues keys{};
    RigRecords records{};
    RigFlows flows{};

    // What it did
    struct Line {
        LogLevel level;
        std::string message;
    };
    struct Measure {
        std::string name, kind;
        double value;
        Value tags;
    };
    std::vector<Line> lines{};
    std::vector<Measure> metrics{};
    Value kept{};
    std::optional<State> end{};
    std::function<void(const std::string& message)> on_log = [](const std::string&) {};

    std::string log_text() const;  // "INFO one|ERROR two"
    std::string file(const std::string& address) const;
    void put_file(const std::string& address, const std::string& text);
    std::optional<double> metric_value(const std::string& name) const;

    // TaskContext
    const plugin::TaskPlace& place() const override { return place_; }
    const flow::Task& task() const override { return *task_; }
    const Value& variables() const override { return names; }
    void log(LogLevel level, std::string message) override;
    void metric(std::string name, std::string kind, double value, Value tags) override;
    Result<std::string> render(std::string_view text, const Map& more) override;
    Result<Value> render_typed(std::string_view text, const Map& more) override;
    Result<Value> render_tree(const Value& tree, const Map& more) override;
    void hide(std::string credential) override { credentials.push_back(std::move(credential)); }
    bool holds_secret(std::string_view text) override;
    void keep_outputs(Value outputs) override { kept = std::move(outputs); }
    void end_as(State state) override { end = state; }
    std::stop_token stop_token() const override { return stop.get_token(); }
    storage::Storage& storage() override { return files; }
    net::Client& http() override { return client_; }
    process::Supervisor& processes() override;
    std::filesystem::path working_directory() override { return made("work"); }
    bool shares_folder() const override { return shared; }
    std::string_view folder_step() const override { return step; }
    std::filesystem::path scratch_directory() override { return made("scratch"); }
    Result<storage::Uri> file_address(std::string_view name) override;
    plugin::KeyValues& key_values() override { return keys; }
    plugin::ExecutionRecords& execution_records() override { return records; }
    Value remembered() const override { return memory; }
    void remember(Value state) override { memory = std::move(state); }
    void when_stored(std::function<Result<void>()> action) override { rest.push_back(std::move(action)); }
    plugin::FlowRecords& flow_records() override { return flows; }
    void set_label(std::string key, std::string value) override { labels[key] = value; }
    void set_variables(Value variables) override { set = std::move(variables); }
    void unset_variable(std::string name) override { unset.push_back(std::move(name)); }
    void exit_execution(State state) override { exit = state; }

    std::vector<std::string> credentials{};
    std::map<std::string, std::string> labels{};
    Value set{};
    std::vector<std::string> unset{};
    std::optional<State> exit{};
    Value memory{};
    std::vector<std::function<Result<void>()>> rest{};  // a test runs it, or not

  private:
    const plugin::TaskCatalog& catalog() const;
    Value with(const Map& more) const;
    std::filesystem::path made(const char* name) const;

    std::unique_ptr<plugin::TaskCatalog> own_catalog_{};  // of settings of its own
    std::filesystem::path folder_{};
    net::Client client_{};
    plugin::TaskPlace place_{};
    flow::FlowPtr flow_{};
    flow::Task own_task_{};
    const flow::Task* task_ = nullptr;
    std::vector<std::string> hidden() const;
};

}  // namespace sluice::test
