#include "store/plugin_types.h"

#include "sql/store.h"

namespace sluice::store {

std::vector<std::string> publish_plugin_types(pg::Transaction& tx, const ServiceId& worker,
                                              const std::vector<PluginType>& types) {
    std::vector<std::string> names, hashes, documents, replaced;
    for (const PluginType& one : types) {
        names.push_back(one.type);
        hashes.push_back(one.hash);
        documents.push_back(one.document);
    }
    for (pg::Row row : tx.run(sql::publish_plugin_types, names, hashes, documents, worker))
        replaced.push_back(row.text());
    tx.run(sql::say_what_a_worker_has, worker, names, hashes);
    return replaced;
}

std::vector<PluginType> unknown_plugin_types(pg::Connection& connection,
                                             const std::map<std::string, std::string>& known) {
    std::vector<std::string> names, hashes;
    for (const auto& [name, hash] : known) {
        names.push_back(name);
        hashes.push_back(hash);
    }
    std::vector<PluginType> out;
    for (pg::Row row : connection.run(sql::unknown_plugin_types, names, hashes)) {
        PluginType one;
        one.type = row.text();
        one.hash = row.text();
        one.document = row.text();
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace sluice::store
