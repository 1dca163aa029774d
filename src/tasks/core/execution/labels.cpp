#include "tasks/catalog.h"
#include "value/json.h"

namespace sluice::tasks {
namespace execution_labels {

struct Properties {
    Value labels;
};

/// Labels come as a map, as a list of {key, value}, or as the JSON text of either.
Result<std::vector<flow::Label>> labels_of(Value labels) {
    if (const std::string* text = labels.if_string()) {
        auto parsed = parse_json(*text);
        if (!parsed) return invalid("property 'labels': {}", parsed.error().message);
        labels = std::move(*parsed);
    }
    std::vector<flow::Label> out;
    if (labels.is_map()) {
        for (const auto& [key, value] : labels.as_map()) out.push_back({key, plugin::text_of(value)});
    } else if (labels.is_list()) {
        for (const Value& one : labels.as_list()) out.push_back({one.text("key"), plugin::text_of(one["value"])});
    } else {
        return invalid("property 'labels': expected a map or a list of {{key, value}}");
    }
    for (const flow::Label& label : out) {
        if (label.key.empty()) return invalid("a label's key must not be blank");
        if (label.key.starts_with("system.")) {
            return invalid("System labels can only be set by Kestra itself, offending label: {}={}.", label.key,
                           label.value);
        }
    }
    return out;
}

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    auto labels = labels_of(want.labels);
    if (!labels) return tl::unexpected(labels.error());
    for (flow::Label& label : *labels) context.set_label(std::move(label.key), std::move(label.value));
    return Value();
}

}  // namespace execution_labels

plugin::TaskType core_execution_labels() {
    using namespace execution_labels;
    return plugin::task_type<Properties>("core.execution.Labels", run)
        .title("Adds labels to the execution, or changes them.")
        .updating()
        .alias("io.kestra.core.tasks.executions.Labels")
        .property("labels", &Properties::labels, "A map, a list of {key, value}, or the JSON text of one",
                  plugin::required);
}

}  // namespace sluice::tasks
