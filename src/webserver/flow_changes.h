#pragma once
#include "webserver/api.h"

namespace sluice::webserver {

/// Reads a text with the plugin defaults that its namespace has now.
flow::ParsedFlow parse_text(Api& api, std::string_view source, const std::string& file = "", int first_line = 1);

/// What is done to one of many flows. A change that refuses has written nothing.
using FlowChange = std::function<Result<void>(pg::Transaction& tx, const flow::FlowId& id)>;

/// The text of a flow with its top-level `namespace:` set; as it is where that is no line of its own.
std::string in_namespace(std::string_view source, const std::string& name_space);

FlowChange removing_flow(std::string user);
/// Rewrites `disabled:` in the text, as a new revision.
FlowChange switching_flow(Api& api, std::string user, bool disabled);

}  // namespace sluice::webserver
