// The script types: one engine, and two tasks and two triggers for each row of language.cpp.
#include "tasks/catalog.h"
#include "tasks/docker/container_options.h"
#include "tasks/scripts/script_examples.h"
#include "tasks/scripts/script_run.h"
#include "tasks/scripts/script_trigger.h"

namespace sluice::tasks {
namespace script_types {

constexpr const char* kDescription =
    R"(It runs in a folder of its own that is removed afterwards, with nothing of the server's environment but `PATH`,
`HOME` and the like. What it starts ends with it. Without a `taskRunner` it is a process of the worker, where the programs
that it needs must be installed; `containerImage`, or the runner `scripts.runner.docker.Docker`, runs it in a container.

Lines on standard output are logged as INFO, lines on standard error as ERROR. A line of the form
`::{"outputs": {"rows": 7}}::` is not logged: it makes `{{ outputs.id.vars.rows }}`. Such lines may hold `metrics`
(`[{"name": "rows", "type": "counter", "value": 7}]`) and `logs` (`[{"level": "WARN", "message": "late"}]`), too.

An exit code other than 0 fails the task; its outputs are kept. Addresses of files (`kestra://…`) in commands, scripts
and variables are replaced by paths of local copies.)";

void declare_dependencies(plugin::TaskTypeMaker<ScriptProperties>& type, const Language& language) {
    if (language.name == "python") return declare_python(type);
    if (language.dependencies.empty()) return;
    type.property("dependencies", &ScriptProperties::dependencies,
                  fmt::format("Packages to install before, by `{} …`",
                              language.dependencies.substr(0, language.dependencies.find(" --"))));
}

plugin::TaskType script(const Language& language, const SettingsPtr& settings) {
    auto type = script_task<ScriptProperties>(fmt::format("scripts.{}.Script", language.name), language, settings);
    type.title(fmt::format("Runs a {} script.", language.title)).description(kDescription);
    const flow::Example example = script_example(language.name, true);
    type.example(example.title, example.yaml);
    declare_script(type, MainPart::Script);
    declare_dependencies(type, language);
    return type;
}

plugin::TaskType commands(const Language& language, const SettingsPtr& settings) {
    auto type = script_task<ScriptProperties>(fmt::format("scripts.{}.Commands", language.name), language, settings);
    type.title(fmt::format("Runs commands, for example of {}.", language.title)).description(kDescription);
    const flow::Example example = script_example(language.name, false);
    type.example(example.title, example.yaml);
    declare_script(type, MainPart::Commands);
    declare_dependencies(type, language);
    return type;
}

// ------------------------------------------------------------------------------------------------ of old flows

/// Tasks that old flows name: like Commands, with other defaults.
plugin::TaskType legacy(const char* name, const Language& language, const char* default_command,
                        const SettingsPtr& settings) {
    const std::string command = default_command;
    auto type = script_task<ScriptProperties>(
        fmt::format("core.scripts.{}", name), language, settings,
        [command](const ScriptProperties& want, plugin::TaskContext&, ScriptRun& run) -> Result<void> {
            if (!want.commands.is_null()) return {};
            if (command.empty()) return invalid("property 'commands': must not be null");
            run.set_command(command);
            return {};
        });
    type.title(fmt::format("Runs commands of {}, as old flows call it.", language.title))
        .description(fmt::format("Now `scripts.{}.Commands`, which says more.", language.name))
        .alias(fmt::format("io.kestra.core.tasks.scripts.{}", name))
        .deprecated();
    type.example("As old flows have it", fmt::format(R"(id: old
namespace: company.team
tasks:
  - id: hello
    type: io.kestra.plugin.core.scripts.{}
    commands:
      - echo Hello
)",
                                                     name));
    declare_script(type, MainPart::OptionalCommands);
    declare_dependencies(type, language);
    return type;
}

// ------------------------------------------------------------------------------------------------ runners

flow::TypeInfo runner(const char* name, const char* title, const char* description, const char* example) {
    flow::TypeInfo out;
    out.name = std::string(flow::kTypePrefix) + name;
    out.category = flow::Category::TaskRunner;
    out.runs = flow::Runs::OnWorker;
    out.title = title;
    out.description = description;
    out.examples.push_back({"A task that says how it runs", example});
    return out;
}

flow::TypeInfo process_runner() {
    flow::TypeInfo out =
        runner("core.runner.Process", "Runs scripts as processes of the worker.",
               "The defaults of the limits are in the configuration (`tasks.scripts.limits`). Memory, "
               "processors and processes are limited for all that the script starts together where the "
               "worker may make cgroups; else memory and processes of each process.",
               R"(id: limited
namespace: company.team
tasks:
  - id: work
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner:
      type: io.kestra.plugin.core.runner.Process
      memory:
        memory: 512MB
      maxProcesses: 50
    commands:
      - echo within limits
)");
    out.properties = process_runner_properties();
    return out;
}

flow::TypeInfo docker_runner() {
    flow::TypeInfo out = runner(
        "scripts.runner.docker.Docker", "Runs scripts in containers, by Docker or Podman.",
        "The working directory is copied into the container and back, so the engine may be on another machine. On a "
        "worker without a container engine such scripts fail, or run as processes with a warning: "
        "`tasks.scripts.container-fallback` in the configuration.",
        R"(id: contained
namespace: company.team
tasks:
  - id: work
    type: io.kestra.plugin.scripts.python.Script
    containerImage: python:3.13-slim
    taskRunner:
      type: io.kestra.plugin.scripts.runner.docker.Docker
      pullPolicy: IF_NOT_PRESENT
      memory:
        memory: 512MB
    script: |
      print("Hello from a container")
)");
    out.aliases = {"io.kestra.plugin.scripts.runner.docker.DockerTaskRunner"};
    out.properties = container_properties();
    out.properties.push_back(
        {.name = "image", .shape = flow::Shape::Text, .description = "Now containerImage of the task"});
    for (const char* name : {"wait", "resume", "containerImage"}) {
        out.properties.push_back({.name = name, .shape = flow::Shape::Any, .description = "Has no effect here"});
    }
    return out;
}

}  // namespace script_types

void add_script_types(plugin::TaskCatalog& catalog, const SettingsPtr& settings) {
    using namespace script_types;
    catalog.add_type(process_runner());
    catalog.add_type(docker_runner());
    for (const Language& language : script_languages()) {
        catalog.add(script(language, settings));
        catalog.add(commands(language, settings));
        catalog.add(script_trigger(language, settings, MainPart::Script));
        catalog.add(script_trigger(language, settings, MainPart::Commands));
    }
    catalog.add(legacy("Bash", script_language("shell"), "", settings));
    catalog.add(legacy("Python", script_language("python"), "python main.py", settings));
    catalog.add(legacy("Node", script_language("node"), "node main.js", settings));
}

}  // namespace sluice::tasks
