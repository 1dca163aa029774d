#pragma once
#include "store/search.h"
#include "value/value.h"

namespace sluice::store {

struct DashboardRow {
    std::string id{};
    std::string source{};
    Value definition{};  // the text as plain values
    Timestamp created_at{};
    Timestamp updated_at{};
};

/// Fields  q (id and title)
/// Errors  BadRequest: another filter; Invalid: a sort field
Result<Found<DashboardRow>> find_dashboards(pg::Connection& connection, const Search& search);
std::optional<DashboardRow> find_dashboard(pg::Connection& connection, const std::string& id);
/// Empty: there is one of that name already
std::optional<DashboardRow> add_dashboard(pg::Transaction& tx, const DashboardRow& row);
/// Empty: there is none
std::optional<DashboardRow> change_dashboard(pg::Transaction& tx, const DashboardRow& row);
bool delete_dashboard(pg::Transaction& tx, const std::string& id);

}  // namespace sluice::store
