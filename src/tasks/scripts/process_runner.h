#pragma once
#include "flow/type_info.h"
#include "tasks/scripts/script_job.h"
#include "tasks/settings.h"

namespace sluice::tasks {

/// Limits and walls of a script that runs as a process.
struct ProcessOptions {
    process::Limits limits{};
    bool sandbox = false;
    bool network = false;  // of the sandbox
};

/// What the runner core.runner.Process says, over the configuration.
/// Errors  Invalid
Result<ProcessOptions> process_options(const Value& runner, const ScriptSettings& settings);

/// The properties of core.runner.Process.
std::vector<flow::Property> process_runner_properties();

/// Runs it as a process of the worker, with all that it starts.
/// Errors  Cancelled; Timeout; NotFound: a program that is not there
Result<ScriptEnd> run_as_process(const ScriptJob& job, const ProcessOptions& options, plugin::TaskContext& context);

}  // namespace sluice::tasks
