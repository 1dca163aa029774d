#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "object_store/signature.h"
#include "process/process.h"

namespace sluice::tasks {

/// What becomes of a script that wants a container on a machine without a container engine.
enum class ContainerFallback {
    Process,  // it runs as a process of the worker, with a warning
    Fail,
};

enum class DefaultRunner { Process, Container };

struct ScriptSettings {
    ContainerFallback container_fallback = ContainerFallback::Fail;
    DefaultRunner default_runner = DefaultRunner::Process;  // of tasks that name neither a runner nor an image
    process::Limits limits{};                               // of processes whose task says nothing else
    bool sandbox = false;
    bool sandbox_network = false;
    std::filesystem::path dependency_folder = "/tmp/sluice/dependencies";
    std::uint64_t dependency_bytes = 2'000'000'000;
};

struct DockerSettings {
    std::string host{};       // unix:///path or tcp://host:port; empty: the first usual socket that is there
    bool volumes = false;     // may tasks mount folders of the host?
    bool privileged = false;  // may tasks ask for privileged containers?
};

/// What the configuration tells task types; see conf/sluice.yaml.
struct Settings {
    std::vector<std::filesystem::path> local_paths{};  // where the types fs.local.* may go
    std::string encryption_key{};                      // of outputs that are kept sealed; empty: none
    std::string known_hosts_file{};                    // of SSH servers; empty: none
    bool public_hosts_only = false;                    // for core.http.* and alerts
    object_store::Credentials aws{};                   // where tasks give none
    std::string aws_region{};
    std::string aws_endpoint{};
    bool traces = false;  // requests and scripts carry the context of their task run
    ScriptSettings scripts{};
    DockerSettings docker{};
};
using SettingsPtr = std::shared_ptr<const Settings>;

}  // namespace sluice::tasks
