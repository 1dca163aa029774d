#pragma once
#include <string>
#include <vector>

#include "base/error.h"
#include "pg/connection.h"

namespace sluice::pg {

/// What a database has and lacks of the schema that this program knows.
struct SchemaState {
    bool exists = false;                 // there is a schema sluice
    std::vector<std::string> applied{};  // names of migrations
    std::vector<std::string> pending{};  // known here, not applied
    std::vector<std::string> unknown{};  // applied by a newer version
    std::vector<std::string> changed{};  // applied with another text than ours: somebody edited a released file
    std::vector<std::string> floor{};    // that this program would have to know to work here, each with the reason
    bool routines_outdated = false;      // views or functions are of another version

    bool up_to_date() const { return pending.empty() && !routines_outdated; }
};

SchemaState schema_state(Connection& connection);

/// Brings the schema up to date: pending migrations one transaction each, then all views and functions in one.
/// Safe to call from many processes at once: an advisory lock lets one do it, the others find it done.
/// Returns the names of what was applied.
/// Errors  Conflict: the database is of a newer version that this program can't work with (see usable)
Result<std::vector<std::string>> migrate(Connection& connection);

/// Partitions get the indexes that a migration made on their parents only, concurrently: servers work meanwhile, and do
/// without. Who is killed here leaves the rest to the next one; a role that does not own the schema leaves it to the
/// owner. Not for a proxy that pools transactions. A stop cancels what is being made. Returns what was made.
std::vector<std::string> index_history(Connection& connection, std::stop_token stop = {});

/// The SQL that migrate() would run, for reading.
std::string migration_plan(Connection& connection);

/// Whether this program may work on the database: nothing pending, no contraction that it does not know, and nothing of
/// sluice.version_floor above it.
/// Errors  Conflict with the command that helps
Result<void> usable(const SchemaState& state);

}  // namespace sluice::pg
