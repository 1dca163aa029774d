#include "pg/migrations.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "base/probe.h"
#include "pg/schema_files.h"

namespace sluice::pg {
namespace {

// "sluice" as a number: whoever migrates holds this lock.
constexpr const char* kLock = "select pg_advisory_lock(126943995032421)";
constexpr const char* kUnlock = "select pg_advisory_unlock(126943995032421)";
constexpr const char* kTryIndexLock = "select pg_try_advisory_lock(126943995032424)";
constexpr const char* kIndexUnlock = "select pg_advisory_unlock(126943995032424)";
constexpr const char* kNoTimeout = "set statement_timeout = 0";
constexpr const char* kTimeout = "set statement_timeout = 30000";
// An index that is made concurrently waits for transactions that are older, a dump's, say.
constexpr const char* kPatient = "set statement_timeout = 0; set lock_timeout = 0";
constexpr const char* kImpatient = "set statement_timeout = 30000; set lock_timeout = 10000";
constexpr std::string_view kRoutines = "views and functions";

bool is_migration(std::string_view name) {
    return name.starts_with("migrations/");
}
bool is_contraction(std::string_view name) {
    return name.find("_contract_") != std::string_view::npos;
}

/// 64-bit FNV-1a: tells an edited file, protects from nothing.
std::string checksum(std::string_view text) {
    std::uint64_t h = 14695981039346656037ULL;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return fmt::format("{:016x}", h);
}

std::string routines_checksum() {
    std::string all;
    for (const SchemaFile& file : schema_files()) {
        if (!is_migration(file.name)) all += checksum(file.text);
    }
    return checksum(all);
}

/// Functions first, because views call them; a function that reads a view is plpgsql, whose body is bound when it runs.
std::string routines_text() {
    std::string out;
    for (const SchemaFile& file : schema_files()) {
        if (file.name.starts_with("functions/")) (out += file.text) += '\n';
    }
    for (const SchemaFile& file : schema_files()) {
        if (file.name.starts_with("views/")) (out += file.text) += '\n';
    }
    return out;
}

void record(Connection& connection, std::string_view name, std::string_view sum) {
    static constexpr Statement kRecord{
        "record_migration",
        "insert into sluice.schema_migrations (name, checksum) values ($1, $2) "
        "on conflict (name) do update set checksum = excluded.checksum, applied_at = now()"};
    connection.run(kRecord, name, sum);
}

void apply(Connection& connection, std::string_view name, std::string_view text, std::string_view sum) {
    connection.run_text("begin");
    try {
        connection.run_text("set local lock_timeout = '5s'; set local statement_timeout = 0");
        connection.run_text(std::string(text));
        record(connection, name, sum);
        probe(Probe::MigrationBeforeCommit);
        connection.run_text("commit");
        probe(Probe::MigrationAfterCommit);
    } catch (...) {
        if (!connection.is_broken()) connection.run_text("rollback");
        throw;
    }
}

}  // namespace

SchemaState schema_state(Connection& connection) {
    SchemaState state;
    const Rows found = connection.run_text("select to_regclass('sluice.schema_migrations') is not null");
    state.exists = found[0].boolean();
    std::map<std::string, std::string> applied;
    if (state.exists) {
        for (Row row : connection.run_text("select name, checksum from sluice.schema_migrations order by name")) {
            const std::string name = row.text();
            applied[name] = row.text();
        }
    }
    std::set<std::string> known;
    for (const SchemaFile& file : schema_files()) {
        if (!is_migration(file.name)) continue;
        const std::string name(file.name);
        known.insert(name);
        const auto there = applied.find(name);
        if (there == applied.end())
            state.pending.push_back(name);
        else if (there->second != checksum(file.text))
            state.changed.push_back(name);
    }
    for (const auto& [name, sum] : applied) {
        if (!is_migration(name)) continue;
        state.applied.push_back(name);
        if (!known.contains(name)) state.unknown.push_back(name);
    }
    if (state.exists && connection.run_text("select to_regclass('sluice.version_floor') is not null")[0].boolean()) {
        for (Row row : connection.run_text("select migration, reason from sluice.version_floor order by migration")) {
            const std::string name = row.text();
            if (!known.contains(name)) state.floor.push_back(fmt::format("{}: {}", name, row.text()));
        }
    }
    const auto routines = applied.find(std::string(kRoutines));
    // A newer version's views only grow: an older server leaves them alone.
    state.routines_outdated =
        state.unknown.empty() && (routines == applied.end() || routines->second != routines_checksum());
    return state;
}

Result<void> usable(const SchemaState& state) {
    for (const std::string& name : state.unknown) {
        if (is_contraction(name)) {
            return conflict("the database was contracted by a newer version ({}); install that version", name);
        }
    }
    if (!state.floor.empty()) {
        return conflict("this program is older than the database allows ({}); install a newer version",
                        state.floor.front());
    }
    if (!state.pending.empty()) {
        return conflict("the database lacks {} migration(s), first {}; run 'sluice migrate'", state.pending.size(),
                        state.pending.front());
    }
    return {};
}

std::string migration_plan(Connection& connection) {
    const SchemaState state = schema_state(connection);
    std::string out;
    for (const SchemaFile& file : schema_files()) {
        const bool wanted = std::find(state.pending.begin(), state.pending.end(), file.name) != state.pending.end();
        if (wanted) out += fmt::format("-- {}\n{}\n", file.name, file.text);
    }
    if (state.routines_outdated) out += fmt::format("-- {}\n{}\n", kRoutines, routines_text());
    return out;
}

Result<std::vector<std::string>> migrate(Connection& connection) {
    const Logger log("migrations");
    // Whoever only runs servers may not own the schema: it must get here without asking for more than it may do.
    if (const SchemaState state = schema_state(connection); state.up_to_date()) {
        if (const auto fits = usable(state); !fits) return tl::unexpected(fits.error());
        return std::vector<std::string>{};
    }
    connection.run_text(kNoTimeout);
    connection.run_text(kLock);
    std::vector<std::string> applied;
    try {
        if (!connection.run_text("select to_regnamespace('sluice') is not null")[0].boolean())
            connection.run_text("create schema sluice");  // made beforehand, no right on the database is needed
        connection.run_text(
            "create table if not exists sluice.schema_migrations ("
            "  name text constraint schema_migrations_pkey primary key,"
            "  checksum text not null,"
            "  applied_at timestamptz not null default now())");
        const SchemaState state = schema_state(connection);
        for (const std::string& name : state.changed) log.warn("migration.text_differs", {{"name", name}});
        if (state.unknown.empty()) {
            for (const SchemaFile& file : schema_files()) {
                if (std::find(state.pending.begin(), state.pending.end(), file.name) == state.pending.end()) continue;
                log.info("migration.applied", {{"name", file.name}});
                apply(connection, file.name, file.text, checksum(file.text));
                applied.emplace_back(file.name);
            }
            if (state.routines_outdated || !applied.empty()) {
                apply(connection, kRoutines, routines_text(), routines_checksum());
                applied.emplace_back(kRoutines);
            }
        }
        connection.run_text(kUnlock);
        connection.run_text(kTimeout);
        if (const auto fits = usable(schema_state(connection)); !fits) return tl::unexpected(fits.error());
    } catch (...) {
        if (!connection.is_broken()) connection.run_text(kUnlock);
        throw;
    }
    return applied;
}

std::vector<std::string> index_history(Connection& connection, std::stop_token stop) {
    const Logger log("migrations");
    std::vector<std::string> made;
    const auto missing = [&connection] {
        return connection.run_text("select partition, index_name, statements from sluice.missing_history_indexes()");
    };
    if (missing().empty()) return made;
    const bool ours =
        connection
            .run_text(
                "select pg_has_role(c.relowner, 'USAGE') from pg_class c where c.oid = 'sluice.executions'::regclass")
                [0]
            .boolean();
    if (!ours) {
        log.warn("index.missing", {{"remedy", "run 'sluice migrate' as the owner of the schema"}});
        return made;
    }
    if (!connection.run_text(kTryIndexLock)[0].boolean()) return made;  // somebody else is at it
    try {
        connection.run_text(kPatient);
        const std::stop_callback at_stop(stop, [&connection] { connection.cancel(); });
        // Asked anew each time: a week may be dropped meanwhile.
        for (Rows left = missing(); !left.empty() && !stop.stop_requested(); left = missing()) {
            Row row = left[0];
            const std::string partition = row.text();
            const std::string index = row.text();
            for (const std::string& statement : row.texts()) connection.run_text(statement);
            log.info("index.made", {{"index", index}, {"partition", partition}});
            made.push_back(fmt::format("{} of {}", index, partition));
        }
        connection.run_text(kImpatient);
        connection.run_text(kIndexUnlock);
    } catch (...) {
        if (!connection.is_broken()) {
            connection.run_text(kImpatient);
            connection.run_text(kIndexUnlock);
        }
        if (!stop.stop_requested()) throw;  // what was cancelled is made anew by the next one
    }
    return made;
}

}  // namespace sluice::pg
