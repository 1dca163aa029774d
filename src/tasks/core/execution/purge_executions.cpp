#include "plugin/records.h"
#include "storage/layout.h"
#include "storage/storage.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace execution_purge_executions {

constexpr std::size_t kAtOnce = 100;

struct Properties {
    std::string name_space;
    std::string flow_id;
    std::string start_date;
    std::string end_date;
    std::vector<std::string> states;
    bool executions = true;
    bool logs = true;
    bool metrics = true;
    bool storage = true;
};

Result<plugin::RecordFilter> filter_of(const Properties& want) {
    plugin::RecordFilter out;
    out.name_space = want.name_space;
    out.flow_id = want.flow_id;
    for (const std::string& word : want.states) {
        const auto state = state_of(word);
        if (!state) return invalid("property 'states': there is no state '{}'", word);
        out.states.push_back(*state);
    }
    const auto to = parse_iso(want.end_date);
    if (!to) return tl::unexpected(to.error());
    out.to = *to;
    if (want.start_date.empty()) return out;
    const auto from = parse_iso(want.start_date);
    if (!from) return tl::unexpected(from.error());
    out.from = *from;
    return out;
}

std::int64_t purge_files(const std::vector<std::string>& ids, plugin::TaskContext& context) {
    std::int64_t files = 0;
    for (const std::string& id : ids) {
        const auto flow = context.execution_records().flow_of(id);
        if (!flow) continue;
        files += static_cast<std::int64_t>(
            context.storage().remove_all(storage::execution_folder({flow->namespace_name, flow->id, id})));
    }
    return files;
}

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const auto filter = filter_of(want);
    if (!filter) return tl::unexpected(filter.error());
    const plugin::PurgeWhat what{want.executions, want.logs, want.metrics};
    plugin::PurgeCount total;
    std::int64_t files = 0;
    for (std::string after; !context.stop_token().stop_requested();) {
        const auto ids = context.execution_records().ended(*filter, after, kAtOnce);
        if (ids.empty()) break;
        if (want.storage) files += purge_files(ids, context);
        const plugin::PurgeCount purged = context.execution_records().purge(ids, what);
        total.executions += purged.executions;
        total.logs += purged.logs;
        total.metrics += purged.metrics;
        after = ids.back();
    }
    return Value{{"executionsCount", total.executions},
                 {"logsCount", total.logs},
                 {"metricsCount", total.metrics},
                 {"storagesCount", files}};
}

}  // namespace execution_purge_executions

plugin::TaskType core_execution_purge_executions() {
    using namespace execution_purge_executions;
    using flow::Shape;
    return plugin::task_type<Properties>("core.execution.PurgeExecutions", run)
        .title("Deletes executions that are over, with what belongs to them.")
        .alias("io.kestra.core.tasks.storages.Purge")
        .alias("io.kestra.plugin.core.storage.Purge")
        .property("namespace", &Properties::name_space, "This one and those below it; default: all")
        .property("flowId", &Properties::flow_id, "Of this flow only")
        .property("startDate", &Properties::start_date, "Created at or after")
        .property("endDate", &Properties::end_date, "Created before", plugin::required)
        .property("states", &Properties::states, "Only in these states")
        .property("purgeExecution", &Properties::executions, "The executions themselves")
        .property("purgeLog", &Properties::logs, "Their logs")
        .property("purgeMetric", &Properties::metrics, "Their metrics")
        .property("purgeStorage", &Properties::storage, "Their files")
        .output("executionsCount", "Executions that were deleted", Shape::Integer)
        .output("logsCount", "Log lines that were deleted", Shape::Integer)
        .output("metricsCount", "Metrics that were deleted", Shape::Integer)
        .output("storagesCount", "Files that were deleted", Shape::Integer);
}

}  // namespace sluice::tasks
