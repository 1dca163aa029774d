// sluice purge: takes away executions that are kept no longer; it works on database and storage, so that it can be run
// from a timer, and where no server is.
#include <iostream>
#include <unistd.h>

#include "cli/command.h"
#include "cli/configuration.h"
#include "maintenance/retention.h"
#include "net/client.h"
#include "server/instance.h"
#include "server/server.h"

namespace sluice::cli {
namespace purging {

std::string in_bytes(std::int64_t bytes) {
    constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double size = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; size >= 1024 && unit + 1 < std::size(kUnits); ++unit) size /= 1024;
    return fmt::format("{:.{}f} {}", size, unit == 0 ? 0 : 1, kUnits[unit]);
}

Result<store::PurgeScope> scope_of(const Options& options, const server::Config& config) {
    store::PurgeScope scope;
    if (config.retention.keep > 0s) scope.base = config.retention.keep;
    if (options.has("older-than")) {
        const auto age = parse_duration(options.text("older-than"));
        if (!age) return invalid("--older-than: {}", age.error().message);
        if (*age < 0s) return invalid("--older-than must not be negative");
        scope.age = *age;
    }
    if (options.has("namespace")) scope.name_space = options.text("namespace");
    for (const std::string& word : options.texts("state")) {
        const auto state = state_of(word);
        if (!state || !is_over(*state))
            return invalid("--state: expected SUCCESS, WARNING, FAILED, KILLED, CANCELLED or RETRIED, found '{}'",
                           word);
        if (!scope.states) scope.states.emplace();
        scope.states->push_back(word);
    }
    return scope;
}

int plan(pg::Pool& pool, const store::PurgeScope& scope, bool as_json) {
    std::vector<Value> rows;
    std::int64_t executions = 0, bytes = 0;
    for (const store::PurgeLine& line :
         pool.with_connection([&](pg::Connection& connection) { return store::purge_plan(connection, scope); })) {
        executions += line.executions;
        bytes += line.bytes;
        rows.push_back(Value{{"namespace", line.name_space},
                             {"state", line.state},
                             {"month", line.month},
                             {"executions", line.executions},
                             {"oldest", to_iso(line.oldest)},
                             {"newest", to_iso(line.newest)},
                             {"bytes", as_json ? Value(line.bytes) : Value(in_bytes(line.bytes))}});
    }
    print_rows({"namespace", "state", "month", "executions", "oldest", "newest", "bytes"}, rows, as_json);
    if (as_json) return Exit::Success;
    std::cout << fmt::format("{} execution(s), about {} in the database, and their files; nothing was purged\n",
                             executions, in_bytes(bytes));
    if (scope.age || scope.name_space || scope.states) return Exit::Success;
    for (const store::OldWeek& week : pool.with_connection(
             [&](pg::Connection& connection) { return store::weeks_over_age(connection, scope.base); })) {
        std::cout << fmt::format("the week of {} goes as a whole: {} execution(s), {}\n",
                                 to_iso(week.begins).substr(0, 10), week.executions, in_bytes(week.bytes));
    }
    return Exit::Success;
}

int carry_out(pg::Pool& pool, const server::Config& config, const pg::ConnectionConfig& where,
              const store::PurgeScope& scope) {
    net::Client http;
    pg::DatabaseClock clock;
    pg::Pool storage_pool(where, 1, clock);
    const auto storage = server::make_storage(config, server::process_environment(), &storage_pool, http);
    const bool terminal = isatty(STDERR_FILENO) == 1;
    const maintenance::Purged purged =
        maintenance::purge(pool, *storage, scope, [&](const maintenance::Purged& so_far) {
            if (terminal)
                std::cerr << fmt::format("\r{} executions, {} files", so_far.executions, so_far.files) << std::flush;
            return true;
        });
    if (terminal) std::cerr << "\n";
    std::cout << fmt::format("purged {} execution(s), {} week(s) of them as a whole, and {} file(s)\n",
                             purged.executions, purged.weeks, purged.files);
    return Exit::Success;
}

int purge(const std::vector<std::string>& words) {
    Options options("sluice purge [--dry-run] [--older-than DURATION] [--namespace NS] [--state STATE]…",
                    "Takes away executions that are kept no longer, with their logs, metrics and files.");
    add_configuration(options);
    options.value("data", "folder of a local server that runs", "DIR")
        .flag("dry-run", "only tells what would go")
        .value("older-than", "instead of what the rules say; what is kept for ever stays", "DURATION")
        .value("namespace", "only of this one and those below it", "NS")
        .values("state", "only of those that ended so, repeatable", "STATE")
        .value("output", "of --dry-run: table or json", "FORMAT", "table");
    if (const auto stop = options.parse(words)) return *stop;
    const auto config = configuration(options);
    if (!config) return fail(config.error());
    auto where = database_connection(options, true);
    if (!where) return fail(where.error());
    where->application = "sluice purge";
    where->statement_timeout = 10min;
    const auto scope = scope_of(options, *config);
    if (!scope) return fail(scope.error());
    configure_logging({.level = LogLevel::Warn, .to_stderr = true});
    pg::DatabaseClock clock;
    pg::Pool pool(*where, 1, clock);
    if (options.has("dry-run")) return plan(pool, *scope, options.text("output") == "json");
    return carry_out(pool, *config, *where, *scope);
}

}  // namespace purging

std::vector<Command> purge_commands() {
    return {{"purge", "takes away executions that are kept no longer",
             "sluice purge [--dry-run] [--older-than DURATION] [--namespace NS] [--state STATE]…", purging::purge}};
}

}  // namespace sluice::cli
