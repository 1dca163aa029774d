#pragma once
#include "engine/facts.h"
#include "plugin/task_context.h"
#include "store/environment.h"

namespace sluice::executor {

/// What a task without I/O may use: it collects what the task does into a LightResult.
class LightContext : public plugin::TaskContext {
  public:
    LightContext(plugin::TaskPlace place, const flow::Task& task, const Value& variables,
                 store::Environment& environment);

    /// What it did, as it may be stored.
    engine::LightResult take();
    engine::LightResult& result() { return result_; }

    const plugin::TaskPlace& place() const override { return place_; }
    const flow::Task& task() const override { return task_; }
    const Value& variables() const override { return variables_; }
    void log(LogLevel level, std::string message) override;
    void metric(std::string name, std::string kind, double value, Value tags) override;
    Result<std::string> render(std::string_view text, const Map& more) override;
    Result<Value> render_typed(std::string_view text, const Map& more) override;
    Result<Value> render_tree(const Value& tree, const Map& more) override;
    void hide(std::string credential) override { environment_.hide(std::move(credential)); }
    bool holds_secret(std::string_view text) override { return environment_.holds_secret(text); }
    void keep_outputs(Value outputs) override { result_.outputs = std::move(outputs); }
    void end_as(State state) override { result_.state = state; }

    std::stop_token stop_token() const override { return {}; }
    storage::Storage& storage() override { not_here("the internal storage"); }
    net::Client& http() override { not_here("HTTP"); }
    process::Supervisor& processes() override { not_here("processes"); }
    std::filesystem::path working_directory() override { not_here("a working directory"); }
    std::string_view folder_step() const override { return ""; }
    std::filesystem::path scratch_directory() override { not_here("a scratch directory"); }
    Result<storage::Uri> file_address(std::string_view) override { not_here("the internal storage"); }
    plugin::KeyValues& key_values() override { not_here("keys and values"); }
    plugin::ExecutionRecords& execution_records() override { not_here("other executions"); }
    plugin::FlowRecords& flow_records() override { not_here("flows"); }

    void set_label(std::string key, std::string value) override {
        result_.labels.push_back({std::move(key), std::move(value)});
    }
    void set_variables(Value variables) override { result_.variables = std::move(variables); }
    void unset_variable(std::string name) override { result_.unset.push_back(std::move(name)); }
    void exit_execution(State state) override { result_.exit = state; }

  private:
    [[noreturn]] void not_here(std::string_view what) const;
    Value with(const Map& more) const;

    plugin::TaskPlace place_;
    const flow::Task& task_;
    const Value& variables_;
    store::Environment& environment_;
    engine::LightResult result_{};
};

}  // namespace sluice::executor
