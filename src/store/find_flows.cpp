#include "store/find_flows.h"

#include "store/find_executions.h"

namespace sluice::store {
namespace {

constexpr Field kFlowFields[] = {
    {"namespace", Field::Kind::Text, "f.namespace"}, {"flowId", Field::Kind::Text, "f.flow_id"},
    {"labels", Field::Kind::Labels, "f.labels"},     {"disabled", Field::Kind::Word, "f.disabled::text"},
    {"updated", Field::Kind::Time, "f.created_at"},
};

constexpr SortField kFlowOrders[] = {
    {"id", "f.flow_id"},
    {"namespace", "f.namespace"},
    {"description", "f.definition ->> 'description'"},
    {"updated", "f.created_at"},
};

constexpr std::string_view kWithoutSource =
    "select f.namespace, f.flow_id, f.revision, '', f.disabled, f.deleted, f.problem, f.created_at, f.definition";
constexpr std::string_view kWithSource =
    "select f.namespace, f.flow_id, f.revision, f.source, f.disabled, f.deleted, f.problem, f.created_at, f.definition";
constexpr std::string_view kLatest = "from sluice.flows f where f.latest and not f.deleted";

Result<void> apply_to_flows(Query& query, const std::vector<Filter>& filters) {
    for (const Filter& filter : filters) {
        Result<void> applied{};
        if (filter.field == "q") {
            for (const std::string& words : filter.values) {
                apply_words(query,
                            "f.namespace || ' ' || f.flow_id || ' ' || coalesce(f.definition ->> 'description', '')",
                            words, filter.operation == Operation::NotEquals);
            }
        } else if (filter.field == "scope") {
            applied = apply_scope(query, filter, "f.namespace");
        } else {
            applied = apply(query, filter, kFlowFields);
        }
        if (!applied) return applied;
    }
    return {};
}

std::vector<FlowRow> flow_rows(const pg::Rows& rows) {
    std::vector<FlowRow> out;
    out.reserve(rows.size());
    for (pg::Row row : rows) out.push_back(flow_row_of(row));
    return out;
}

Result<Found<FlowRow>> run_flow_search(Query& query, pg::Connection& connection, const Search& search) {
    if (auto applied = apply_to_flows(query, search.filters); !applied) return tl::unexpected(applied.error());
    Found<FlowRow> found;
    found.total = count(query, connection, search.total);
    if (auto sorted = apply_sort(query, search.sort, kFlowOrders); !sorted) return tl::unexpected(sorted.error());
    query.order_by("f.namespace, f.flow_id").limit(search.size, search.offset);
    found.rows = flow_rows(query.run(connection));
    return found;
}

}  // namespace

Result<Found<FlowRow>> find_flows(pg::Connection& connection, const Search& search) {
    Query query("find_flows", std::string(kWithoutSource), std::string(kLatest));
    return run_flow_search(query, connection, search);
}

Result<std::vector<FlowRow>> find_flow_sources(pg::Connection& connection, const std::vector<Filter>& filters) {
    Query query("find_flow_sources", std::string(kWithSource), std::string(kLatest));
    if (auto applied = apply_to_flows(query, filters); !applied) return tl::unexpected(applied.error());
    query.order_by("f.namespace, f.flow_id");
    return flow_rows(query.run(connection));
}

Result<std::vector<FlowRow>> next_flows(pg::Connection& connection, const std::vector<Filter>& filters,
                                        const flow::FlowId& after, std::size_t most) {
    Query query("next_flows", std::string(kWithoutSource), std::string(kLatest));
    if (auto applied = apply_to_flows(query, filters); !applied) return tl::unexpected(applied.error());
    query.where("(f.namespace, f.flow_id) > ($?, $?)", after.namespace_name, after.id);
    query.order_by("f.namespace, f.flow_id").limit(most);
    return flow_rows(query.run(connection));
}

std::vector<FlowRow> flows_of_namespace(pg::Connection& connection, const std::string& name_space) {
    Query query("flows_of_namespace", std::string(kWithoutSource), std::string(kLatest));
    query.where("f.namespace = $?", name_space).order_by("f.flow_id");
    return flow_rows(query.run(connection));
}

Result<Found<FlowRow>> find_in_sources(pg::Connection& connection, const Search& search, const std::string& words) {
    Query query("find_in_sources", std::string(kWithSource), std::string(kLatest));
    query.where("f.source ilike $?", "%" + escaped_like(words) + "%");
    return run_flow_search(query, connection, search);
}

std::vector<std::string> flow_namespaces(pg::Connection& connection, const std::string& words) {
    Query query("flow_namespaces", "select distinct f.namespace", std::string(kLatest));
    apply_words(query, "f.namespace", words, false);
    query.order_by("f.namespace");
    std::vector<std::string> out;
    for (pg::Row row : query.run(connection)) out.push_back(row.text());
    return out;
}

}  // namespace sluice::store
