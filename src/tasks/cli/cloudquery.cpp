#include "tasks/catalog.h"
#include "tasks/scripts/script_run.h"
#include "value/json.h"

namespace sluice::tasks {
namespace cloudquery {

struct Properties : ScriptProperties {
    Value configs;
    bool incremental = false;
};

constexpr const char* kFile = "cloudquery.yml";

const Language& program() {
    static const Language all{.name = "cloudquery",
                              .title = "CloudQuery",
                              .program = "cloudquery",
                              .install = "CloudQuery (https://cloudquery.io)",
                              .image = "ghcr.io/cloudquery/cloudquery"};
    return all;
}

/// Maps become documents of one file (JSON is YAML); addresses become files beside it.
Result<void> prepare(const Properties& want, plugin::TaskContext&, ScriptRun& run) {
    if (!want.configs.is_list()) return invalid("property 'configs': expected a list of configurations");
    std::string text;
    std::string files = " " + std::string(kFile);
    for (const Value& one : want.configs.as_list()) {
        if (one.is_map()) {
            text += "---\n" + to_json(one) + "\n";
            continue;
        }
        auto path = run.local_file(plugin::text_of(one));
        if (!path) return tl::unexpected(path.error());
        files += " " + *path;
    }
    if (text.empty())
        files.erase(0, 1 + std::string_view(kFile).size());
    else
        run.put_own_file(kFile, text);
    run.set_command("cloudquery sync" + files + " --log-console --no-log-file");
    return {};
}

}  // namespace cloudquery

plugin::TaskType cloudquery_sync(const SettingsPtr& settings) {
    using namespace cloudquery;
    auto type = script_task<Properties>("cloudquery.Sync", program(), settings, prepare);
    type.title("Copies data from sources to destinations by CloudQuery.")
        .description(
            "`cloudquery` must be on the worker, or in the image of a container. Each item of `configs` is a source "
            "or a destination: a map, or the address of a file.")
        .example("Hacker News into a file", R"(id: sync
namespace: company.team
tasks:
  - id: sync
    type: io.kestra.plugin.cloudquery.Sync
    env:
      CLOUDQUERY_API_KEY: "{{ secret('CLOUDQUERY_API_KEY') }}"
    configs:
      - kind: source
        spec:
          name: hackernews
          path: cloudquery/hackernews
          version: v3.0.13
          tables: ["*"]
          destinations: [file]
      - kind: destination
        spec:
          name: file
          path: cloudquery/file
          version: v4.0.0
          spec:
            path: out.json
            format: json
)")
        .property("configs", &Properties::configs, "Sources and destinations", plugin::required)
        .shape(flow::Shape::List)
        .property("incremental", &Properties::incremental,
                  "Has no effect: the configuration says where states are kept")
        .outdated();
    declare_script(type, MainPart::None);
    return type;
}

}  // namespace sluice::tasks
