#pragma once
#include "tasks/docker/container_options.h"
#include "tasks/docker/engine.h"
#include "tasks/scripts/language.h"
#include "tasks/scripts/process_runner.h"
#include "tasks/scripts/script_properties.h"

namespace sluice::tasks {

/// Where a script runs: in a container of this engine, or, without one, as a process.
struct RunnerChoice {
    std::optional<Engine> engine{};
    ContainerOptions container{};
    std::string image{};
    ProcessOptions process{};
};

/// `taskRunner` decides, then the older `runner`, then whether an image or options of containers are named, then the
/// configuration. Without a container engine a script that wants a container runs as a process, with a warning, or
/// fails, as the configuration says. Errors  Unavailable: there is no engine; what is wrong with a runner's properties
Result<RunnerChoice> choose_runner(const ScriptProperties& want, const Language& language, const Settings& settings,
                                   plugin::TaskContext& context);

}  // namespace sluice::tasks
