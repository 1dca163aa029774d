// Triggers of the language. Polling triggers of plugins are declared beside their tasks.
#include "flow/catalog.h"

namespace sluice::flow {
namespace {

TypeInfo trigger(const char* name, const char* title, std::vector<Property> properties,
                 std::vector<std::string> aliases = {}) {
    TypeInfo type;
    type.name = std::string(kTypePrefix) + name;
    type.category = Category::Trigger;
    type.title = title;
    type.properties = std::move(properties);
    type.aliases = std::move(aliases);
    return type;
}

const Property kRecover{.name = "recoverMissedSchedules",
                        .shape = Shape::Enum,
                        .description = "What happens to dates that were missed while no scheduler ran",
                        .literal = true,
                        .default_text = "ALL",
                        .values = {"ALL", "LAST", "NONE"}};
const Property kTimezone{
    .name = "timezone", .shape = Shape::Text, .description = "IANA name; default: the server's", .literal = true};

}  // namespace

void add_trigger_types(Catalog& catalog) {
    TypeInfo schedule =
        trigger("core.trigger.Schedule", "Starts the flow at the times of a cron expression.",
                {{.name = "cron",
                  .shape = Shape::Text,
                  .description = "Five fields, or six with seconds; or @daily …",
                  .required = true,
                  .literal = true},
                 {.name = "withSeconds",
                  .shape = Shape::Boolean,
                  .description = "Six fields, seconds first",
                  .literal = true,
                  .default_text = "false"},
                 kTimezone,
                 {.name = "lateMaximumDelay",
                  .shape = Shape::Duration,
                  .description = "Dates that are later than this are left out",
                  .literal = true},
                 kRecover,
                 {.name = "dst",
                  .shape = Shape::Enum,
                  .description = "Local times that the clock change skips: run right after the gap, or not at all",
                  .literal = true,
                  .default_text = "RUN_AFTER_GAP",
                  .values = {"RUN_AFTER_GAP", "SKIP"}},
                 {.name = "backfill", .shape = Shape::Any, .description = "Accepted and ignored", .deprecated = true},
                 {.name = "interval", .shape = Shape::Any, .description = "Not of this trigger", .deprecated = true}},
                {"io.kestra.core.models.triggers.types.Schedule"});
    schedule.outputs = {{"date", "The date that it stands for", Shape::DateTime},
                        {"next", "The next date", Shape::DateTime},
                        {"previous", "The date before", Shape::DateTime}};
    catalog.add(std::move(schedule));

    catalog.add(
        trigger("core.trigger.ScheduleOnDates", "Starts the flow at given dates.",
                {{.name = "dates", .shape = Shape::ListOrText, .description = "ISO-8601 with offset", .required = true},
                 kTimezone,
                 kRecover}));

    TypeInfo webhook = trigger(
        "core.trigger.Webhook", "Starts the flow by an HTTP request to its address.",
        {{.name = "key", .shape = Shape::Text, .description = "The secret last part of the address", .required = true},
         {.name = "wait",
          .shape = Shape::Boolean,
          .description = "Answer at the end of the execution",
          .literal = true,
          .default_text = "false"},
         {.name = "returnOutputs",
          .shape = Shape::Boolean,
          .description = "Answer with the flow's outputs alone",
          .literal = true,
          .default_text = "false"},
         {.name = "responseContentType",
          .shape = Shape::Text,
          .description = "Of the answer",
          .literal = true,
          .default_text = "application/json"},
         {.name = "responseCode", .shape = Shape::Any, .description = "Status of the answer", .default_text = "200"}},
        {"io.kestra.core.models.triggers.types.Webhook"});
    webhook.outputs = {{"body", "JSON when it is an object or a list, else text", Shape::Any},
                       {"headers", "Lists by name", Shape::Map},
                       {"parameters", "Lists by name", Shape::Map}};
    catalog.add(std::move(webhook));

    const Property any_text{.shape = Shape::Text};
    TypeInfo flow = trigger(
        "core.trigger.Flow", "Starts the flow when executions of other flows change their state.",
        {{.name = "states", .shape = Shape::List, .description = "States that count", .items = {any_text}},
         {.name = "preconditions",
          .shape = Shape::Object,
          .description = "Several executions within a window",
          .fields = {{.name = "id", .shape = Shape::Text, .required = true, .literal = true},
                     {.name = "timeWindow", .shape = Shape::Any},
                     {.name = "resetOnSuccess", .shape = Shape::Boolean, .literal = true, .default_text = "true"},
                     {.name = "flows", .shape = Shape::List},
                     {.name = "where", .shape = Shape::List}}}},
        {"io.kestra.core.models.triggers.types.Flow"});
    flow.outputs = {{"executionId", "Of the other execution", Shape::Text},
                    {"namespace", "Of its flow", Shape::Text},
                    {"flowId", "Id of its flow", Shape::Text},
                    {"flowRevision", "Of its flow", Shape::Integer},
                    {"state", "That it has come to", Shape::Text},
                    {"outputs", "Of its flow", Shape::Map}};
    catalog.add(std::move(flow));
}

}  // namespace sluice::flow
