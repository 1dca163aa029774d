#include "plugin/records.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace log_purge_logs {

struct Properties {
    std::string name_space;
    std::string flow_id;
    std::string execution_id;
    std::vector<std::string> levels;
    std::string start_date;
    std::string end_date;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    plugin::RecordFilter filter;
    filter.name_space = want.name_space;
    filter.flow_id = want.flow_id;
    filter.execution_id = want.execution_id;
    for (const std::string& word : want.levels) {
        const auto level = parse_log_level(word);
        if (!level) return tl::unexpected(level.error());
        filter.levels.push_back(*level);
    }
    const auto to = parse_iso(want.end_date);
    if (!to) return tl::unexpected(to.error());
    filter.to = *to;
    if (!want.start_date.empty()) {
        const auto from = parse_iso(want.start_date);
        if (!from) return tl::unexpected(from.error());
        filter.from = *from;
    }
    return Value{{"count", context.execution_records().purge_logs(filter)}};
}

}  // namespace log_purge_logs

plugin::TaskType core_log_purge_logs() {
    using namespace log_purge_logs;
    return plugin::task_type<Properties>("core.log.PurgeLogs", run)
        .title("Deletes log lines.")
        .property("namespace", &Properties::name_space, "This one and those below it; default: all")
        .property("flowId", &Properties::flow_id, "Of this flow only")
        .property("executionId", &Properties::execution_id, "Of this execution only")
        .property("logLevels", &Properties::levels, "Only these levels")
        .property("startDate", &Properties::start_date, "At or after")
        .property("endDate", &Properties::end_date, "Before", plugin::required)
        .output("count", "Lines that were deleted", flow::Shape::Integer);
}

}  // namespace sluice::tasks
