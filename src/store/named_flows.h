#pragma once
#include <string>
#include <vector>

#include "store/filter.h"

namespace sluice::store {

/// Flows that a search means by a part of their names. There are few flows and many executions, so names are looked for
/// among the flows, and executions by their index.
struct NamedFlows {
    std::vector<std::string> name_spaces{};
    std::vector<std::string> flow_ids{};  // as long

    bool empty() const { return flow_ids.empty(); }

    /// Only rows of `table` (an alias, with namespace and flow_id) that are of one of them.
    void apply(Query& query, std::string_view table) const;
};

NamedFlows flows_with_words(pg::Connection& connection, const std::vector<std::string>& patterns);

/// These and those below them, as far as they have, or had, flows.
std::vector<std::string> namespaces_within(pg::Connection& connection, const std::vector<std::string>& names);

/// The same filters. A flow that is looked for in a namespace and all below it is mostly one: then exactly that is
/// asked for, as indexes and counts want it.
std::vector<Filter> with_exact_flow(pg::Connection& connection, std::vector<Filter> filters);

}  // namespace sluice::store
