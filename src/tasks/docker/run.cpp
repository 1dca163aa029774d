#include "tasks/catalog.h"
#include "tasks/docker/container.h"
#include "tasks/files/working_files.h"
#include "tasks/scripts/script_output.h"

namespace sluice::tasks {
namespace docker_run {

struct Properties {
    std::string container_image;
    std::vector<std::string> commands;
    std::map<std::string, std::string> env;
    Value input_files;
    Value namespace_files;
    std::vector<std::string> output_files;
    bool wait = true;
    Value all;  // with those of the container
};

Result<Value> outputs_of(const Properties& want, const ContainerEnd& end, const ScriptOutput& output,
                         const std::filesystem::path& folder, plugin::TaskContext& context) {
    auto files = collect_files(want.output_files, folder, {}, context);
    if (!files) return files;
    return Value{{"exitCode", Value(static_cast<std::int32_t>(end.code))},
                 {"vars", Value(output.vars())},
                 {"outputFiles", std::move(*files)},
                 {"stdOutLineCount", Value(output.output_lines())},
                 {"stdErrLineCount", Value(output.error_lines())},
                 {"taskRunner", Value{{"containerId", end.id}}}};
}

Result<Value> run(const Properties& want, const DockerSettings& settings, plugin::TaskContext& context) {
    const auto options = container_options(want.all, settings);
    if (!options) return tl::unexpected(options.error());
    const auto address = engine_address(options->host, settings);
    if (!address) return tl::unexpected(address.error());
    Engine engine(context.http(), *address, context.stop_token());
    if (auto answers = engine.ping(); !answers) return tl::unexpected(answers.error());

    const bool has_files = !want.input_files.is_null() || !want.namespace_files.is_null() || !want.output_files.empty();
    ScriptOutput output(context);
    ContainerWish wish{.image = want.container_image,
                       .arguments = want.commands,
                       .environment = {want.env.begin(), want.env.end()},
                       .for_entry_point = true,
                       .wait = want.wait,
                       .on_line = [&](process::Line&& line) { output.take(std::move(line)); }};
    std::filesystem::path folder;
    if (has_files || context.shares_folder()) {
        folder = context.working_directory();
        if (auto put = put_files({want.input_files, want.namespace_files, {}}, folder, context); !put) {
            return tl::unexpected(put.error());
        }
        wish.folder = folder;
        wish.folders = {folder};
        if (!want.output_files.empty() || context.shares_folder()) wish.results = {folder};
        wish.environment.try_emplace("WORKING_DIR", folder.string());
    }
    const auto end = run_container(engine, *options, wish, context);
    if (!end) return tl::unexpected(end.error());
    if (!want.wait) return Value{{"taskRunner", Value{{"containerId", end->id}}}};
    auto outputs = outputs_of(want, *end, output, folder, context);
    if (!outputs || end->code == 0) return outputs;
    context.keep_outputs(std::move(*outputs));
    return refuse(ErrorCode::Unavailable, "the container ended with exit code {}{}", end->code,
                  end->out_of_memory ? ": it ran out of memory" : "");
}

}  // namespace docker_run

plugin::TaskType docker_run_task(const SettingsPtr& settings) {
    using namespace docker_run;
    using flow::Shape;
    return plugin::task_type<Properties>("docker.Run",
                                         [settings](const Properties& want, plugin::TaskContext& context) {
                                             return run(want, settings->docker, context);
                                         })
        .title("Runs a container.")
        .description(
            "Unlike a script task, it runs what the image is made for. The working directory is copied into the "
            "container when there are `inputFiles`, `namespaceFiles` or `outputFiles`, and back after it. With "
            "`wait: false` the container is left running, and is nobody's business any more.")
        .example("Run an image's own program", R"(id: run_container
namespace: company.team
tasks:
  - id: run
    type: io.kestra.plugin.docker.Run
    containerImage: docker/whalesay
    commands:
      - cowsay
      - Hello
)")
        .property("containerImage", &Properties::container_image, "Image", plugin::required)
        .property("commands", &Properties::commands, "The program's arguments; default: the image's")
        .property("env", &Properties::env, "Environment variables")
        .property("inputFiles", &Properties::input_files, "Files for the working directory, by path")
        .shape(Shape::Any)
        .property("namespaceFiles", &Properties::namespace_files, "Files of the namespace for the working directory")
        .fields(namespace_file_fields())
        .property("outputFiles", &Properties::output_files, "Files to keep, as globs")
        .property("wait", &Properties::wait, "Waits for its end, logs what it writes, and removes it")
        .output("vars", "What it told by ::{\"outputs\": {…}}::", Shape::Map)
        .output("outputFiles", "Addresses of the kept files by path", Shape::Map)
        .output("exitCode", "Of its program", Shape::Integer)
        .output("stdOutLineCount", "Lines on standard output", Shape::Integer)
        .output("stdErrLineCount", "Lines on standard error", Shape::Integer)
        .output("taskRunner", "containerId", Shape::Map)
        .properties(container_properties(), &Properties::all);
}

}  // namespace sluice::tasks
