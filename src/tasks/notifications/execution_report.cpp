#include "tasks/notifications/execution_report.h"

#include <map>

#include "base/utf8.h"
#include "plugin/convert.h"

namespace sluice::tasks {
namespace {

constexpr std::size_t kShownErrorBytes = 400;

std::string shortened(const std::string& text) {
    const std::string_view shown = utf8_prefix(text, kShownErrorBytes);
    return std::string(shown) + (shown.size() < text.size() ? "…" : "");
}

std::string joined_errors(const std::vector<std::string>& errors) {
    std::string out;
    for (const std::string& error : errors) out += (out.empty() ? "" : "\n") + shortened(error);
    return out;
}

std::string headline_of(const plugin::ExecutionSummary& summary) {
    const std::string flow = summary.flow.namespace_name + "." + summary.flow.id;
    if (is_over(summary.state)) {
        return fmt::format("{} {} after {}", flow, to_text(summary.state), for_people(summary.until - summary.started));
    }
    // Within `errors` the execution itself is still running.
    if (!summary.failed_task.empty()) return fmt::format("{}: the task {} failed", flow, summary.failed_task);
    return fmt::format("{} is {}", flow, to_text(summary.state));
}

std::string link_of(const std::string& id, const flow::FlowId& flow, const plugin::TaskContext& context) {
    std::string page = context.variables()["kestra"].text("url");
    while (page.ends_with('/')) page.pop_back();
    if (page.empty()) return "";
    return fmt::format("{}/ui/main/executions/{}/{}/{}", page, flow.namespace_name, flow.id, id);
}

Result<void> add_custom_facts(const Value& fields, ExecutionReport& report) {
    if (fields.is_null()) return {};
    std::map<std::string, std::string> checked;
    if (auto read = plugin::convert(fields, checked); !read) {
        return invalid("property 'customFields': {}", read.error().message);
    }
    if (!fields.is_map()) {
        for (const auto& [name, value] : checked) report.facts.emplace_back(name, value);
        return {};
    }
    for (const auto& [name, value] : fields.as_map()) report.facts.emplace_back(name, plugin::text_of(value));
    return {};
}

}  // namespace

bool ExecutionReport::is_bad() const {
    return summary.state == State::Failed || summary.state == State::Killed ||
           (!is_over(summary.state) && !summary.failed_task.empty());
}

std::string_view ExecutionReport::color() const {
    if (is_bad()) return "D93025";
    if (summary.state == State::Warning || summary.state == State::Cancelled) return "F9AB00";
    return summary.state == State::Success ? "1E8E3E" : "5F6368";
}

std::string ExecutionReport::text() const {
    std::string out = headline;
    if (!message.empty()) out += "\n" + message;
    for (const auto& [name, value] : facts) out += fmt::format("\n{}: {}", name, value);
    if (!link.empty()) out += "\n" + link;
    return out;
}

std::vector<flow::Property> report_properties() {
    using flow::Shape;
    return {
        {.name = "executionId",
         .shape = Shape::Text,
         .description = "Which execution; default: this one. Of a flow with a Flow trigger: {{ trigger.executionId }}"},
        {.name = "customFields", .shape = Shape::MapOrText, .description = "More names and values to tell"},
        {.name = "customMessage", .shape = Shape::Text, .description = "A text of your own, before the rest"},
    };
}

Result<ExecutionReport> execution_report(const Value& properties, plugin::TaskContext& context) {
    ExecutionReport out;
    out.id = properties.text("executionId");
    if (out.id.empty()) out.id = context.place().execution_id.text();
    auto summary = context.execution_records().summary(out.id);
    if (!summary) return not_found("property 'executionId': there is no execution {}", out.id);
    out.summary = std::move(*summary);
    out.link = link_of(out.id, out.summary.flow, context);
    out.headline = headline_of(out.summary);
    out.message = properties.text("customMessage");
    out.facts = {{"Namespace", out.summary.flow.namespace_name},
                 {"Flow", out.summary.flow.id},
                 {"Execution", out.id},
                 {"State", std::string(to_text(out.summary.state))},
                 {"Started", to_iso(out.summary.started)},
                 {"Duration", for_people(out.summary.until - out.summary.started)}};
    if (!out.summary.failed_task.empty()) out.facts.emplace_back("Failed task", out.summary.failed_task);
    if (!out.summary.errors.empty()) out.facts.emplace_back("Error", joined_errors(out.summary.errors));
    if (auto added = add_custom_facts(properties["customFields"], out); !added) return tl::unexpected(added.error());
    return out;
}

}  // namespace sluice::tasks
