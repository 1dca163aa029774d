#include "tasks/catalog.h"

namespace sluice::tasks {
namespace output_output_values {

struct Properties {
    Value values;
};

Result<Value> run(const Properties& want, plugin::TaskContext&) {
    return Value{{"values", want.values.is_null() ? Value(Map()) : want.values}};
}

}  // namespace output_output_values

plugin::TaskType core_output_output_values() {
    using namespace output_output_values;
    return plugin::task_type<Properties>("core.output.OutputValues", run)
        .title("Gives back rendered values.")
        .light()
        .property("values", &Properties::values, "A map, nested as deeply as needed")
        .shape(flow::Shape::Map)
        .output("values", "The map, rendered", flow::Shape::Map);
}

}  // namespace sluice::tasks
