// sluice plugins list
#include <algorithm>
#include <iostream>
#include <tuple>

#include "cli/command.h"
#include "cli/options.h"
#include "expr/catalogue.h"
#include "flow/missing_types.h"
#include "tasks/catalog.h"

namespace sluice::cli {
namespace {

struct Line {
    std::string kind{};
    std::string name{};
    std::string support{};
    std::string what{};
};

std::string_view kind_of(flow::Category category) {
    switch (category) {
        case flow::Category::Task: return "task";
        case flow::Category::Trigger: return "trigger";
        case flow::Category::Condition: return "condition";
        case flow::Category::TaskRunner: return "task runner";
        case flow::Category::Other: return "other";
    }
    return "other";
}

std::string support_of(const flow::TypeInfo& type) {
    if (!type.notice.empty()) return "accepted";
    return type.deprecated ? "yes, deprecated" : "yes";
}

/// Everything that a flow or an expression may name, from the declarations themselves.
std::vector<Line> lines() {
    std::vector<Line> out;
    const plugin::TaskCatalog catalog = tasks::builtin_catalog();
    for (const auto& type : catalog.types().types()) {
        if (type->internal) continue;
        out.push_back({std::string(kind_of(type->category)), std::string(type->short_name()), support_of(*type),
                       type->notice.empty() ? type->title : type->notice});
    }
    for (const flow::MissingType& type : flow::missing_types()) {
        out.push_back({std::string(kind_of(type.category)), std::string(type.name), "no",
                       "Instead: " + std::string(type.use_instead)});
    }
    for (const flow::Property& property : flow::input_properties()) {
        if (property.name != "type") continue;
        for (const std::string& type : property.values) out.push_back({"input type", type, "yes", ""});
    }
    for (const expr::Described& one : expr::catalogue()) {
        out.push_back({std::string(one.kind), std::string(one.name), "yes", std::string(one.summary)});
    }
    std::ranges::sort(out, [](const Line& a, const Line& b) {
        return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
    });
    return out;
}

int list_plugins(const std::vector<std::string>& words) {
    Options options("sluice plugins list", "Lists all types, input types, functions, filters and tests.");
    options.flag("markdown", "as tables, one for each kind");
    if (const auto stop = options.parse(words)) return *stop;
    std::string kind;
    for (const Line& line : lines()) {
        if (!options.has("markdown")) {
            std::cout << fmt::format("{:<12} {:<40} {:<16} {}\n", line.kind, line.name, line.support, line.what);
            continue;
        }
        if (line.kind != kind) {
            std::cout << fmt::format("{}## {}\n\n| name | supported | what it does |\n|---|---|---|\n", kind.empty() ? "" : "\n",
                                     line.kind);
        }
        kind = line.kind;
        std::string what = line.what;
        for (std::size_t at = 0; (at = what.find('|', at)) != std::string::npos; at += 2) what.insert(at, "\\");
        std::cout << fmt::format("| `{}` | {} | {} |\n", line.name, line.support, what);
    }
    return Exit::Success;
}

}  // namespace

std::vector<Command> plugin_commands() {
    return {{"plugins list", "all types, functions and filters, and which are supported", "sluice plugins list [--markdown]",
             list_plugins}};
}

}  // namespace sluice::cli
