#include "store/namespaces.h"

#include "sql/store.h"
#include "store/json_column.h"
#include "store/optional_text.h"
#include "store/secrets.h"

namespace sluice::store {

std::vector<NamespaceRow> namespace_rows(pg::Connection& connection, const std::vector<std::string>& names) {
    std::vector<NamespaceRow> out;
    for (pg::Row row : connection.run(sql::namespace_rows, names)) {
        NamespaceRow one;
        one.name = row.text();
        one.description = row.maybe_text().value_or("");
        one.variables = value_of_column(row.maybe_text());
        one.variables_source = row.maybe_text();
        one.plugin_defaults = value_of_column(row.maybe_text());
        one.plugin_defaults_source = row.maybe_text();
        one.created_at = row.timestamp();
        one.updated_at = row.timestamp();
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<std::string> namespace_names(pg::Connection& connection) {
    std::vector<std::string> out;
    for (pg::Row row : connection.run(sql::namespace_names)) out.push_back(row.text());
    return out;
}

void lock_namespace(pg::Transaction& tx, const std::string& name) {
    tx.run(sql::lock_namespace, name);
}

void put_namespace(pg::Transaction& tx, NamespaceRow& row) {
    const pg::Rows rows = tx.run(sql::put_namespace, row.name, optional_text(row.description), to_json(row.variables),
                                 row.variables_source, to_json(row.plugin_defaults), row.plugin_defaults_source);
    pg::Row stored = rows[0];
    row.created_at = stored.timestamp();
    row.updated_at = stored.timestamp();
}

bool delete_namespace(pg::Transaction& tx, const std::string& name) {
    return tx.run(sql::delete_namespace, name).affected() > 0;
}

Map namespace_variables(pg::Connection& connection, const std::string& name) {
    Map out;
    for (pg::Row row : connection.run(sql::namespace_variables, with_those_above(name))) {
        const Value variables = value_of_column(row.maybe_text());
        for (const auto& [key, value] : variables.as_map()) {
            if (!out.contains(key)) out.set(key, value);
        }
    }
    return out;
}

}  // namespace sluice::store
