#include "tasks/scripts/container_runner.h"

#include "tasks/docker/container.h"

namespace sluice::tasks {

Result<ScriptEnd> run_in_container(const ScriptJob& job, Engine& engine, const ContainerOptions& options,
                                   const std::string& image, bool keeps_folder, plugin::TaskContext& context) {
    ContainerWish wish{.image = image,
                       .arguments = job.arguments,
                       .environment = job.environment,
                       .folder = job.folder,
                       .folders = {job.folder, job.scratch},
                       .results = {job.output},
                       .on_line = job.on_line};
    if (keeps_folder) wish.results.push_back(job.folder);
    const auto end = run_container(engine, options, wish, context);
    if (!end) return tl::unexpected(end.error());
    return ScriptEnd{.code = end->code,
                     .reason = end->out_of_memory ? "it ran out of memory" : "",
                     .runner_outputs = {{"containerId", end->id}}};
}

}  // namespace sluice::tasks
