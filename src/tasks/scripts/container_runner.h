#pragma once
#include "tasks/docker/container_options.h"
#include "tasks/docker/engine.h"
#include "tasks/scripts/script_job.h"

namespace sluice::tasks {

/// Runs a script in a container.
///
/// keeps_folder  the working directory comes back with what the script changed
/// Errors  as run_container
Result<ScriptEnd> run_in_container(const ScriptJob& job, Engine& engine, const ContainerOptions& options,
                                   const std::string& image, bool keeps_folder, plugin::TaskContext& context);

}  // namespace sluice::tasks
