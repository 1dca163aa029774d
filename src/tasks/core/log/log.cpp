#include "tasks/catalog.h"

namespace sluice::tasks {
namespace log_log {

struct Properties {
    std::vector<std::string> message;
    LogLevel level = LogLevel::Info;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    for (const std::string& line : want.message) context.log(want.level, line);
    return Value();
}

}  // namespace log_log

plugin::TaskType core_log_log() {
    using namespace log_log;
    return plugin::task_type<Properties>("core.log.Log", run)
        .title("Writes to the execution's log.")
        .light()
        .alias("io.kestra.core.tasks.log.Log")
        .property("message", &Properties::message, "A text, or a list of texts", plugin::required)
        .property("level", &Properties::level, "Level of the lines");
}

}  // namespace sluice::tasks
