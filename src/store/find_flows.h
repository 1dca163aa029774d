#pragma once
#include "store/flows.h"
#include "store/search.h"

namespace sluice::store {

/// The newest revisions of flows that are not deleted, without their source texts.
/// Fields  q scope namespace flowId labels disabled
/// Errors  BadRequest: a filter; Invalid: a sort field
Result<Found<FlowRow>> find_flows(pg::Connection& connection, const Search& search);

/// The same with their texts, all that match, by namespace and id: for exports and operations on many.
Result<std::vector<FlowRow>> find_flow_sources(pg::Connection& connection, const std::vector<Filter>& filters);

/// The next flows that match, by namespace and id, after `after`: without their source texts.
Result<std::vector<FlowRow>> next_flows(pg::Connection& connection, const std::vector<Filter>& filters,
                                        const flow::FlowId& after, std::size_t most);

/// All flows of exactly this namespace, without their source texts.
std::vector<FlowRow> flows_of_namespace(pg::Connection& connection, const std::string& name_space);

/// Flows whose text holds `words` somewhere, with it.
Result<Found<FlowRow>> find_in_sources(pg::Connection& connection, const Search& search, const std::string& words);

/// The namespaces of flows, by name. `words`: each must stand in it
std::vector<std::string> flow_namespaces(pg::Connection& connection, const std::string& words = "");

}  // namespace sluice::store
