// Conditions of triggers.
#include "flow/catalog.h"

namespace sluice::flow {
namespace {

constexpr const char* kOldModels = "io.kestra.core.models.conditions.types.";
constexpr const char* kOldPlugin = "io.kestra.plugin.core.condition.";

/// Older names end in "Condition" and stood in two packages.
void add(Catalog& catalog, const char* name, const char* title, std::vector<Property> properties,
         const char* old_name = nullptr) {
    TypeInfo type;
    type.name = std::string(kTypePrefix) + "core.condition." + name;
    type.category = Category::Condition;
    type.title = title;
    type.properties = std::move(properties);
    const std::string old = old_name != nullptr ? old_name : std::string(name) + "Condition";
    type.aliases = {kOldModels + old};
    if (kOldPlugin + old != type.name) type.aliases.push_back(kOldPlugin + old);
    catalog.add(std::move(type));
}

Property text(const char* name, const char* description, bool required = false) {
    return {.name = name, .shape = Shape::Text, .description = description, .required = required};
}
Property states(const char* name, const char* description) {
    return {.name = name, .shape = Shape::List, .description = description, .items = {{.shape = Shape::Text}}};
}
const Property kConditions{
    .name = "conditions", .shape = Shape::Any, .description = "Other conditions", .required = true};
const Property kDate = text("date", "Default: {{ trigger.date }}");
const Property kDays{.name = "dayOfWeek",
                     .shape = Shape::Enum,
                     .description = "Day of the week",
                     .required = true,
                     .values = {"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"}};

}  // namespace

void add_condition_types(Catalog& catalog) {
    add(catalog, "DateTimeBetween", "The date is after and before.",
        {kDate, text("after", "ISO date with offset"), text("before", "ISO date with offset")});
    add(catalog, "TimeBetween", "The time of day is after and before.",
        {kDate, text("after", "10:00:00+01:00"), text("before", "18:00:00+01:00")});
    add(catalog, "DayWeek", "The date is this day of the week.", {kDate, kDays});
    add(catalog, "DayWeekInMonth", "The date is the first, second … of this day of the week in its month.",
        {kDate,
         kDays,
         {.name = "dayInMonth",
          .shape = Shape::Enum,
          .description = "Which one",
          .required = true,
          .values = {"FIRST", "SECOND", "THIRD", "FOURTH", "LAST"}}});
    add(catalog, "Weekend", "The date is a Saturday or Sunday.", {kDate});
    add(catalog, "PublicHoliday", "The date is a public holiday.",
        {kDate, text("country", "ISO code"), text("subDivision", "ISO code")});
    add(catalog, "Expression", "The expression gives something that is not blank and not false.",
        {text("expression", "The expression", true)}, "VariableCondition");
    add(catalog, "ExecutionStatus", "The execution is in one of these states.",
        {states("in", "One of them"), states("notIn", "None of them")});
    add(catalog, "ExecutionFlow", "The execution is of this flow.",
        {text("namespace", "Of the flow", true), text("flowId", "Of the flow", true)});
    add(catalog, "ExecutionNamespace", "The execution is of this namespace.",
        {text("namespace", "Compared with the execution's", true),
         {.name = "comparison",
          .shape = Shape::Enum,
          .description = "Exactly, by its beginning, or by its end",
          .default_text = "EQUALS",
          .values = {"EQUALS", "PREFIX", "SUFFIX"}},
         {.name = "prefix", .shape = Shape::Boolean, .description = "Now comparison: PREFIX", .deprecated = true}});
    add(catalog, "ExecutionLabels", "The execution has all of these labels.",
        {{.name = "labels", .shape = Shape::Labels, .description = "Names and values", .required = true}});
    add(catalog, "ExecutionOutputs", "An expression over the execution's outputs is true.",
        {text("expression", "Uses trigger.outputs", true)});
    add(catalog, "HasRetryAttempt", "A task run of the execution was tried more than once, with such a state.",
        {states("in", "One of them"), states("notIn", "None of them")});
    add(catalog, "Not", "None of the conditions is true.", {kConditions});
    add(catalog, "Or", "At least one of the conditions is true.", {kConditions});
    add(catalog, "MultipleCondition", "Each condition became true within a window, by different executions.",
        {text("id", "Name of the window", true),
         {.name = "timeWindow",
          .shape = Shape::Any,
          .description = "When windows begin and end",
          .aliases = {"sla", "timeSLA"}},
         {.name = "window", .shape = Shape::Duration, .description = "Length of a window"},
         {.name = "windowAdvance", .shape = Shape::Duration, .description = "How far it is shifted"},
         {.name = "resetOnSuccess",
          .shape = Shape::Boolean,
          .description = "Begins anew once all have been true",
          .default_text = "true"},
         kConditions},
        "MultipleCondition");
    add(catalog, "FlowCondition", "The flow to be started is this one.",
        {text("namespace", "Of the flow", true), text("flowId", "Of the flow", true)}, "FlowCondition");
    add(catalog, "FlowNamespaceCondition", "The flow to be started is of this namespace.",
        {text("namespace", "Of the flow", true),
         {.name = "prefix", .shape = Shape::Boolean, .description = "Those below it, too"}},
        "FlowNamespaceCondition");
}

}  // namespace sluice::flow
