#include "plugin/records.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "value/json.h"

namespace sluice::tasks {
namespace log_fetch {

constexpr std::size_t kAtOnce = 1000;

struct Properties {
    std::string name_space;
    std::string flow_id;
    std::optional<std::string> execution_id;
    std::vector<std::string> task_ids;
    LogLevel level = LogLevel::Info;
};

Value row_of(const plugin::LogRecord& line, const flow::FlowId& flow, const std::string& execution_id) {
    return Value{{"namespace", flow.namespace_name}, {"flowId", flow.id},
                 {"taskId", line.task_id},           {"executionId", execution_id},
                 {"taskRunId", line.task_run_id},    {"attemptNumber", line.attempt},
                 {"timestamp", to_iso(line.at)},     {"level", to_text(line.level)},
                 {"message", line.message}};
}

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    plugin::RecordFilter filter;
    filter.execution_id = want.execution_id.value_or(context.place().execution_id.text());
    filter.task_ids = want.task_ids;
    for (int level = static_cast<int>(want.level); level <= static_cast<int>(LogLevel::Error); ++level) {
        filter.levels.push_back(static_cast<LogLevel>(level));
    }
    const auto flow = context.execution_records().flow_of(filter.execution_id);
    if (!flow) return not_found("there is no execution {}", filter.execution_id);
    const auto address = context.file_address("logs.ion");
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    std::int64_t size = 0;
    for (std::int64_t after = 0;;) {
        const auto lines = context.execution_records().logs(filter, after, kAtOnce);
        if (lines.empty()) break;
        for (const plugin::LogRecord& line : lines) {
            (*writer)->write(to_json(row_of(line, *flow, filter.execution_id)) + "\n");
        }
        size += static_cast<std::int64_t>(lines.size());
        after = lines.back().seq;
    }
    if (auto done = (*writer)->commit(); !done) return tl::unexpected(done.error());
    return Value{{"uri", address->text()}, {"size", size}};
}

}  // namespace log_fetch

plugin::TaskType core_log_fetch() {
    using namespace log_fetch;
    return plugin::task_type<Properties>("core.log.Fetch", run)
        .title("Writes the log of an execution to a file.")
        .description("A line of the file is a log entry, as JSON (which is Ion, too).")
        .alias("io.kestra.core.tasks.log.Fetch")
        .property("namespace", &Properties::name_space, "Of the execution's flow")
        .property("flowId", &Properties::flow_id, "Of the execution's flow")
        .property("executionId", &Properties::execution_id, "Default: this one")
        .property("tasksId", &Properties::task_ids, "Only these tasks")
        .property("level", &Properties::level, "This level and above")
        .output("uri", "Address of the file", flow::Shape::Text)
        .output("size", "Lines", flow::Shape::Integer);
}

}  // namespace sluice::tasks
