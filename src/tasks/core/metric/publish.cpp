#include "plugin/fields.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace metric_publish {

struct Properties {
    Value metrics;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    if (!want.metrics.is_list()) return invalid("property 'metrics': expected a list");
    for (std::size_t i = 0; i < want.metrics.as_list().size(); ++i) {
        const Value& one = want.metrics.as_list()[i];
        std::string name, kind = "counter";
        double number = 0;
        Duration duration{0};
        plugin::Fields fields(one, fmt::format("metrics[{}]", i));
        fields.take("name", name).take("type", kind);
        const bool is_time = kind == "timer" && one["value"].is_string() && one.text("value").starts_with("P");
        is_time ? fields.take("value", duration) : fields.take("value", number);
        if (auto read = fields.done(); !read) return tl::unexpected(read.error());
        context.metric(name, kind, is_time ? in_seconds(duration) : number, one["tags"]);
    }
    return Value();
}

}  // namespace metric_publish

plugin::TaskType core_metric_publish() {
    using namespace metric_publish;
    using flow::Shape;
    flow::Property item{.name = "",
                        .shape = Shape::Object,
                        .fields = {{.name = "name", .shape = Shape::Text, .description = "Name", .required = true},
                                   {.name = "type",
                                    .shape = Shape::Enum,
                                    .description = "Kind",
                                    .required = true,
                                    .values = {"counter", "timer", "gauge"}},
                                   {.name = "value",
                                    .shape = Shape::Any,
                                    .description = "A number; a timer's in seconds, or PT1.5S",
                                    .required = true},
                                   {.name = "description", .shape = Shape::Text, .description = "For people"},
                                   {.name = "tags", .shape = Shape::Map, .description = "Names and values"}}};
    return plugin::task_type<Properties>("core.metric.Publish", run)
        .title("Publishes metrics of the execution.")
        .light()
        .property("metrics", &Properties::metrics, "What to publish", plugin::required)
        .shape(Shape::List)
        .items(std::move(item));
}

}  // namespace sluice::tasks
