#include "tasks/catalog.h"

namespace sluice::tasks {
namespace debug_return {

struct Properties {
    std::optional<std::string> format;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    if (!want.format) return Value{{"value", Value()}};
    context.metric("length", "counter", static_cast<double>(want.format->size()));
    return Value{{"value", *want.format}};
}

}  // namespace debug_return

plugin::TaskType core_debug_return() {
    using namespace debug_return;
    return plugin::task_type<Properties>("core.debug.Return", run)
        .title("Gives back a rendered text.")
        .light()
        .alias("io.kestra.core.tasks.debugs.Return")
        .property("format", &Properties::format, "The text")
        .output("value", "The text, rendered", flow::Shape::Text);
}

}  // namespace sluice::tasks
