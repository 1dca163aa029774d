#include "tasks/catalog.h"
#include "value/truthiness.h"

namespace sluice::tasks {
namespace execution_assert {

struct Properties {
    Value conditions;
    std::optional<std::string> error_message;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    std::vector<std::string> conditions;
    if (auto read = plugin::convert(want.conditions, conditions); !read) return tl::unexpected(read.error());
    double failed = 0;
    for (const std::string& condition : conditions) {
        const auto holds = context.render(condition);
        if (!holds) return tl::unexpected(holds.error());
        if (is_truthy(*holds)) continue;
        ++failed;
        context.log(LogLevel::Error, fmt::format("Assertion failed: '{}' is '{}'", condition, *holds));
    }
    context.metric("failed", "counter", failed);
    context.metric("success", "counter", static_cast<double>(conditions.size()) - failed);
    if (failed == 0) return Value();
    if (want.error_message) context.log(LogLevel::Error, *want.error_message);
    return invalid("{} of {} assertions failed", failed, conditions.size());
}

}  // namespace execution_assert

plugin::TaskType core_execution_assert() {
    using namespace execution_assert;
    return plugin::task_type<Properties>("core.execution.Assert", run)
        .title("Fails unless all conditions are true.")
        .light()
        .property("conditions", &Properties::conditions, "Expressions", plugin::required)
        .shape(flow::Shape::TextOrList)
        .unrendered()
        .property("errorMessage", &Properties::error_message, "Goes to the log when one is false");
}

}  // namespace sluice::tasks
