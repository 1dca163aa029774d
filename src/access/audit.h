#pragma once
#include "pg/actor.h"
#include "pg/pg.h"

namespace sluice::access {

/// A row of the audit for what the present actor does to `subject`, in the transaction that does it. Most rows come by
/// triggers (functions/audit.sql); this is for acts that only put an event. What the act is called the actor knows.
void note(pg::Transaction& tx, std::string_view resource, const std::string& name_space, const std::string& subject);

/// An execution that somebody started. Starts are stored many at once, each with an actor of its own.
struct StartedBy {
    pg::Actor actor{};
    std::string name_space{};
    std::string flow{};
    std::string execution{};
};
void note_starts(pg::Transaction& tx, const std::vector<StartedBy>& starts);

/// Removes rows older than `keep`, at most some thousands. Returns how many
std::size_t prune_audit(pg::Connection& connection, Duration keep);

}  // namespace sluice::access
