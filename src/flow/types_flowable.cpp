// The tasks that control other tasks, and those that start executions: they are part of the language.
#include "flow/catalog.h"

namespace sluice::flow {
namespace {

Property tasks(const char* name, const char* description, bool required = false) {
    return {.name = name, .shape = Shape::Tasks, .description = description, .required = required};
}
const Property kErrors = tasks("errors", "Done when a task in here failed");
const Property kFinally = tasks("finally", "Done at the end of this task, whatever happened");
const Property kConcurrent{.name = "concurrent",
                           .shape = Shape::Integer,
                           .description = "How many children run at once; 0: all",
                           .literal = true,
                           .default_text = "0"};
const Property kRestartBehavior{.name = "restartBehavior",
                                .shape = Shape::Enum,
                                .description = "What a restart does with the execution that failed",
                                .literal = true,
                                .default_text = "RETRY_FAILED",
                                .values = {"RETRY_FAILED", "NEW_EXECUTION"}};

std::vector<Property> child_properties() {
    return {
        {.name = "namespace", .shape = Shape::Text, .description = "Of the flow to start", .required = true},
        {.name = "flowId", .shape = Shape::Text, .description = "Of the flow to start", .required = true},
        {.name = "revision", .shape = Shape::Integer, .description = "Default: the latest", .literal = true},
        {.name = "inputs", .shape = Shape::Map, .description = "Inputs of the new execution"},
        {.name = "labels", .shape = Shape::Labels, .description = "Labels of the new execution"},
        {.name = "wait",
         .shape = Shape::Boolean,
         .description = "Wait for its end",
         .literal = true,
         .default_text = "true"},
        {.name = "transmitFailed",
         .shape = Shape::Boolean,
         .description = "End in the state in which it ended",
         .literal = true,
         .default_text = "true"},
        {.name = "inheritLabels",
         .shape = Shape::Boolean,
         .description = "Give it this execution's labels",
         .literal = true,
         .default_text = "false"},
        {.name = "scheduleDate", .shape = Shape::Text, .description = "When it begins"},
        kRestartBehavior,
    };
}

TypeInfo flowable(const char* name, const char* title, std::vector<Property> properties,
                  std::vector<std::string> aliases = {}) {
    properties.push_back(kErrors);
    properties.push_back(kFinally);
    TypeInfo type;
    type.name = std::string(kTypePrefix) + name;
    type.runs = Runs::Flowable;
    type.title = title;
    type.properties = std::move(properties);
    type.aliases = std::move(aliases);
    return type;
}

void add_sequences(Catalog& catalog) {
    catalog.add(flowable("core.flow.Sequential", "Does its tasks one after the other.",
                         {tasks("tasks", "What is done, in order", true)}, {"io.kestra.core.tasks.flows.Sequential"}));
    catalog.add(flowable("core.flow.Parallel", "Does its tasks at the same time.",
                         {tasks("tasks", "What is done", true), kConcurrent}, {"io.kestra.core.tasks.flows.Parallel"}));
    catalog.add(flowable(
        "core.flow.Dag", "Does each of its tasks as soon as those that it depends on are done.",
        {{.name = "tasks", .shape = Shape::DagTasks, .description = "List of {task, dependsOn}", .required = true},
         kConcurrent},
        {"io.kestra.core.tasks.flows.Dag"}));
    catalog.add(flowable("core.flow.AllowFailure", "Does its tasks in order; a failure in here becomes a warning.",
                         {tasks("tasks", "What is done, in order", true)},
                         {"io.kestra.core.tasks.flows.AllowFailure"}));
}

void add_choices(Catalog& catalog) {
    TypeInfo choice =
        flowable("core.flow.If", "Does one branch or the other.",
                 {{.name = "condition", .shape = Shape::Text, .description = "Is it true?", .required = true},
                  tasks("then", "Done when it is true", true),
                  tasks("else", "Done when it is not")},
                 {"io.kestra.core.tasks.flows.If"});
    choice.outputs = {{"evaluationResult", "Whether the condition was true", Shape::Boolean}};
    catalog.add(std::move(choice));

    TypeInfo cases = flowable("core.flow.Switch", "Does the branch that a value names.",
                              {{.name = "value",
                                .shape = Shape::Text,
                                .description = "Compared with the names of the cases",
                                .required = true},
                               {.name = "cases", .shape = Shape::TaskCases, .description = "Lists of tasks by value"},
                               tasks("defaults", "Done when no case has the value")},
                              {"io.kestra.core.tasks.flows.Switch"});
    cases.outputs = {{"value", "The value", Shape::Text}, {"defaults", "Whether no case matched", Shape::Boolean}};
    catalog.add(std::move(cases));
}

void add_loops(Catalog& catalog) {
    const Property values{.name = "values",
                          .shape = Shape::ListOrText,
                          .description = "A list, or an expression that gives a JSON list",
                          .required = true};
    Property value = values;
    value.name = "value";
    catalog.add(flowable("core.flow.ForEach", "Does its tasks for each value.",
                         {values,
                          {.name = "concurrencyLimit",
                           .shape = Shape::Integer,
                           .description = "How many values are worked on at once; 0: all",
                           .literal = true,
                           .default_text = "1"},
                          tasks("tasks", "Done for each value, in order", true)}));
    TypeInfo sequential =
        flowable("core.flow.EachSequential", "Does its tasks for each value, one value after the other.",
                 {value, tasks("tasks", "Done for each value", true)}, {"io.kestra.core.tasks.flows.EachSequential"});
    sequential.deprecated = true;
    catalog.add(std::move(sequential));
    TypeInfo parallel = flowable("core.flow.EachParallel", "Does every task for every value at the same time.",
                                 {value, kConcurrent, tasks("tasks", "Done for each value", true)},
                                 {"io.kestra.core.tasks.flows.EachParallel"});
    parallel.deprecated = true;
    catalog.add(std::move(parallel));

    TypeInfo loop = flowable(
        "core.flow.LoopUntil", "Does its tasks again and again until a condition is true.",
        {{.name = "condition", .shape = Shape::Text, .description = "Ends the loop when true", .required = true},
         tasks("tasks", "Done in each round, in order", true),
         {.name = "failOnMaxReached",
          .shape = Shape::Boolean,
          .description = "Fail when a limit is reached",
          .literal = true,
          .default_text = "false"},
         {.name = "checkFrequency",
          .shape = Shape::Object,
          .description = "Pause and limits",
          .fields = {{.name = "maxIterations", .shape = Shape::Integer},
                     {.name = "maxDuration", .shape = Shape::Duration},
                     {.name = "interval", .shape = Shape::Duration, .default_text = "PT1M"}}}},
        {"io.kestra.plugin.core.flow.WaitFor"});
    loop.outputs = {{"iterationCount", "Rounds so far", Shape::Integer}};
    catalog.add(std::move(loop));
}

void add_pause(Catalog& catalog) {
    TypeInfo pause = flowable(
        "core.flow.Pause", "Waits for a person, or for a time.",
        {{.name = "pauseDuration",
          .shape = Shape::Duration,
          .description = "Goes on by itself after this",
          .aliases = {"delay"}},
         {.name = "timeout", .shape = Shape::Duration, .description = "Fails when nobody resumed it until then"},
         {.name = "behavior",
          .shape = Shape::Enum,
          .description = "How it ends when pauseDuration is over",
          .default_text = "RESUME",
          .values = {"RESUME", "WARN", "CANCEL", "FAIL"}},
         {.name = "onResume", .shape = Shape::Inputs, .description = "Inputs that the one who resumes gives"},
         {.name = "onPause", .shape = Shape::Task, .description = "Done when the pause begins"},
         {.name = "tasks", .shape = Shape::Tasks, .description = "Done after the pause", .deprecated = true}},
        {"io.kestra.core.tasks.flows.Pause"});
    pause.outputs = {{"onResume", "The inputs of the one who resumed", Shape::Map},
                     {"resumed", "Who resumed it, and when", Shape::Map}};
    catalog.add(std::move(pause));
}

void add_working_directory(Catalog& catalog) {
    TypeInfo type = flowable(
        "core.flow.WorkingDirectory", "Does its tasks one after the other on one worker, in one folder.",
        {tasks("tasks", "Runnable tasks, in order", true),
         {.name = "cache",
          .shape = Shape::Object,
          .description = "Files that are kept for the next execution",
          .fields = {{.name = "patterns", .shape = Shape::List, .required = true, .items = {{.shape = Shape::Text}}},
                     {.name = "ttl", .shape = Shape::Duration}}},
         {.name = "namespaceFiles", .shape = Shape::Any, .description = "Namespace files to put into the folder"},
         {.name = "inputFiles", .shape = Shape::MapOrText, .description = "Files to put into the folder, by path"},
         {.name = "outputFiles", .shape = Shape::ListOrText, .description = "Files to keep, as globs"}},
        {"io.kestra.core.tasks.flows.WorkingDirectory", "io.kestra.core.tasks.flows.Worker"});
    type.outputs = {{"outputFiles", "Addresses of the kept files by path", Shape::Map}};
    catalog.add(std::move(type));
}

void add_children(Catalog& catalog) {
    TypeInfo subflow;
    subflow.name = std::string(kTypePrefix) + "core.flow.Subflow";
    subflow.runs = Runs::Child;
    subflow.title = "Starts an execution of another flow.";
    subflow.properties = child_properties();
    subflow.properties.push_back({.name = "outputs",
                                  .shape = Shape::Map,
                                  .description = "Rendered with the outputs of the other execution's tasks",
                                  .deprecated = true});
    subflow.outputs = {{"executionId", "Of the execution that was started", Shape::Text},
                       {"state", "Its state", Shape::Text},
                       {"outputs", "The outputs of its flow", Shape::Map}};
    subflow.aliases = {"io.kestra.core.tasks.flows.Subflow", "io.kestra.core.tasks.flows.Flow"};
    catalog.add(std::move(subflow));

    std::vector<Property> properties = child_properties();
    properties.push_back(
        {.name = "items", .shape = Shape::Text, .description = "Address of a file of lines", .required = true});
    properties.push_back({.name = "batch",
                          .shape = Shape::Object,
                          .description = "How the lines are divided",
                          .fields = {{.name = "rows", .shape = Shape::Integer, .default_text = "1"},
                                     {.name = "bytes", .shape = Shape::Text},
                                     {.name = "partitions", .shape = Shape::Integer},
                                     {.name = "separator", .shape = Shape::Text, .default_text = "\\n"}}});
    catalog.add(flowable("core.flow.ForEachItem", "Starts an execution for each batch of a file's lines.",
                         std::move(properties), {"io.kestra.core.tasks.flows.ForEachItem"}));
    const auto part = [&](const char* suffix, Runs runs) {
        TypeInfo type;
        type.name = std::string(kTypePrefix) + "core.flow.ForEachItem$" + suffix;
        type.runs = runs;
        type.internal = true;
        type.properties = catalog.find("core.flow.ForEachItem")->properties;
        catalog.add(std::move(type));
    };
    part("ForEachItemExecutable", Runs::Child);
}

}  // namespace

void add_flowable_types(Catalog& catalog) {
    add_sequences(catalog);
    add_choices(catalog);
    add_loops(catalog);
    add_pause(catalog);
    add_working_directory(catalog);
    add_children(catalog);
}

}  // namespace sluice::flow
