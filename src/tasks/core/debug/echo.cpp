#include "tasks/catalog.h"

namespace sluice::tasks {
namespace debug_echo {

struct Properties {
    std::string format;
    LogLevel level = LogLevel::Info;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    context.log(want.level, want.format);
    return Value();
}

}  // namespace debug_echo

plugin::TaskType core_debug_echo() {
    using namespace debug_echo;
    return plugin::task_type<Properties>("core.debug.Echo", run)
        .title("Writes to the execution's log. Older form of core.log.Log.")
        .light()
        .deprecated()
        .alias("io.kestra.core.tasks.debugs.Echo")
        .property("format", &Properties::format, "The text", plugin::required)
        .property("level", &Properties::level, "Level of the line");
}

}  // namespace sluice::tasks
