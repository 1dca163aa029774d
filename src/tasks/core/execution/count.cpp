#include "plugin/records.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace execution_count {

struct Properties {
    Value flows;
    std::vector<std::string> namespaces;
    std::vector<std::string> states;
    std::string start_date;
    std::string end_date;
    std::string expression;
};

Result<plugin::RecordFilter> filter_of(const Properties& want) {
    plugin::RecordFilter out;
    for (const std::string& word : want.states) {
        const auto state = state_of(word);
        if (!state) return invalid("property 'states': there is no state '{}'", word);
        out.states.push_back(*state);
    }
    const auto from = parse_iso(want.start_date);
    if (!from) return tl::unexpected(from.error());
    out.from = *from;
    if (want.end_date.empty()) return out;
    const auto to = parse_iso(want.end_date);
    if (!to) return tl::unexpected(to.error());
    out.to = *to;
    return out;
}

/// What is counted separately.
Result<std::vector<flow::FlowId>> targets_of(const Properties& want) {
    std::vector<flow::FlowId> out;
    for (const Value& one : want.flows.is_list() ? want.flows.as_list() : List()) {
        out.push_back({one.text("namespace"), one.text("flowId")});
    }
    for (const std::string& name_space : want.namespaces) out.push_back({name_space, ""});
    if (out.empty()) return invalid("You must provide a list of flows or namespaces");
    return out;
}

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    auto filter = filter_of(want);
    if (!filter) return tl::unexpected(filter.error());
    const auto targets = targets_of(want);
    if (!targets) return tl::unexpected(targets.error());
    List results;
    std::int64_t total = 0;
    for (const flow::FlowId& target : *targets) {
        filter->name_space = target.namespace_name;
        filter->flow_id = target.id;
        const std::int64_t count = context.execution_records().count(*filter);
        const auto holds = context.render(want.expression, Map{{"count", count}});
        if (!holds) return tl::unexpected(holds.error());
        if (*holds != "true") continue;
        total += count;
        Map row{{"namespace", target.namespace_name}};
        if (!target.id.empty()) row.set("flowId", target.id);
        row.set("count", count);
        results.emplace_back(std::move(row));
    }
    return Value{{"results", Value(std::move(results))}, {"total", total}};
}

}  // namespace execution_count

plugin::TaskType core_execution_count() {
    using namespace execution_count;
    using flow::Shape;
    flow::Property item{.name = "",
                        .shape = Shape::Object,
                        .fields = {{.name = "namespace", .shape = Shape::Text, .required = true},
                                   {.name = "flowId", .shape = Shape::Text, .required = true}}};
    return plugin::task_type<Properties>("core.execution.Count", run)
        .title("Counts executions.")
        .alias("io.kestra.core.tasks.executions.Counts")
        .alias("io.kestra.plugin.core.execution.Counts")
        .property("flows", &Properties::flows, "List of {namespace, flowId}")
        .shape(Shape::List)
        .items(std::move(item))
        .property("namespaces", &Properties::namespaces, "Namespaces, with those below them")
        .property("states", &Properties::states, "Only these; default: all")
        .property("startDate", &Properties::start_date, "Created at or after", plugin::required)
        .property("endDate", &Properties::end_date, "Created before")
        .property("expression", &Properties::expression, "Which counts are kept, for example {{ count == 0 }}",
                  plugin::required)
        .unrendered()
        .output("results", "List of {namespace, flowId, count}", Shape::List)
        .output("total", "Sum of the counts that were kept", Shape::Integer);
}

}  // namespace sluice::tasks
