// sluice plugins list|test
#include <algorithm>
#include <iostream>
#include <tuple>

#include "cli/command.h"
#include "cli/configuration.h"
#include "cli/plugin_check.h"
#include "expr/catalogue.h"
#include "flow/icons.h"
#include "flow/json_schema.h"
#include "flow/missing_types.h"
#include "server/server.h"
#include "value/json.h"

namespace sluice::cli {
namespace {

struct Line {
    std::string kind{};
    std::string name{};
    std::string support{};
    std::string what{};
    const flow::TypeInfo* type = nullptr;
};

std::string_view kind_of(flow::Category category) {
    switch (category) {
        case flow::Category::Task:
            return "task";
        case flow::Category::Trigger:
            return "trigger";
        case flow::Category::Condition:
            return "condition";
        case flow::Category::TaskRunner:
            return "task runner";
        case flow::Category::Other:
            return "other";
    }
    return "other";
}

std::string support_of(const flow::TypeInfo& type) {
    if (type.external) return "plugin";
    if (!type.notice.empty()) return "accepted";
    return type.deprecated ? "yes, deprecated" : "yes";
}

/// Everything that a flow or an expression may name, from the declarations themselves.
std::vector<Line> lines(const plugin::TaskCatalog& catalog) {
    std::vector<Line> out;
    for (const flow::TypeInfo* type : catalog.types().types()) {
        if (type->internal) continue;
        out.push_back({std::string(kind_of(type->category)), std::string(type->short_name()), support_of(*type),
                       type->notice.empty() ? type->title : type->notice, type});
    }
    for (const flow::MissingType& type : flow::missing_types()) {
        if (catalog.types().find(type.name) != nullptr) continue;  // a plugin brings it
        out.push_back({std::string(kind_of(type.category)), std::string(type.name), "no",
                       "Instead: " + std::string(type.use_instead)});
    }
    for (const flow::MissingType& family : flow::missing_families()) {
        out.push_back({std::string(kind_of(family.category)), std::string(family.name), "not all of them",
                       "Instead of what is not listed here: " + std::string(family.use_instead)});
    }
    for (const flow::Property& property : flow::input_properties()) {
        if (property.name != "type") continue;
        for (const std::string& type : property.values) out.push_back({"input type", type, "yes", ""});
    }
    for (const expr::Described& one : expr::catalogue()) {
        out.push_back({std::string(one.kind), std::string(one.name), "yes", std::string(one.summary)});
    }
    std::ranges::sort(out,
                      [](const Line& a, const Line& b) { return std::tie(a.kind, a.name) < std::tie(b.kind, b.name); });
    return out;
}

void print_markdown(const std::vector<Line>& all) {
    std::string kind;
    for (const Line& line : all) {
        if (line.kind != kind) {
            std::cout << fmt::format("{}## {}\n\n| name | supported | what it does |\n|---|---|---|\n",
                                     kind.empty() ? "" : "\n", line.kind);
        }
        kind = line.kind;
        std::string what = line.what;
        for (std::size_t at = 0; (at = what.find('|', at)) != std::string::npos; at += 2) what.insert(at, "\\");
        std::cout << fmt::format("| `{}` | {} | {} |\n", line.name, line.support, what);
    }
}

void print_as_json(const std::vector<Line>& all) {
    List out;
    for (const Line& line : all) {
        Map one{{"kind", line.kind}, {"name", line.name}, {"supported", line.support}, {"summary", line.what}};
        if (line.type != nullptr) {
            one.set("type", line.type->name);
            one.set("icon", std::string(flow::icon_of(*line.type)));
            one.set("hasOwnIcon", flow::has_icon(*line.type));
            one.set("deprecated", line.type->deprecated);
            one.set("description", line.type->description);
            one.set("schema", flow::type_schema(*line.type, true));
        }
        out.push_back(Value(std::move(one)));
    }
    std::cout << to_pretty_json(Value(std::move(out))) << "\n";
}

int list_plugins(const std::vector<std::string>& words) {
    Options options("sluice plugins list", "Lists all types, input types, functions, filters and tests.");
    options.flag("markdown", "as tables, one for each kind").value("o,output", "text or json", "FORMAT", "text");
    add_configuration(options);
    if (const auto stop = options.parse(words)) return *stop;
    const auto catalog = local_catalog(options);
    if (!catalog) return fail(catalog.error());
    const std::vector<Line> all = lines(*catalog);
    if (options.has("markdown")) {
        print_markdown(all);
    } else if (options.text("output") == "json") {
        print_as_json(all);
    } else {
        for (const Line& line : all) {
            std::cout << fmt::format("{:<12} {:<40} {:<16} {}\n", line.kind, line.name, line.support, line.what);
        }
    }
    return Exit::Success;
}

int test_plugins(const std::vector<std::string>& words) {
    Options options("sluice plugins test FOLDER", "Tests plugins: their manifests, and how their programs behave.");
    options.arguments();
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().empty()) return fail_usage("which folder? Usage: sluice plugins test FOLDER");
    const auto found = plugin::read_plugin_folders(options.rest());
    if (!found) return fail(found.error());
    if (found->empty()) {
        return fail({ErrorCode::NotFound, "no plugin.yaml and no *.http.yaml there", {}, {}, ""});
    }
    plugin::TaskCatalog catalog = server::catalog_of({}, {});
    if (auto added = plugin::add_to(catalog, *found); !added) return fail(added.error());
    int passed = 0, failed = 0;
    check_plugins(*found, catalog.types(),
                  [&](const std::string& type, const std::string& what, const std::string& problem) {
                      ++(problem.empty() ? passed : failed);
                      std::cout << (problem.empty() ? "ok     " : "FAILED ") << type << ": " << what
                                << (problem.empty() ? "" : "\n       " + problem) << "\n"
                                << std::flush;
                  });
    std::cout << passed << " passed, " << failed << " failed\n";
    return failed == 0 ? Exit::Success : Exit::Failed;
}

}  // namespace

std::vector<Command> plugin_commands() {
    return {
        {"plugins list", "all types, functions and filters, and which are supported",
         "sluice plugins list [--output json | --markdown]", list_plugins},
        {"plugins test", "tests plugins and HTTP templates of your own", "sluice plugins test FOLDER", test_plugins}};
}

}  // namespace sluice::cli
