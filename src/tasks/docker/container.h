#pragma once
/// Containers of tasks, and what becomes of them.
///
/// Promises
///  - A container that a task waits for is gone when the task is over, however it ends.
///  - One whose worker was killed is removed by the next worker that starts on that machine (remove_left_containers).
#include "plugin/task_context.h"
#include "process/process.h"
#include "tasks/docker/container_options.h"
#include "tasks/docker/engine.h"

namespace sluice::tasks {

struct ContainerWish {
    std::string image{};
    std::vector<std::string> arguments{};  // empty: what the image runs
    process::Environment environment{};
    std::filesystem::path folder{};                // where it starts; empty: as the image says
    std::vector<std::filesystem::path> folders{};  // of this machine that it sees, at the same place
    std::vector<std::filesystem::path> results{};  // of them, those that come back changed
    bool for_entry_point = false;                  // the arguments are those of the image's own program
    bool wait = true;                              // false: it is left running
    std::function<void(process::Line&&)> on_line{};
};

struct ContainerEnd {
    std::string id{};
    int code = 0;
    bool out_of_memory = false;
};

/// Pulls the image where that is needed, makes the container, runs it to its end, and removes it.
/// Errors  Cancelled; NotFound: no such image; what the engine says
Result<ContainerEnd> run_container(Engine& engine, const ContainerOptions& options, const ContainerWish& wish,
                                   plugin::TaskContext& context);

/// Names become parts of the engine's paths: they must not be other calls.
/// Errors  Invalid
Result<void> check_engine_name(const std::string& name);

/// Pulls an image.
Result<void> pull_image(Engine& engine, const RegistryAuth& auth, const std::string& image,
                        plugin::TaskContext& context);

/// Pushes an image.
Result<void> push_image(Engine& engine, const RegistryAuth& auth, const std::string& image,
                        plugin::TaskContext& context);

/// Removes containers that tasks of this machine left: their folders are gone. Returns how many there were; without an
/// engine there are none.
std::size_t remove_left_containers(net::Client& http, const DockerSettings& settings);

}  // namespace sluice::tasks
