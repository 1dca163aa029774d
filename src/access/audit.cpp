#include "access/audit.h"

#include "sql/access.h"

namespace sluice::access {

void note(pg::Transaction& tx, std::string_view resource, const std::string& name_space, const std::string& subject) {
    tx.send(sql::note_act, resource, name_space, subject);
}

void note_starts(pg::Transaction& tx, const std::vector<StartedBy>& starts) {
    if (starts.empty()) return;
    std::vector<std::string> actors, vias, remotes, namespaces, flows, executions;
    for (const StartedBy& one : starts) {
        actors.push_back(one.actor.name);
        vias.push_back(one.actor.via);
        remotes.push_back(one.actor.remote);
        namespaces.push_back(one.name_space);
        flows.push_back(one.flow);
        executions.push_back(one.execution);
    }
    tx.send(sql::note_starts, actors, vias, remotes, namespaces, flows, executions);
}

std::size_t prune_audit(pg::Connection& connection, Duration keep) {
    constexpr std::size_t kMost = 5000;
    return static_cast<std::size_t>(connection.run(sql::prune_audit, keep, kMost).affected());
}

}  // namespace sluice::access
