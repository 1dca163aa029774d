#pragma once
#include "base/time.h"
#include "flow/type_info.h"
#include "tasks/docker/registry_auth.h"
#include "tasks/settings.h"

namespace sluice::tasks {

enum class PullPolicy { Always, IfNotPresent, Never };

/// How a container is made; of the Docker runner, and of docker.Run.
struct ContainerOptions {
    std::string host{};
    std::string image{};
    RegistryAuth auth{};
    PullPolicy pull = PullPolicy::IfNotPresent;
    std::string user{};
    std::vector<std::string> entry_point{};
    bool mount = false;  // the folders are mounted, not copied
    bool remove = true;
    Duration grace{0};    // between the polite and the hard end
    Map host_config{};    // as the engine wants it
    Map exposed_ports{};  // as well
};

/// Reads the properties of a runner or task, rendered.
/// Errors  Invalid; Forbidden: volumes or privileges that the configuration does not allow
Result<ContainerOptions> container_options(const Value& given, const DockerSettings& settings);

/// Those properties, for declarations.
std::vector<flow::Property> container_properties();
/// Of them, how to reach the engine and registries.
std::vector<flow::Property> engine_properties();

}  // namespace sluice::tasks
