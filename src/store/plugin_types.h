#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/id.h"
#include "pg/pg.h"
#include "value/value.h"

namespace sluice::store {

/// A type of a plugin, as a worker publishes it for the processes that don't have its folder.
struct PluginType {
    std::string type{};      // in full
    std::string hash{};      // of the document
    std::string document{};  // JSON; see flow/external_type.h
};

/// Stores them, and that this worker runs them. Returns those that somebody published with another document.
/// Errors  DatabaseError; one of a foreign key: the service is not registered
std::vector<std::string> publish_plugin_types(pg::Transaction& tx, const ServiceId& worker,
                                              const std::vector<PluginType>& types);

/// What was published, but for what is known. `known`: hashes by type
std::vector<PluginType> unknown_plugin_types(pg::Connection& connection,
                                             const std::map<std::string, std::string>& known);

}  // namespace sluice::store
