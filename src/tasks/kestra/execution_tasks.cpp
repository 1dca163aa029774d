// kestra.executions.*: Query, Count, Kill, Resume, Delete.
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/kestra/kestra_api.h"
#include "value/json.h"

namespace sluice::tasks {
namespace kestra_executions {

using flow::Shape;
using Properties = KestraProperties;

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ",") + word;
    return out;
}

net::Pairs filters_of(const Properties& want) {
    net::Pairs out;
    add_filter(out, "namespace", "EQUALS", want.name_space);
    add_filter(out, "namespace", "IN", joined(want.namespaces));
    add_filter(out, "flowId", "EQUALS", want.flow_id);
    add_filter(out, "state", "IN", joined(want.states));
    add_filter(out, "scope", "EQUALS", joined(want.flow_scopes));
    add_filter(out, "startDate", "GREATER_THAN_OR_EQUAL_TO", want.start_date);
    add_filter(out, "endDate", "LESS_THAN_OR_EQUAL_TO", want.end_date);
    add_filter(out, "timeRange", "EQUALS", want.time_range);
    add_filter(out, "triggerExecutionId", "EQUALS", want.trigger_execution_id);
    add_filter(out, "childFilter", "EQUALS", want.child_filter);
    for (const auto& [key, value] : want.labels)
        out.emplace_back(fmt::format("filters[labels][EQUALS][{}]", key), value);
    return out;
}

/// Rows of a search as the task's outputs, in the form that fetchType asks for.
Result<Value> query(const Properties& want, plugin::TaskContext& context) {
    auto api = KestraApi::of(want, context);
    if (!api) return tl::unexpected(api.error());
    const bool stores = want.fetch_type == "STORE";
    const auto address = context.file_address("executions.ion");
    if (!address) return tl::unexpected(address.error());
    std::unique_ptr<storage::Writer> writer;
    if (stores) {
        auto made = context.storage().create(*address);
        if (!made) return tl::unexpected(made.error());
        writer = std::move(*made);
    }
    List rows;
    Properties one_page = want;
    if (want.fetch_type == "FETCH_ONE") {
        one_page.size = 1;
        one_page.page = 1;
    }
    const auto total = api->search("/executions/search", filters_of(want), one_page, [&](const Value& row) {
        if (stores)
            writer->write(to_json(row) + "\n");
        else
            rows.push_back(row);
    });
    if (!total) return tl::unexpected(total.error());
    Value out{{"size", *total}};
    if (stores) {
        if (auto done = writer->commit(); !done) return tl::unexpected(done.error());
        out.mutable_map().set("uri", address->text());
    } else if (want.fetch_type == "FETCH") {
        out.mutable_map().set("rows", Value(std::move(rows)));
    } else if (!rows.empty()) {
        out.mutable_map().set("row", rows.front());
    }
    return out;
}

Result<Value> count(const Properties& want, plugin::TaskContext& context) {
    auto api = KestraApi::of(want, context);
    if (!api) return tl::unexpected(api.error());
    Properties one_row = want;
    one_row.size = 1;
    one_row.page = 1;
    auto total = api->search("/executions/search", filters_of(want), one_row, [](const Value&) {});
    if (!total) return tl::unexpected(total.error());
    if (want.expression) {
        const auto holds = context.render(*want.expression, Map{{"count", *total}});
        if (!holds) return tl::unexpected(holds.error());
        if (*holds != "true") total = 0;
    }
    return Value{{"count", *total}};
}

std::string path_of(const Properties& want, plugin::TaskContext& context) {
    const std::string id = want.execution_id.empty() ? context.place().execution_id.text() : want.execution_id;
    return "/executions/" + in_path(id);
}

Result<Value> kill(const Properties& want, plugin::TaskContext& context) {
    auto api = KestraApi::of(want, context);
    if (!api) return tl::unexpected(api.error());
    const auto done = api->send("DELETE", path_of(want, context) + "/kill",
                                {{"isOnKillCascade", want.propagate_kill ? "true" : "false"}});
    return done ? Result<Value>(Value()) : tl::unexpected(done.error());
}

Result<Value> resume(const Properties& want, plugin::TaskContext& context) {
    auto api = KestraApi::of(want, context);
    if (!api) return tl::unexpected(api.error());
    net::Multipart inputs;
    for (const auto& [name, value] : want.inputs) inputs.parts.push_back({name, value, {}, ""});
    const auto done = api->send("POST", path_of(want, context) + "/resume", {},
                                inputs.parts.empty() ? net::Body() : net::Body(std::move(inputs)));
    return done ? Result<Value>(Value()) : tl::unexpected(done.error());
}

Result<Value> remove(const Properties& want, plugin::TaskContext& context) {
    if (want.execution_id.empty()) return invalid("property 'executionId': a value is needed");
    auto api = KestraApi::of(want, context);
    if (!api) return tl::unexpected(api.error());
    const auto word = [](bool flag) { return flag ? "true" : "false"; };
    const auto done = api->send("DELETE", path_of(want, context),
                                {{"deleteLogs", word(want.delete_logs)},
                                 {"deleteMetrics", word(want.delete_metrics)},
                                 {"deleteStorage", word(want.delete_storage)}});
    return done ? Result<Value>(Value()) : tl::unexpected(done.error());
}

plugin::TaskTypeMaker<Properties> declared(std::string_view name, plugin::TaskTypeMaker<Properties>::Run run) {
    plugin::TaskTypeMaker<Properties> type(name, std::move(run));
    declare_api(type);
    return type;
}

