#include "plugin/records.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace execution_resume {

struct Properties {
    std::optional<std::string> execution_id;
    std::string name_space;
    std::string flow_id;
    Value inputs;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    if (want.name_space.empty() != want.flow_id.empty()) return invalid("namespace and flowId belong together");
    if (!want.flow_id.empty() && !want.execution_id) return invalid("flowId needs an executionId");
    const std::string id = want.execution_id.value_or(context.place().execution_id.text());
    auto resumed = context.execution_records().resume(id, want.inputs);
    if (!resumed) return tl::unexpected(resumed.error());
    return Value();
}

}  // namespace execution_resume

plugin::TaskType core_execution_resume() {
    using namespace execution_resume;
    return plugin::task_type<Properties>("core.execution.Resume", run)
        .title("Resumes an execution that is paused.")
        .property("executionId", &Properties::execution_id, "Default: this one")
        .property("namespace", &Properties::name_space, "Of that execution's flow")
        .property("flowId", &Properties::flow_id, "Of that execution's flow")
        .property("inputs", &Properties::inputs, "For the pause's onResume")
        .shape(flow::Shape::Map);
}

}  // namespace sluice::tasks
