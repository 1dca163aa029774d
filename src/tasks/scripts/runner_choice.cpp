#include "tasks/scripts/runner_choice.h"

namespace sluice::tasks {
namespace runner_choice {

bool wants_container(const ScriptProperties& want, const ScriptSettings& settings) {
    if (!want.runner.empty()) return want.runner == "DOCKER";
    const std::string type = want.task_runner.text("type");
    if (!type.empty()) return type.find("docker") != std::string::npos;
    if (!want.docker.is_null() || !want.container_image.empty()) return true;
    return settings.default_runner == DefaultRunner::Container;
}

/// The runner's properties, or the older ones of the task.
Value options_of(const ScriptProperties& want) {
    if (want.runner.empty() && want.task_runner.text("type").find("docker") != std::string::npos)
        return want.task_runner;
    return want.docker.is_map() ? want.docker : Value(Map());
}

std::string image_of(const ScriptProperties& want, const ContainerOptions& options, const Language& language) {
    if (!want.container_image.empty()) return want.container_image;
    return options.image.empty() ? language.image : options.image;
}

}  // namespace runner_choice

Result<RunnerChoice> choose_runner(const ScriptProperties& want, const Language& language, const Settings& settings,
                                   plugin::TaskContext& context) {
    using namespace runner_choice;
    RunnerChoice out;
    const bool is_process = want.task_runner.text("type").find("docker") == std::string::npos;
    auto process = process_options(is_process ? want.task_runner : Value(), settings.scripts);
    if (!process) return tl::unexpected(process.error());
    out.process = std::move(*process);
    if (!wants_container(want, settings.scripts)) return out;

    auto options = container_options(options_of(want), settings.docker);
    if (!options) return tl::unexpected(options.error());
    out.container = std::move(*options);
    out.image = image_of(want, out.container, language);
    const auto address = engine_address(out.container.host, settings.docker);
    if (!address) return tl::unexpected(address.error());
    Engine engine(context.http(), *address, context.stop_token());
    const auto answers = engine.ping();
    if (answers) {
        out.engine.emplace(std::move(engine));
        return out;
    }
    if (settings.scripts.container_fallback == ContainerFallback::Fail) {
        return refuse(
            ErrorCode::Unavailable,
            "the task is to run in a container (image {}), but {}. Start Docker or Podman on this worker, tell "
            "where it listens (tasks.docker.host), or let such scripts run as processes of the worker "
            "(tasks.scripts.container-fallback: process)",
            out.image, answers.error().message);
    }
    context.log(
        LogLevel::Warn,
        fmt::format("{}: the script runs as a process of the worker, not in a container, and not with the image "
                    "'{}' (tasks.scripts.container-fallback)",
                    answers.error().message, out.image));
    return out;
}

}  // namespace sluice::tasks
