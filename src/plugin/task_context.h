#pragma once
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/log.h"
#include "flow/flow.h"
#include "storage/uri.h"
#include "value/value.h"

namespace sluice::net {
class Client;
}
namespace sluice::process {
class Supervisor;
}
namespace sluice::storage {
class Storage;
}

namespace sluice::plugin {

class KeyValues;
class ExecutionRecords;
class FlowRecords;

/// Where a task runs, in the words of paths and expressions.
struct TaskPlace {
    flow::FlowId flow{};
    std::int64_t flow_revision = 0;
    ExecutionId execution_id{};
    std::string task_id{};
    TaskRunId task_run_id{};
    int attempt = 0;  // from 0
};

/// What running a task may use. A light task runs inside the executor's transaction: for it, everything that does I/O
/// is not there, and asking for it is a BugError.
class TaskContext {
  public:
    virtual ~TaskContext() = default;

    virtual const TaskPlace& place() const = 0;
    /// The task as it stands in the flow; its properties are not rendered.
    virtual const flow::Task& task() const = 0;
    /// The names that its expressions see.
    virtual const Value& variables() const = 0;

    virtual void log(LogLevel level, std::string message) = 0;
    /// kind: counter, timer (value in seconds) or gauge
    virtual void metric(std::string name, std::string kind, double value, Value tags = {}) = 0;

    /// Renders with the task's variables, and more on top of them.
    /// Errors  Expression, with the place in the text
    virtual Result<std::string> render(std::string_view text, const Map& more = {}) = 0;
    virtual Result<Value> render_typed(std::string_view text, const Map& more = {}) = 0;
    virtual Result<Value> render_tree(const Value& tree, const Map& more = {}) = 0;

    /// From now on this text is masked in log lines and errors, as what secret() gave is.
    virtual void hide(std::string) {}
    /// Whether a text shows something that is masked: then it must not be an argument of a process, which all users of
    /// the machine see.
    virtual bool holds_secret(std::string_view) { return false; }

    /// Outputs that are kept when the task then fails.
    virtual void keep_outputs(Value outputs) = 0;
    /// Ends the task in another state than SUCCESS although it did not fail.
    virtual void end_as(State state) = 0;

    // ---- on a worker only
    /// Asked to stop: killed, timed out, or the worker lost its lease.
    virtual std::stop_token stop_token() const = 0;
    virtual storage::Storage& storage() = 0;
    virtual net::Client& http() = 0;
    virtual process::Supervisor& processes() = 0;
    /// A private folder, made at the first call and removed after the task. Tasks of a WorkingDirectory share one.
    virtual std::filesystem::path working_directory() = 0;
    /// Whether other tasks see that folder, too.
    virtual bool shares_folder() const { return false; }
    /// Of a WorkingDirectory itself: whether its folder is to be filled ("open") or emptied ("close"). Else ""
    virtual std::string_view folder_step() const = 0;
    /// Another one, for what a task needs beside it: nobody's globs look there.
    virtual std::filesystem::path scratch_directory() = 0;
    /// Where a file of this attempt is to be stored; `name` may have folders. An attempt that was given up and still
    /// writes has other addresses. See plugin/task_files.h
    virtual Result<storage::Uri> file_address(std::string_view name) = 0;
    virtual KeyValues& key_values() = 0;
    virtual ExecutionRecords& execution_records() = 0;
    virtual FlowRecords& flow_records() = 0;

    // ---- of a trigger that a worker evaluates
    /// What the evaluation before this one left; null: nothing.
    virtual Value remembered() const { throw BugError("only a trigger remembers"); }
    /// Left for the next one, stored in one transaction with the execution, if it starts one.
    virtual void remember(Value) { throw BugError("only a trigger remembers"); }
    /// Done after that transaction: what must not happen unless the execution exists. It may be lost with the worker.
    virtual void when_stored(std::function<Result<void>()>) { throw BugError("only a trigger is stored"); }

    // ---- in the executor only
    virtual void set_label(std::string key, std::string value) = 0;
    virtual void set_variables(Value variables) = 0;
    virtual void unset_variable(std::string name) = 0;
    virtual void exit_execution(State state) = 0;
};

}  // namespace sluice::plugin
