#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pg/pg.h"
#include "value/value.h"

namespace sluice::store {

/// What a namespace says of itself. Its flows need none of it.
struct NamespaceRow {
    std::string name{};
    std::string description{};
    Value variables{Map()};
    std::optional<std::string> variables_source{};  // YAML; empty: the value was no text
    Value plugin_defaults{List()};                  // {type, forced, values}
    std::optional<std::string> plugin_defaults_source{};
    Timestamp created_at{};
    Timestamp updated_at{};  // no two changes have the same
};

/// Those of them that say anything, in this order.
std::vector<NamespaceRow> namespace_rows(pg::Connection& connection, const std::vector<std::string>& names);
std::vector<std::string> namespace_names(pg::Connection& connection);

/// No other transaction changes this namespace until the end of this one.
void lock_namespace(pg::Transaction& tx, const std::string& name);
/// Stores all of it, and sets its times.
void put_namespace(pg::Transaction& tx, NamespaceRow& row);
/// false: there was none
bool delete_namespace(pg::Transaction& tx, const std::string& name);

/// What `namespace.…` means in expressions: its own variables and those of the namespaces above; of two with the same
/// name the nearer one counts.
Map namespace_variables(pg::Connection& connection, const std::string& name);

}  // namespace sluice::store