void declare_states(plugin::TaskTypeMaker<Properties>& type) {
    type.property("flowId", &Properties::flow_id, "Only of this flow")
        .property("states", &Properties::states, "Only in one of these states")
        .property("startDate", &Properties::start_date, "Only that started then or later")
        .property("endDate", &Properties::end_date, "Only that ended then or earlier");
}

plugin::TaskType query_type() {
    auto type = declared("kestra.executions.Query", query);
    declare_states(type);
    return type.title("Searches executions by the API of a server.")
        .description("Results go to a file with a row for each execution, or into the outputs.")
        .alias("io.kestra.plugin.kestra.executions.Search")
        .property("namespace", &Properties::name_space, "Only of this namespace")
        .property("timeRange", &Properties::time_range, "Only of the last time, for example PT10H")
        .property("labels", &Properties::labels, "Only with all of these labels")
        .property("flowScopes", &Properties::flow_scopes, "USER, SYSTEM, or both")
        .property("triggerExecutionId", &Properties::trigger_execution_id, "Only started by this execution")
        .property("childFilter", &Properties::child_filter, "Only started by executions, or by none")
        .values({"CHILD", "MAIN"})
        .property("page", &Properties::page, "Only this page, from 1; default: all of them")
        .property("size", &Properties::size, "Executions in a page")
        .property("fetchType", &Properties::fetch_type, "Where they go")
        .values({"STORE", "FETCH", "FETCH_ONE", "NONE"})
        .output("size", "How many there are", Shape::Integer)
        .output("uri", "Address of the file (STORE)", Shape::Text)
        .output("rows", "The executions (FETCH)", Shape::List)
        .output("row", "The first execution (FETCH_ONE)", Shape::Map)
        .example("What failed today", R"(id: failed_today
namespace: company.team
tasks:
  - id: failed
    type: io.kestra.plugin.kestra.executions.Query
    auth:
      username: "{{ secret('API_USER') }}"
      password: "{{ secret('API_PASSWORD') }}"
    timeRange: P1D
    states: [FAILED]
    fetchType: FETCH
)");
}

plugin::TaskType count_type() {
    auto type = declared("kestra.executions.Count", count);
    declare_states(type);
    return type.title("Counts executions by the API of a server.")
        .property("namespaces", &Properties::namespaces, "Only of these namespaces")
        .property("expression", &Properties::expression, "Where it is not true the count is 0: {{ count >= 10 }}")
        .unrendered()
        .output("count", "How many there are", Shape::Integer)
        .example("How many ran", R"(id: how_many
namespace: company.team
tasks:
  - id: count
    type: io.kestra.plugin.kestra.executions.Count
    auth:
      username: "{{ secret('API_USER') }}"
      password: "{{ secret('API_PASSWORD') }}"
    namespaces: [company.team]
    states: [SUCCESS]
)");
}

plugin::TaskType kill_type() {
    return declared("kestra.executions.Kill", kill)
        .title("Kills an execution by the API of a server.")
        .property("executionId", &Properties::execution_id, "Which one; default: this one")
        .property("propagateKill", &Properties::propagate_kill, "Those that it started, too")
        .example("Kill what runs too long", R"(id: kill_it
namespace: company.team
inputs:
  - id: execution
    type: STRING
tasks:
  - id: kill
    type: io.kestra.plugin.kestra.executions.Kill
    auth:
      username: "{{ secret('API_USER') }}"
      password: "{{ secret('API_PASSWORD') }}"
    executionId: "{{ inputs.execution }}"
)");
}

plugin::TaskType resume_type() {
    return declared("kestra.executions.Resume", resume)
        .title("Resumes a paused execution by the API of a server.")
        .property("executionId", &Properties::execution_id, "Which one; default: this one")
        .property("inputs", &Properties::inputs, "What its Pause asks for")
        .example("Approve", R"(id: approve_it
namespace: company.team
inputs:
  - id: execution
    type: STRING
tasks:
  - id: resume
    type: io.kestra.plugin.kestra.executions.Resume
    auth:
      username: "{{ secret('API_USER') }}"
      password: "{{ secret('API_PASSWORD') }}"
    executionId: "{{ inputs.execution }}"
    inputs:
      approved: "true"
)");
}

plugin::TaskType delete_type() {
    return declared("kestra.executions.Delete", remove)
        .title("Deletes an execution by the API of a server.")
        .property("executionId", &Properties::execution_id, "Which one", plugin::required)
        .property("deleteLogs", &Properties::delete_logs, "Its log, too")
        .property("deleteMetrics", &Properties::delete_metrics, "Its metrics, too")
        .property("deleteStorage", &Properties::delete_storage, "Its files, too")
        .example("Delete one", R"(id: delete_it
namespace: company.team
inputs:
  - id: execution
    type: STRING
tasks:
  - id: delete
    type: io.kestra.plugin.kestra.executions.Delete
    auth:
      username: "{{ secret('API_USER') }}"
      password: "{{ secret('API_PASSWORD') }}"
    executionId: "{{ inputs.execution }}"
)");
}

}  // namespace kestra_executions

void add_kestra_execution_types(plugin::TaskCatalog& catalog) {
    using namespace kestra_executions;
    catalog.add(query_type());
    catalog.add(count_type());
    catalog.add(kill_type());
    catalog.add(resume_type());
    catalog.add(delete_type());
}

}  // namespace sluice::tasks
