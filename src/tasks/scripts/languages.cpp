// The script types: one engine, and a row for each language.
#include "tasks/catalog.h"
#include "tasks/scripts/script_examples.h"
#include "tasks/scripts/script_run.h"

namespace sluice::tasks {
namespace {

const std::vector<Language>& languages() {
    static const std::vector<Language> all{
        {"shell", "shell", "", ""},
        {"python", "Python", ".py", "python"},
        {"node", "Node.js", ".js", "node"},
        {"ruby", "Ruby", ".rb", "ruby"},
        {"perl", "Perl", ".pl", "perl"},
        {"r", "R", ".R", "Rscript"},
        {"julia", "Julia", ".jl", "julia"},
        {"php", "PHP", ".php", "php"},
        {"lua", "Lua", ".lua", "lua"},
        {"deno", "Deno", ".ts", "deno run --allow-all"},
        {"bun", "Bun", ".ts", "bun run"},
        {"go", "Go", ".go", "go run"},
        {"groovy", "Groovy", ".groovy", "groovy"},
        {"jbang", "Java (JBang)", ".java", "jbang"},
    };
    return all;
}

constexpr const char* kDescription =
    R"(The worker runs it as a process, in a folder of its own that is removed afterwards, with nothing of the server's
environment but `PATH`, `HOME` and the like. What it starts ends with it. The programs that it needs must be installed
on the worker: containers are not used.

Lines on standard output are logged as INFO, lines on standard error as ERROR. A line of the form
`::{"outputs": {"rows": 7}}::` is not logged: it makes `{{ outputs.id.vars.rows }}`. Such lines may hold `metrics`
(`[{"name": "rows", "type": "counter", "value": 7}]`) and `logs` (`[{"level": "WARN", "message": "late"}]`), too.

An exit code other than 0 fails the task; its outputs are kept. Addresses of files (`kestra://…`) in commands, scripts
and variables are replaced by paths of local copies.)";

void declare_python(plugin::TaskTypeMaker<ScriptProperties>& type) {
    type.property("dependencies", &ScriptProperties::dependencies, "Packages that pip installs for this task alone")
        .property("pythonVersion", &ScriptProperties::python_version, "For example 3.11, if the worker has it")
        .property("dependencyCacheEnabled", &ScriptProperties::dependency_cache_enabled, "Keep pip's downloads");
}

plugin::TaskType script_type(const Language& language, const std::string& main) {
    const bool is_script = main == "script";
    plugin::TaskTypeMaker<ScriptProperties> type(
        fmt::format("scripts.{}.{}", language.name, is_script ? "Script" : "Commands"),
        [&language](const ScriptProperties& want, plugin::TaskContext& context) {
            return ScriptRun(language, want, context).run();
        });
    type.title(is_script ? fmt::format("Runs a {} script.", language.title)
                         : fmt::format("Runs commands, for example of {}.", language.title));
    type.description(kDescription);
    declare_script(type, main);
    if (language.name == "python") declare_python(type);
    const flow::Example example = script_example(language.name, is_script);
    type.example(example.title, example.yaml);
    return type;
}

flow::TypeInfo runner(const char* name, const char* title) {
    flow::TypeInfo out;
    out.name = std::string(flow::kTypePrefix) + name;
    out.category = flow::Category::TaskRunner;
    out.runs = flow::Runs::OnWorker;
    out.title = title;
    return out;
}

flow::TypeInfo docker_runner() {
    flow::TypeInfo out = runner("scripts.runner.docker.Docker", "Accepted for flows that were written for containers.");
    out.notice = "no containers are used here; the script runs as a process of the worker";
    out.aliases = {"io.kestra.plugin.scripts.runner.docker.DockerTaskRunner"};
    for (const char* name : {"host",
                             "config",
                             "credentials",
                             "image",
                             "user",
                             "entryPoint",
                             "extraHosts",
                             "networkMode",
                             "portBindings",
                             "volumes",
                             "pullPolicy",
                             "deviceRequests",
                             "cpu",
                             "memory",
                             "shmSize",
                             "privileged",
                             "fileHandlingStrategy",
                             "delete",
                             "wait",
                             "killGracePeriod",
                             "containerImage",
                             "resume"}) {
        out.properties.push_back({.name = name, .shape = flow::Shape::Any, .description = "Has no effect here"});
    }
    return out;
}

}  // namespace

void add_script_types(plugin::TaskCatalog& catalog) {
    catalog.add_type(runner("core.runner.Process", "Runs scripts as processes of the worker."));
    catalog.add_type(docker_runner());
    for (const Language& language : languages()) {
        catalog.add(script_type(language, "script"));
        catalog.add(script_type(language, "commands"));
    }
}

}  // namespace sluice::tasks
