#include "store/named_flows.h"

#include <algorithm>
#include <set>

#include "sql/store.h"

namespace sluice::store {

void NamedFlows::apply(Query& query, std::string_view table) const {
    const std::set<std::string> spaces(name_spaces.begin(), name_spaces.end()), flows(flow_ids.begin(), flow_ids.end());
    std::vector<std::string> pairs;
    for (std::size_t i = 0; i < flow_ids.size(); ++i) pairs.push_back(name_spaces[i] + " " + flow_ids[i]);
    // The pairs decide, by a hash of them; the two lists are what an index can be asked for.
    query.where(fmt::format("{0}.namespace = any ($?::text[]) and {0}.flow_id = any ($?::text[]) and "
                            "{0}.namespace || ' ' || {0}.flow_id = any ($?::text[])",
                            table),
                std::vector<std::string>(spaces.begin(), spaces.end()),
                std::vector<std::string>(flows.begin(), flows.end()), pairs);
}

NamedFlows flows_with_words(pg::Connection& connection, const std::vector<std::string>& patterns) {
    NamedFlows out;
    for (pg::Row row : connection.run(sql::flows_with_words, patterns)) {
        out.name_spaces.push_back(row.text());
        out.flow_ids.push_back(row.text());
    }
    return out;
}

std::vector<std::string> namespaces_within(pg::Connection& connection, const std::vector<std::string>& names) {
    std::vector<std::string> out;
    for (pg::Row row : connection.run(sql::namespaces_within, names)) out.push_back(row.text());
    return out;
}

std::vector<Filter> with_exact_flow(pg::Connection& connection, std::vector<Filter> filters) {
    const auto only = [&filters](std::string_view field, Operation operation) -> Filter* {
        const auto names_it = [&](const Filter& filter) { return filter.field == field; };
        const auto found = std::find_if(filters.begin(), filters.end(), names_it);
        if (found == filters.end() || std::count_if(filters.begin(), filters.end(), names_it) > 1) return nullptr;
        return found->operation == operation && found->values.size() == 1 ? &*found : nullptr;
    };
    Filter* name_space = only("namespace", Operation::Prefix);
    const Filter* flow = only("flowId", Operation::Equals);
    if (name_space == nullptr || flow == nullptr) return filters;
    constexpr std::int64_t kMoreThanOne = 2;
    const pg::Rows rows =
        connection.run(sql::namespaces_of_flow, flow->values.front(), name_space->values.front(), kMoreThanOne);
    if (rows.size() != 1) return filters;
    name_space->operation = Operation::Equals;
    name_space->values = {rows[0].text()};
    return filters;
}

}  // namespace sluice::store
