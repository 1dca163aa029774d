// sluice doctor
#include <algorithm>
#include <iostream>

#include "cli/command.h"
#include "cli/configuration.h"
#include "pg/database_error.h"
#include "pg/migrations.h"
#include "server/server.h"
#include "sql/cli.h"
#include "value/json.h"

namespace sluice::cli {
namespace {

/// Its own exit codes: scripts ask by them.
enum DoctorExit : int { Fine = 0, Warnings = 1, Errors = 2, CannotAsk = 3 };

struct Finding {
    std::string check{};
    std::string severity{};
    std::string text{};
    std::string remedy{};  // empty: nothing to do
};

struct Target {
    pg::ConnectionConfig connection{};
    pg::ConnectionConfig direct{};                  // for LISTEN and leadership
    std::optional<pg::ConnectionConfig> replica{};  // for lists
    Duration replica_lag{};
};

Result<Target> target(const Options& options) {
    auto connection = database_connection(options);
    if (!connection) return tl::unexpected(connection.error());
    auto direct = database_connection(options, true);
    if (!direct) return tl::unexpected(direct.error());
    connection->application = direct->application = "sluice doctor";
    connection->statement_timeout = 300s;
    Target out{std::move(*connection), std::move(*direct)};
    const auto config = configuration(options);
    if (!config) return tl::unexpected(config.error());
    if (const auto& replica = config->database.replica; !replica.url.empty() && !options.has("data")) {
        out.replica = server::replica_config(*config, out.connection.password);
        out.replica_lag = replica.max_lag;
    }
    return out;
}

/// Needs no function of ours: it also speaks when the schema is missing or old.
Finding schema_finding(pg::Connection& connection) {
    const pg::SchemaState state = pg::schema_state(connection);
    if (!state.exists) return {"schema", "ERROR", "the database has no schema sluice", "sluice migrate"};
    if (!state.floor.empty()) {
        return {"schema", "ERROR", "this program is older than the database allows: " + state.floor.front(),
                "install a newer version"};
    }
    if (!state.pending.empty()) {
        return {"schema", "ERROR",
                fmt::format("{} migration(s) are to be applied, first {}", state.pending.size(), state.pending.front()),
                "sluice migrate"};
    }
    if (state.routines_outdated) {
        return {"schema", "WARNING", "views and functions are of another version", "sluice migrate"};
    }
    if (!state.unknown.empty()) {
        return {"schema", "WARNING", "the schema is newer than this program: " + state.unknown.front(),
                "finish the upgrade: install the newer version here too"};
    }
    if (!state.changed.empty()) {
        return {"schema", "WARNING", "was migrated by another text than this program's: " + state.changed.front(),
                "compare the schema with a new one: sluice migrate on an empty database"};
    }
    return {"schema", "OK", fmt::format("{} migrations are applied, none is missing", state.applied.size()), ""};
}

/// A pooler makes up the process id that it tells at the start of a session; the server's own is another one.
bool has_pooler(pg::Connection& connection) {
    return connection.run_text("select pg_backend_pid()")[0].integer() != connection.backend_pid();
}

Finding pooler_finding(pg::Connection& connection, const Target& target, pg::DatabaseClock& clock) {
    const bool pooler = has_pooler(connection);
    if (pooler && !target.connection.pooled) {
        return {"pooler", "WARNING", "a pooler stands between this machine and the database, and nobody told us",
                "database.pooled: true, when it pools transactions; and database.direct-url without it"};
    }
    if (target.direct.url == target.connection.url) {
        if (!pooler) return {"pooler", "OK", "none: connections are direct", ""};
        return {"pooler", "ERROR", "LISTEN and leadership need a connection without the pooler",
                "database.direct-url: the address of PostgreSQL itself"};
    }
    pg::Connection direct(target.direct, clock);
    if (has_pooler(direct)) {
        return {"pooler", "ERROR", "database.direct-url leads to a pooler", "the address of PostgreSQL itself in it"};
    }
    return {"pooler", "OK", pooler ? "a pooler, and a direct connection beside it" : "connections are direct", ""};
}

/// This machine's clock against the server's, the round trip halved.
Finding clock_finding(pg::Connection& connection) {
    using std::chrono::system_clock;
    const auto before = system_clock::now();
    const Timestamp there = connection.run_text("select clock_timestamp()")[0].timestamp();
    const auto after = system_clock::now();
    const auto here = std::chrono::time_point_cast<Duration>(before + (after - before) / 2);
    const auto off = std::chrono::duration_cast<std::chrono::milliseconds>(here - there).count();
    Finding out{"clock", "OK",
                fmt::format("this machine's clock is {} ms {} the server's (round trip {} ms)", std::abs(off),
                            off < 0 ? "behind" : "before",
                            std::chrono::duration_cast<std::chrono::milliseconds>(after - before).count()),
                ""};
    if (std::abs(off) > 2000) {
        out.severity = "WARNING";
        out.remedy = "let NTP set the clock of this machine or of the server; decisions are safe, times in logs differ";
    }
    return out;
}

/// How old is what the standby shows, and may lists be read from it?
Finding replica_finding(pg::Connection& connection, const Target& target) {
    Finding out{"replica", "WARNING", "",
                "database.replica.url: the address of a standby of the database; lists are read "
                "from the database meanwhile"};
    try {
        pg::DatabaseClock clock;
        pg::Connection replica(*target.replica, clock);
        const pg::Rows there = replica.run(sql::newest_heartbeat);
        const pg::Rows here = connection.run(sql::newest_heartbeat);
        pg::Row seen = there[0], known = here[0];
        const auto at = seen.maybe_timestamp();
        const bool standby = seen.boolean();
        const auto newest = known.maybe_timestamp();
        const double lag = at && newest ? in_seconds(std::max<Duration>(*newest - *at, 0s)) : 0;
        if (newest && !at) {
            out.text = "shows no process: it is no copy of this database";
        } else if (lag > in_seconds(target.replica_lag)) {
            out.text = fmt::format("is {:.0f} s behind, more than database.replica.max-lag", lag);
            out.remedy =
                "look at pg_stat_replication of the database: is the standby connected, or held up by a long query?";
        } else {
            out = {"replica", "OK",
                   fmt::format("lists are read from {}, {:.1f} s behind",
                               standby ? "a standby" : "a server that is no standby", lag),
                   ""};
        }
    } catch (const std::exception& away) {
        out.text = fmt::format("can't be asked: {}", away.what());
    }
    return out;
}

std::vector<Finding> findings(const Target& target) {
    pg::DatabaseClock clock;
    pg::Connection connection(target.connection, clock);
    std::vector<Finding> out{schema_finding(connection), pooler_finding(connection, target, clock),
                             clock_finding(connection)};
    if (target.replica && out[0].severity != "ERROR") out.push_back(replica_finding(connection, target));
    if (!connection.run_text("select to_regprocedure('sluice.doctor(interval)') is not null")[0].boolean()) return out;
    for (pg::Row row : connection.run(sql::doctor)) {
        Finding one;
        one.check = row.text();
        one.severity = row.text();
        one.text = row.text();
        one.remedy = row.maybe_text().value_or("");
        out.push_back(std::move(one));
    }
    return out;
}

void print_json(const std::vector<Finding>& all) {
    List list;
    for (const Finding& one : all) {
        Map row;
        row.set("check", one.check);
        row.set("severity", one.severity);
        row.set("finding", one.text);
        if (!one.remedy.empty()) row.set("remedy", one.remedy);
        list.emplace_back(std::move(row));
    }
    std::cout << to_pretty_json(Value(std::move(list))) << "\n";
}

/// The worst first.
void print(const std::vector<Finding>& all) {
    std::size_t width = 0;
    for (const Finding& one : all) width = std::max(width, one.check.size());
    for (const char* severity : {"ERROR", "WARNING", "OK"}) {
        bool first = true;
        for (const Finding& one : all) {
            if (one.severity != severity) continue;
            if (std::exchange(first, false)) std::cout << severity << "\n";
            std::cout << fmt::format("  {:<{}}  {}\n", one.check, width, one.text);
            if (!one.remedy.empty()) std::cout << fmt::format("  {:<{}}  → {}\n", "", width, one.remedy);
        }
    }
}

int doctor(const std::vector<std::string>& words) {
    Options options("sluice doctor",
                    "Tells what is wrong with the database and the cluster, and what mends it. "
                    "Exit 0: fine, 1: warnings, 2: errors, 3: the database can't be asked.");
    add_configuration(options);
    options.value("data", "folder of a local server that runs", "DIR");
    options.flag("json", "prints JSON");
    if (const auto stop = options.parse(words)) return *stop == Exit::Success ? *stop : CannotAsk;
    const auto where = target(options);
    if (!where) return fail(where.error()), CannotAsk;
    std::vector<Finding> all;
    try {
        all = findings(*where);
    } catch (const std::exception& away) {
        return fail(Error{ErrorCode::Unavailable, away.what(), {}, {}, ""}), CannotAsk;
    }
    options.has("json") ? print_json(all) : print(all);
    if (std::ranges::find(all, "ERROR", &Finding::severity) != all.end()) return Errors;
    return std::ranges::find(all, "WARNING", &Finding::severity) != all.end() ? Warnings : Fine;
}

}  // namespace

std::vector<Command> doctor_commands() {
    return {{"doctor", "what is wrong with database and cluster, and what mends it",
             "sluice doctor [--json] [--data DIR | --database URL]", doctor}};
}

}  // namespace sluice::cli
