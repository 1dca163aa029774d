// kestra.flows.*, kestra.namespaces.*, kestra.logs.Fetch, kestra.triggers.Toggle.
#include "plugin/task_files.h"
#include "tasks/catalog.h"
#include "tasks/kestra/kestra_api.h"
#include "value/json.h"

namespace sluice::tasks {
namespace kestra_resources {

using flow::Shape;
using Properties = KestraProperties;

std::string own_namespace(const Properties& want, const plugin::TaskContext& context) {
    return want.name_space.empty() ? context.place().flow.namespace_name : want.name_space;
}

Result<Value> list_flows(const Properties& want, plugin::TaskContext& context) {
    auto api = KestraApi::of(want, context);
    if (!api) return tl::unexpected(api.error());
    auto flows = api->json("GET", "/flows/" + in_path(own_namespace(want, context)));
    if (!flows) return flows;
    const std::size_t size = flows->is_list() ? flows->as_list().size() : 0;
    return Value{{"flows", std::move(*flows)}, {"size", size}};
}

Result<Value> stored_zip(const Result<net::Response>& response, plugin::TaskContext& context) {
    if (!response) return tl::unexpected(response.error());
    auto address = plugin::store_text(context, response->body, "flows.zip");
    if (!address) return tl::unexpected(address.error());
    return Value{{"flowsZip", *address}};
}

Result<Value> export_flows(const Properties& want, plugin::TaskContext& context) {
    auto api = KestraApi::of(want, context);
    if (!api) return tl::unexpected(api.error());
    net::Pairs query;
    add_filter(query, "namespace", "PREFIX", want.name_space);
    for (const std::string& label : want.label_list) {
        const auto colon = label.find(':');
        if (colon == std::string::npos) return invalid("property 'labels': expected key:value, found '{}'", label);
        query.emplace_back(fmt::format("filters[labels][EQUALS][{}]", label.substr(0, colon)), label.substr(colon + 1));
    }
    return stored_zip(api->send("GET", "/flows/export/by-query", query), context);
}

Result<Value> export_flows_by_id(const Properties& want, plugin::TaskContext& context) {
    auto api = KestraApi::of(want, context);
    if (!api) return tl::unexpected(api.error());
    if (!want.ids.is_list()) return invalid("property 'idsWithNamespace': expected a list of {{id, namespace}}");
    return stored_zip(api->send("POST", "/flows/export/by-ids", {}, to_json(want.ids)), context);
}

Result<Value> list_namespaces(const Properties& want, plugin::TaskContext& context) {
    auto api = KestraApi::of(want, context);
    if (!api) return tl::unexpected(api.error());
    net::Pairs query{{"existing", want.existing_only ? "true" : "false"}};
    add_filter(query, "q", "EQUALS", want.prefix);
    List names;
    const auto total = api->search("/namespaces/search", query, want, [&](const Value& row) {
        if (row.text("id").starts_with(want.prefix)) names.emplace_back(row.text("id"));
    });
    if (!total) return tl::unexpected(total.error());
    return Value{{"namespaces", Value(std::move(names))}};
}

Result<Value> namespaces_with_flows(const Properties& want, plugin::TaskContext& context) {
    auto api = KestraApi::of(want, context);
    if (!api) return tl::unexpected(api.error());
    auto names = api->json("GET", "/flows/distinct-namespaces");
    if (!names || want.prefix.empty()) {
        return names ? Result<Value>(Value{{"namespaces", *names}}) : names;
    }
    List kept;
    for (const Value& name : names->is_list() ? names->as_list() : List()) {
        if (plugin::text_of(name).starts_with(want.prefix)) kept.push_back(name);
    }
    return Value{{"namespaces", Value(std::move(kept))}};
}

Result<Value> fetch_logs(const Properties& want, plugin::TaskContext& context) {
    auto api = KestraApi::of(want, context);
    if (!api) return tl::unexpected(api.error());
    const std::string id = want.execution_id.empty() ? context.place().execution_id.text() : want.execution_id;
    std::vector<std::string> tasks = want.task_ids;
    if (tasks.empty()) tasks.emplace_back();
    std::string text;
    std::int64_t size = 0;
    for (const std::string& task : tasks) {
        net::Pairs query{{"minLevel", want.level}};
        if (!task.empty()) query.emplace_back("taskId", task);
        const auto lines = api->json("GET", "/logs/" + in_path(id), query);
        if (!lines) return lines;
        for (const Value& line : lines->is_list() ? lines->as_list() : List()) {
            text += to_json(line) + "\n";
            ++size;
        }
    }
    auto address = plugin::store_text(context, text, "logs.ion");
    if (!address) return tl::unexpected(address.error());
    return Value{{"uri", *address}, {"size", size}};
}

Result<Value> toggle(const Properties& want, plugin::TaskContext& context) {
    auto api = KestraApi::of(want, context);
    if (!api) return tl::unexpected(api.error());
    const Value body{{"namespace", own_namespace(want, context)},
                     {"flowId", want.flow_id.empty() ? context.place().flow.id : want.flow_id},
                     {"triggerId", want.trigger},
                     {"disabled", !want.enabled}};
    const auto done = api->send("PUT", "/triggers/set-disabled", {}, to_json(body));
    return done ? Result<Value>(Value()) : tl::unexpected(done.error());
}

/// A flow with this one task.
std::string example_of(const std::string& id, const std::string& type, const std::string& properties) {
    return fmt::format(
        "id: {}\nnamespace: company.team\ntasks:\n  - id: call\n    type: io.kestra.plugin.{}\n    auth:\n"
        "      username: \"{{{{ secret('API_USER') }}}}\"\n      password: \"{{{{ secret('API_PASSWORD') }}}}\"\n{}",
        id, type, properties);
}

plugin::TaskTypeMaker<Properties> declared(const std::string& name, const std::string& title,
                                           plugin::TaskTypeMaker<Properties>::Run run, const std::string& properties) {
    plugin::TaskTypeMaker<Properties> type(name, std::move(run));
    declare_api(type);
    std::string id = name.substr(name.find('.') + 1);
    std::replace(id.begin(), id.end(), '.', '_');
    type.title(title).example(title, example_of(id, name, properties));
    return type;
}

}  // namespace kestra_resources

void add_kestra_resource_types(plugin::TaskCatalog& catalog) {
    using namespace kestra_resources;
    catalog.add(declared("kestra.flows.List", "Lists the flows of a namespace by the API of a server.", list_flows,
                         "    namespace: company\n")
                    .property("namespace", &Properties::name_space, "Which one; default: this flow's")
                    .output("flows", "The flows", Shape::List)
                    .output("size", "How many", Shape::Integer));
    catalog.add(declared("kestra.flows.Export", "Fetches flows as a zip by the API of a server.", export_flows,
                         "    namespace: company\n")
                    .property("namespace", &Properties::name_space, "Only of this one, and those below it")
                    .property("labels", &Properties::label_list, "Only with all of these: key:value")
                    .output("flowsZip", "Address of the zip", Shape::Text));
    catalog.add(declared("kestra.flows.ExportById", "Fetches these flows as a zip by the API of a server.",
                         export_flows_by_id,
                         "    idsWithNamespace:\n      - id: load\n        namespace: company.team\n")
                    .property("idsWithNamespace", &Properties::ids, "Which ones: {id, namespace}", plugin::required)
                    .shape(Shape::List)
                    .output("flowsZip", "Address of the zip", Shape::Text));
    catalog.add(declared("kestra.namespaces.List", "Lists namespaces by the API of a server.", list_namespaces,
                         "    prefix: company\n")
                    .property("prefix", &Properties::prefix, "Only those that begin so")
                    .property("page", &Properties::page, "Only this page, from 1; default: all of them")
                    .property("size", &Properties::size, "Namespaces in a page")
                    .property("existingOnly", &Properties::existing_only, "Without those that only have others below")
                    .output("namespaces", "Their names", Shape::List));
    catalog.add(declared("kestra.namespaces.NamespacesWithFlows", "Lists namespaces with flows by the API of a server.",
                         namespaces_with_flows, "    prefix: company\n")
                    .property("prefix", &Properties::prefix, "Only those that begin so")
                    .output("namespaces", "Their names", Shape::List));
    catalog.add(declared("kestra.logs.Fetch", "Fetches the log of an execution by the API of a server.", fetch_logs,
                         "    level: WARN\n")
                    .property("namespace", &Properties::name_space, "Of the execution's flow")
                    .property("flowId", &Properties::flow_id, "Of the execution's flow")
                    .property("executionId", &Properties::execution_id, "Which one; default: this one")
                    .property("tasksId", &Properties::task_ids, "Only these tasks")
                    .property("level", &Properties::level, "This level and above")
                    .values({"TRACE", "DEBUG", "INFO", "WARN", "ERROR"})
                    .output("uri", "Address of the file: a line is a log entry", Shape::Text)
                    .output("size", "Lines", Shape::Integer));
    catalog.add(declared("kestra.triggers.Toggle", "Switches a trigger on or off by the API of a server.", toggle,
                         "    flowId: nightly\n    trigger: every_night\n    enabled: false\n")
                    .property("namespace", &Properties::name_space, "Of the flow; default: this flow's")
                    .property("flowId", &Properties::flow_id, "The flow; default: this one")
                    .property("trigger", &Properties::trigger, "The trigger", plugin::required)
                    .property("enabled", &Properties::enabled, "On or off"));
}

}  // namespace sluice::tasks
