// Lists as CSV, whole: executions, flows, triggers, log lines. Each goes on behind the last row that it has sent.
#include "store/find_executions.h"
#include "store/find_flows.h"
#include "store/find_logs.h"
#include "store/trigger_views.h"
#include "webserver/api.h"
#include "webserver/csv_source.h"
#include "webserver/execution_view.h"
#include "webserver/search_request.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace export_routes {

using http::Request;
using Filters = std::vector<store::Filter>;

constexpr std::size_t kPage = 500;

const std::vector<CsvColumn> kExecutionColumns{{"id", "id"},
                                               {"namespace", "namespace"},
                                               {"flowId", "flowId"},
                                               {"flowRevision", "flowRevision"},
                                               {"state", "state.current"},
                                               {"startDate", "state.startDate"},
                                               {"endDate", "state.endDate"},
                                               {"duration", "state.duration"},
                                               {"labels", "labels"},
                                               {"inputs", "inputs"},
                                               {"triggerId", "trigger.id"},
                                               {"triggerType", "trigger.type"},
                                               {"parentId", "parentId"},
                                               {"originalId", "originalId"},
                                               {"attemptNumber", "metadata.attemptNumber"},
                                               {"scheduleDate", "scheduleDate"},
                                               {"kind", "kind"}};
const std::vector<CsvColumn> kFlowColumns{
    {"id", "id"},           {"namespace", "namespace"}, {"revision", "revision"},
    {"updated", "updated"}, {"disabled", "disabled"},   {"description", "description"},
    {"labels", "labels"}};
const std::vector<CsvColumn> kTriggerColumns{{"namespace", "triggerContext.namespace"},
                                             {"flowId", "triggerContext.flowId"},
                                             {"triggerId", "triggerContext.triggerId"},
                                             {"type", "trigger.type"},
                                             {"disabled", "triggerContext.disabled"},
                                             {"locked", "state.locked"},
                                             {"date", "triggerContext.date"},
                                             {"nextExecutionDate", "triggerContext.nextExecutionDate"},
                                             {"updatedDate", "triggerContext.updatedDate"},
                                             {"executionId", "triggerContext.executionId"},
                                             {"workerId", "triggerContext.workerId"},
                                             {"backfill", "triggerContext.backfill"},
                                             {"error", "triggerContext.error"}};
const std::vector<CsvColumn> kLogColumns{{"timestamp", "timestamp"},     {"level", "level"},
                                         {"namespace", "namespace"},     {"flowId", "flowId"},
                                         {"executionId", "executionId"}, {"taskId", "taskId"},
                                         {"taskRunId", "taskRunId"},     {"attemptNumber", "attemptNumber"},
                                         {"triggerId", "triggerId"},     {"message", "message"}};

/// Newest first.
CsvPages execution_pages(Api& api, Filters filters) {
    store::Search search{.filters = std::move(filters), .size = kPage, .total = store::Total::None};
    return [&api, search = std::move(search), over = false]() mutable -> Result<List> {
        if (over) return List();
        const auto found = run_search(
            api.services.pool, [&](pg::Connection& connection) { return store::find_executions(connection, search); });
        if (!found) return tl::unexpected(found.error());
        over = found->next_cursor.empty();
        search.cursor = found->next_cursor;
        // The light form leaves out `metadata`, which is a column here.
        const Timestamp now = api.services.pool.clock().now();
        List rows;
        for (const engine::Execution& one : found->rows) rows.push_back(Value(execution_on_wire(one, now)));
        return rows;
    };
}

/// Pages of `read`, which answers the rows behind one of them.
template <class Row, class Key, class Read, class Render>
CsvPages keyed_pages(Api& api, Filters filters, Read read, Key Row::*key, Render render) {
    return [&api, filters = std::move(filters), read, key, render, last = Key(),
            over = false]() mutable -> Result<List> {
        if (over) return List();
        const auto found = run_search(api.services.pool, [&](pg::Connection& connection) -> Result<std::vector<Row>> {
            return read(connection, filters, last, kPage);
        });
        if (!found) return tl::unexpected(found.error());
        over = found->size() < kPage;
        if (!found->empty()) last = found->back().*key;
        List rows;
        for (const Row& row : *found) rows.push_back(render(row));
        return rows;
    };
}

CsvPages flow_pages(Api& api, Filters filters) {
    return keyed_pages<store::FlowRow>(api, std::move(filters), store::next_flows, &store::FlowRow::id,
                                       [](const store::FlowRow& row) { return flow_on_wire(row, false); });
}

CsvPages trigger_pages(Api& api, Filters filters) {
    return keyed_pages<store::TriggerView>(api, std::move(filters), store::next_triggers, &store::TriggerView::id,
                                           trigger_row_on_wire);
}

/// By execution, the oldest first, each in the order in which it was written.
CsvPages log_pages(Api& api, Filters filters) {
    return [&api, filters = std::move(filters), last = store::LogRow(), over = false]() mutable -> Result<List> {
        if (over) return List();
        auto found = run_search(api.services.pool, [&](pg::Connection& connection) {
            return store::next_logs(connection, filters, last.execution_id, last.seq, kPage);
        });
        if (!found) return tl::unexpected(found.error());
        over = found->size() < kPage;
        List rows;
        for (const store::LogRow& row : *found) rows.push_back(log_on_wire(row));
        if (!found->empty()) last = std::move(found->back());
        return rows;
    };
}

void send(Api& api, const Request& request, http::Responder responder, const char* what,
          const std::vector<CsvColumn>& columns, CsvPages (*pages)(Api&, Filters)) {
    auto filters = filters_of(request, api.services.pool.clock().now());
    if (!filters) return responder.fail(filters.error());
    send_csv(std::move(responder), std::string(what) + ".csv", columns, pages(api, std::move(*filters)));
}

}  // namespace export_routes

void add_export_routes(http::Router& router, Api& api) {
    using namespace export_routes;
    const auto add = [&](const char* what, const std::vector<CsvColumn>& columns, CsvPages (*pages)(Api&, Filters),
                         const char* summary) {
        route(router, http::Method::Get, fmt::format("/{}/export/by-query/csv", what),
              [&api, what, &columns, pages](const Request& r, http::Responder to) {
                  send(api, r, std::move(to), what, columns, pages);
              },
              {summary, {"filters"}});
    };
    add("executions", kExecutionColumns, execution_pages, "Executions as CSV");
    add("flows", kFlowColumns, flow_pages, "Flows as CSV");
    add("triggers", kTriggerColumns, trigger_pages, "Triggers as CSV");
    add("logs", kLogColumns, log_pages, "Log lines as CSV");
}

}  // namespace sluice::webserver
