#include "server/script_settings.h"

#include "tasks/scripts/byte_size.h"

namespace sluice::server {
namespace {

/// Checked when it was read.
std::optional<std::uint64_t> bytes(const std::string& text) {
    if (text.empty()) return {};
    return tasks::parse_bytes(text).value();
}

template <class To, class From>
std::optional<To> unless_zero(From number) {
    if (number == From{}) return {};
    return static_cast<To>(number);
}

process::Limits limits_of(const Config& config) {
    const auto& given = config.tasks.scripts.limits;
    process::Limits out;
    if (given.duration > Duration{0}) out.wall = given.duration;
    out.memory_bytes = bytes(given.memory);
    out.processes = unless_zero<std::uint64_t>(given.processes);
    out.cpus = unless_zero<double>(given.cpus);
    out.open_files = unless_zero<std::uint64_t>(given.open_files);
    out.file_bytes = bytes(given.file_size);
    if (given.cpu_time > Duration{0}) {
        out.cpu_seconds = static_cast<std::uint64_t>(std::max(1.0, in_seconds(given.cpu_time)));
    }
    return out;
}

}  // namespace

void take_script_settings(const Config& config, tasks::Settings& out) {
    const auto& scripts = config.tasks.scripts;
    out.scripts.container_fallback =
        scripts.container_fallback == "process" ? tasks::ContainerFallback::Process : tasks::ContainerFallback::Fail;
    out.scripts.default_runner =
        scripts.default_runner == "docker" ? tasks::DefaultRunner::Container : tasks::DefaultRunner::Process;
    out.scripts.limits = limits_of(config);
    out.scripts.sandbox = scripts.sandbox;
    out.scripts.sandbox_network = scripts.sandbox_network;
    out.scripts.dependency_folder = std::filesystem::absolute(config.worker.folder) / "dependencies";
    out.scripts.dependency_bytes = bytes(scripts.dependency_cache).value_or(0);
    out.docker = {config.tasks.docker.host, config.tasks.docker.volumes, config.tasks.docker.privileged};
}

}  // namespace sluice::server
