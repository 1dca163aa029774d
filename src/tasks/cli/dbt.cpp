// dbt: commands as they are (DbtCLI), and a type for each of its commands. Results become outputs and metrics.
#include <fstream>
#include <sstream>

#include "plugin/records.h"
#include "plugin/task_files.h"
#include "tasks/catalog.h"
#include "tasks/scripts/programs.h"
#include "tasks/scripts/script_run.h"
#include "value/json.h"

namespace sluice::tasks {
namespace dbt {

namespace fs = std::filesystem;
using flow::Shape;

constexpr std::uintmax_t kLargestArtifact = 64ULL * 1024 * 1024;

struct Properties : ScriptProperties {
    std::string profiles;
    std::string project_dir;
    bool parse_run_results = true;
    Value store_manifest;
    Value load_manifest;
    // of the commands
    std::string dbt_path;  // empty: what Setup made, else the one in PATH
    bool debug = false;
    bool warn_error = false;
    bool full_refresh = false;
    std::int64_t threads = 0;
    std::string target;
    std::string selector;
    std::vector<std::string> select;
    std::vector<std::string> models;
    std::vector<std::string> exclude;
};

const Language& program() {
    static const Language all{.name = "dbt",
                              .title = "dbt",
                              .program = "dbt",
                              .install = "dbt-core and an adapter (pip; or `dependencies: [dbt-postgres]`)",
                              .image = "ghcr.io/kestra-io/dbt-postgres"};
    return all;
}

/// The project, as the script sees it.
fs::path project_of(const Properties& want, const ScriptRun& run) {
    return want.project_dir.empty() ? run.folder() : run.folder() / want.project_dir;
}

struct ManifestPlace {
    std::string key{};
    std::string name_space{};
};

Result<std::optional<ManifestPlace>> place_of(const Value& given, const char* property, plugin::TaskContext& context) {
    if (given.is_null()) return std::optional<ManifestPlace>();
    ManifestPlace out{given.text("key"), given.text("namespace")};
    if (out.key.empty()) return invalid("property '{}.key': must not be empty", property);
    if (out.name_space.empty()) out.name_space = context.place().flow.namespace_name;
    return std::optional(out);
}

Result<void> load_manifest(const Properties& want, plugin::TaskContext& context, ScriptRun& run) {
    const auto place = place_of(want.load_manifest, "loadManifest", context);
    if (!place) return tl::unexpected(place.error());
    if (!*place) return {};
    const auto kept = context.key_values().find((*place)->name_space, (*place)->key);
    if (!kept) {
        context.log(LogLevel::Warn, fmt::format("there is no manifest under the key {}", (*place)->key));
        return {};
    }
    const fs::path relative = fs::path(want.project_dir) / "manifest.json";
    run.put_own_file(relative.string(), plugin::text_of(kept->value));
    return {};
}

Result<void> prepare(const Properties& want, plugin::TaskContext& context, ScriptRun& run) {
    if (!want.profiles.empty()) {
        run.set_variable("DBT_PROFILES_DIR",
                         run.put_private_file("profiles.yml", want.profiles).parent_path().string());
    }
    if (!want.project_dir.empty()) run.set_variable("DBT_PROJECT_DIR", project_of(want, run).string());
    run.set_variable("DBT_SEND_ANONYMOUS_USAGE_STATS", "False");
    run.set_variable("DBT_USE_COLORS", "False");
    run.use_python();
    run.keep_folder();  // target/run_results.json
    return load_manifest(want, context, run);
}

std::optional<Value> artifact(const fs::path& file) {
    std::error_code none;
    const auto size = fs::file_size(file, none);
    if (none || size > kLargestArtifact) return {};
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    auto read = parse_json(text.str());
    return read && read->is_map() ? std::optional(std::move(*read)) : std::nullopt;
}

/// A metric for each state that nodes ended in, and a line for each that failed.
void tell_results(const Value& results, plugin::TaskContext& context) {
    std::map<std::string, int> by_status;
    for (const Value& one : results.as_list()) {
        const std::string status = one.text("status");
        ++by_status[status];
        if (status == "error" || status == "fail") {
            context.log(LogLevel::Error, fmt::format("{}: {}", one.text("unique_id"), one.text("message")));
        }
    }
    for (const auto& [status, count] : by_status) {
        context.metric("dbt.nodes", "counter", count, Value{{"status", status}});
    }
}

Result<void> keep_manifest(const Properties& want, const fs::path& target, plugin::TaskContext& context) {
    const auto place = place_of(want.store_manifest, "storeManifest", context);
    if (!place) return tl::unexpected(place.error());
    if (!*place) return {};
    auto manifest = artifact(target / "manifest.json");
    if (!manifest) {
        context.log(LogLevel::Warn, fmt::format("dbt left no manifest in {}: nothing is stored", target.string()));
        return {};
    }
    context.key_values().set((*place)->name_space,
                             {.key = (*place)->key, .kind = "JSON", .value = std::move(*manifest)}, {}, true);
    return {};
}

/// After dbt has run, whatever came of it.
Result<Value> finish(const Properties& want, ScriptRun& run, ScriptRun::Ended ended, plugin::TaskContext& context) {
    const fs::path target = project_of(want, run) / "target";
    if (want.parse_run_results) {
        if (const auto results = artifact(target / "run_results.json"); results && (*results)["results"].is_list()) {
            tell_results((*results)["results"], context);
            auto address = plugin::store_file(context, target / "run_results.json", "run_results.json");
            if (!address) return tl::unexpected(address.error());
            Value files = ended.outputs["outputFiles"];
            files.mutable_map().set("run_results.json", *address);
            ended.outputs.mutable_map().set("outputFiles", files);
        }
    }
    if (ended.code != 0) {
        context.keep_outputs(std::move(ended.outputs));
        return refuse(ErrorCode::Unavailable, "{}", ended.failure);
    }
    if (auto kept = keep_manifest(want, target, context); !kept) return tl::unexpected(kept.error());
    return std::move(ended.outputs);
}

/// The command line of one of dbt's commands.
std::string command_line(const Properties& want, const std::string& name, const fs::path& folder) {
    const bool made_by_setup = fs::exists(folder / "bin" / "dbt");
    std::string out = !want.dbt_path.empty() ? want.dbt_path : made_by_setup ? "./bin/dbt" : "dbt";
    if (want.debug) out += " --debug";
    if (want.warn_error) out += " --warn-error";
    out += " " + name;
    const auto list = [&](const char* option, const std::vector<std::string>& values) {
        if (values.empty()) return;
        out += std::string(" ") + option;
        for (const std::string& value : values) out += " " + shell_quoted(value);
    };
    if (!want.target.empty()) out += " --target " + shell_quoted(want.target);
    if (want.threads > 0) out += fmt::format(" --threads {}", want.threads);
    if (want.full_refresh) out += " --full-refresh";
    if (!want.selector.empty()) out += " --selector " + shell_quoted(want.selector);
    list("--select", want.select);
    list("--models", want.models);
    list("--exclude", want.exclude);
    return out;
}

plugin::TaskTypeMaker<Properties> dbt_task(const std::string& name, const std::string& command,
                                           const SettingsPtr& settings) {
    return plugin::TaskTypeMaker<Properties>(
        "dbt.cli." + name, [command, settings](const Properties& want, plugin::TaskContext& context) -> Result<Value> {
            ScriptRun run(program(), want, context, *settings);
            if (auto prepared = prepare(want, context, run); !prepared) return tl::unexpected(prepared.error());
            if (!command.empty()) run.set_command(command_line(want, command, run.folder()));
            auto ended = run.run_to_any_end();
            if (!ended) return tl::unexpected(ended.error());
            return finish(want, run, std::move(*ended), context);
        });
}

std::vector<flow::Property> manifest_fields() {
    return {{.name = "key", .shape = Shape::Text, .description = "Key", .required = true},
            {.name = "namespace", .shape = Shape::Text, .description = "Default: the flow's"}};
}

void declare_project(plugin::TaskTypeMaker<Properties>& type) {
    type.property("profiles", &Properties::profiles, "The text of profiles.yml")
        .property("projectDir", &Properties::project_dir, "The project's folder in the working directory")
        .property("parseRunResults", &Properties::parse_run_results, "Metrics and log lines of what dbt did")
        .property("storeManifest", &Properties::store_manifest, "Keeps manifest.json as a value of a namespace")
        .fields(manifest_fields())
        .property("loadManifest", &Properties::load_manifest, "Puts such a value into the project as manifest.json")
        .fields(manifest_fields());
    declare_python(type);
}

plugin::TaskType dbt_cli(const SettingsPtr& settings) {
    auto type = dbt_task("DbtCLI", "", settings);
    type.title("Runs commands of dbt.")
        .description("dbt must be on the worker, come by `dependencies`, or be in the image of a container.")
        .example("Build a project of the namespace", R"(id: dbt_project
namespace: company.team
tasks:
  - id: build
    type: io.kestra.plugin.dbt.cli.DbtCLI
    namespaceFiles:
      enabled: true
    dependencies:
      - dbt-duckdb
    profiles: |
      shop:
        target: dev
        outputs:
          dev: {type: duckdb, path: shop.db}
    commands:
      - dbt deps
      - dbt build
    storeManifest:
      key: manifest.json
)");
    declare_project(type);
    type.properties({{.name = "logFormat", .shape = Shape::Text, .description = "Has no effect", .deprecated = true},
                     {.name = "engine", .shape = Shape::Text, .description = "Has no effect", .deprecated = true}},
                    nullptr);
    declare_script(type, MainPart::Commands);
    return type;
}

struct Command {
    const char* type;
    const char* command;
    const char* title;
    bool selects;  // it takes --select and the like
};

constexpr Command kCommands[] = {
    {"Build", "build", "Runs, tests and loads what a dbt project has.", true},
    {"Run", "run", "Runs the models of a dbt project.", true},
    {"Test", "test", "Runs the tests of a dbt project.", true},
    {"Compile", "compile", "Compiles the models of a dbt project.", true},
    {"Seed", "seed", "Loads the CSV files of a dbt project.", true},
    {"Snapshot", "snapshot", "Takes the snapshots of a dbt project.", true},
    {"List", "list", "Lists what a dbt project has.", true},
    {"Freshness", "source freshness", "Looks how fresh the sources of a dbt project are.", true},
    {"Deps", "deps", "Installs the packages of a dbt project.", false},
};

plugin::TaskType dbt_command(const Command& command, const SettingsPtr& settings) {
    auto type = dbt_task(command.type, command.command, settings);
    type.title(command.title)
        .description(fmt::format("Runs `dbt {}`, with options from the properties.", command.command))
        .example("In a folder that was cloned", fmt::format(R"(id: dbt_{0}
namespace: company.team
tasks:
  - id: folder
    type: io.kestra.plugin.core.flow.WorkingDirectory
    tasks:
      - id: setup
        type: io.kestra.plugin.dbt.cli.Setup
        requirements:
          - dbt-duckdb
      - id: work
        type: io.kestra.plugin.dbt.cli.{1}
        dbtPath: ./bin/dbt
)",
                                                            std::string(command.command).substr(0, 6), command.type))
        .property("dbtPath", &Properties::dbt_path, "The program; default: ./bin/dbt where Setup made it, else dbt")
        .property("debug", &Properties::debug, "Tells more")
        .property("warnError", &Properties::warn_error, "Warnings are errors")
        .property("target", &Properties::target, "Target of the profile")
        .property("thread", &Properties::threads, "Threads; 0: as the profile says");
    if (command.selects) {
        type.property("fullRefresh", &Properties::full_refresh, "Makes incremental models anew")
            .property("selector", &Properties::selector, "A selector of the project")
            .property("select", &Properties::select, "Nodes to take")
            .property("models", &Properties::models, "Models to take")
            .property("exclude", &Properties::exclude, "Nodes to leave out");
    }
    declare_project(type);
    declare_script(type, MainPart::None);
    return type;
}

/// Makes ./bin/dbt in a working directory that later tasks share.
plugin::TaskType dbt_setup(const SettingsPtr& settings) {
    plugin::TaskTypeMaker<Properties> type(
        "dbt.cli.Setup", [settings](const Properties& want, plugin::TaskContext& context) -> Result<Value> {
            Properties all = want;
            if (!want.profiles.empty()) {
                if (!all.input_files.is_map()) all.input_files = Value(Map());
                all.input_files.mutable_map().set("profiles.yml", want.profiles);
            }
            ScriptRun run(program(), all, context, *settings);
            run.keep_folder();
            std::string install =
                "python3 -m venv --system-site-packages . && ./bin/python -m pip install --quiet "
                "--disable-pip-version-check";
            for (const std::string& one : want.dependencies) install += " " + shell_quoted(one);
            if (want.dependencies.empty()) install = "python3 -m venv --system-site-packages .";
            run.set_command(install);
            return run.run();
        });
    type.title("Installs dbt into the working directory.")
        .description("For the tasks after it in a WorkingDirectory, which find it as `./bin/dbt`.")
        .example("Install, then build", R"(id: dbt_setup
namespace: company.team
tasks:
  - id: folder
    type: io.kestra.plugin.core.flow.WorkingDirectory
    tasks:
      - id: setup
        type: io.kestra.plugin.dbt.cli.Setup
        requirements:
          - dbt-duckdb
      - id: build
        type: io.kestra.plugin.dbt.cli.Build
        dbtPath: ./bin/dbt
)")
        .property("requirements", &Properties::dependencies, "Packages that pip installs")
        .also_called("dependencies")
        .property("profiles", &Properties::profiles, "The text of profiles.yml");
    declare_script(type, MainPart::None);
    return type;
}

}  // namespace dbt

void add_dbt_types(plugin::TaskCatalog& catalog, const SettingsPtr& settings) {
    catalog.add(dbt::dbt_cli(settings));
    for (const dbt::Command& command : dbt::kCommands) catalog.add(dbt::dbt_command(command, settings));
    catalog.add(dbt::dbt_setup(settings));
}

}  // namespace sluice::tasks
