#include "store/dashboards.h"

#include "sql/store.h"
#include "store/json_column.h"
#include "value/json.h"

namespace sluice::store {
namespace {

constexpr SortField kDashboardOrders[] = {{"id", "d.dashboard_id"},
                                          {"title", "d.definition ->> 'title'"},
                                          {"created", "d.created_at"},
                                          {"updated", "d.updated_at"}};

DashboardRow dashboard_row_of(pg::Row row) {
    DashboardRow out;
    out.id = row.text();
    out.source = row.text();
    out.definition = value_of_column(row.maybe_text());
    out.created_at = row.timestamp();
    out.updated_at = row.timestamp();
    return out;
}

std::optional<DashboardRow> first_of(const pg::Rows& rows) {
    return rows.empty() ? std::nullopt : std::optional(dashboard_row_of(rows[0]));
}

}  // namespace

Result<Found<DashboardRow>> find_dashboards(pg::Connection& connection, const Search& search) {
    Query query("find_dashboards", "select d.dashboard_id, d.source, d.definition, d.created_at, d.updated_at",
                "from sluice.dashboards d where true");
    for (const Filter& filter : search.filters) {
        if (filter.field != "q") return unknown_filter(filter);
        for (const std::string& words : filter.values)
            apply_words(query, "d.dashboard_id || ' ' || (d.definition ->> 'title')", words,
                        filter.operation == Operation::NotEquals);
    }
    Found<DashboardRow> found;
    found.total = count(query, connection, search.total);
    if (auto sorted = apply_sort(query, search.sort, kDashboardOrders); !sorted) return tl::unexpected(sorted.error());
    query.order_by("d.dashboard_id").limit(search.size, search.offset);
    for (pg::Row row : query.run(connection)) found.rows.push_back(dashboard_row_of(row));
    return found;
}

std::optional<DashboardRow> find_dashboard(pg::Connection& connection, const std::string& id) {
    return first_of(connection.run(sql::find_dashboard, id));
}

std::optional<DashboardRow> add_dashboard(pg::Transaction& tx, const DashboardRow& row) {
    return first_of(tx.run(sql::add_dashboard, row.id, row.source, to_json(row.definition)));
}

std::optional<DashboardRow> change_dashboard(pg::Transaction& tx, const DashboardRow& row) {
    return first_of(tx.run(sql::change_dashboard, row.id, row.source, to_json(row.definition)));
}

bool delete_dashboard(pg::Transaction& tx, const std::string& id) {
    return !tx.run(sql::delete_dashboard, id).empty();
}

}  // namespace sluice::store
