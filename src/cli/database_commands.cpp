// sluice migrate, sluice psql
#include <algorithm>
#include <iostream>
#include <unistd.h>

#include "cli/command.h"
#include "cli/configuration.h"
#include "pg/migrations.h"

namespace sluice::cli {
namespace {

/// What a role may do with the schema.
struct Right {
    std::string_view kind;
    const char* name;
    const char* sql;
    const char* told;
};
constexpr Right kRights[] = {
    {"server", "let_serve", "select sluice.let_serve($1::name)", " may run servers\n"},
    {"reader", "let_look", "select sluice.let_look($1::name)", " may read\n"},
    {"operator", "let_operate", "select sluice.let_operate($1::name)", " may read and operate\n"},
    {"developer", "let_operate_flows", "select sluice.let_operate($1::name, flows => true)",
     " may read and operate, switch flows and delete\n"},
};

/// Null: there is none of this kind.
const Right* right_of(std::string_view kind) {
    const auto found = std::find_if(std::begin(kRights), std::end(kRights),
                                    [&](const Right& one) { return one.kind == (kind.empty() ? "server" : kind); });
    return found != std::end(kRights) ? found : nullptr;
}

int migrate(const std::vector<std::string>& words) {
    Options options("sluice migrate", "Brings the database's schema up to date.");
    add_configuration(options);
    options.value("data", "folder of a local server that runs", "DIR");
    options.flag("check", "only tells whether something is to be done; exit 1 when it is");
    options.flag("plan", "prints the SQL that would be run");
    options.value("grant", "lets a role that owns nothing use the schema", "ROLE");
    options.value("as", "for what: server (default), reader, operator, developer", "KIND");
    if (const auto stop = options.parse(words)) return *stop;
    const Right* right = right_of(options.text("as"));
    if (right == nullptr || (options.has("as") && !options.has("grant"))) {
        return fail(
            Error{ErrorCode::Invalid,
                  fmt::format("--as: expected server, reader, operator or developer, with --grant ROLE; found '{}'",
                              options.text("as"))});
    }
    auto where = database_connection(options, true);  // the lock of migrations belongs to a session
    if (!where) return fail(where.error());
    where->application = "sluice migrate";
    configure_logging({.level = LogLevel::Info, .to_stderr = true});
    pg::DatabaseClock clock;
    pg::Connection connection(*where, clock);
    if (options.has("plan")) {
        std::cout << pg::migration_plan(connection);
        return Exit::Success;
    }
    if (options.has("check")) {
        const pg::SchemaState state = pg::schema_state(connection);
        for (const std::string& name : state.applied) std::cout << "applied  " << name << "\n";
        for (const std::string& name : state.pending) std::cout << "pending  " << name << "\n";
        for (const std::string& name : state.unknown) std::cout << "newer    " << name << "\n";
        for (const std::string& name : state.changed) std::cout << "changed  " << name << "\n";
        if (state.routines_outdated) std::cout << "pending  views and functions\n";
        return state.up_to_date() ? Exit::Success : Exit::Failed;
    }
    auto done = pg::migrate(connection);
    if (!done) return fail(done.error());
    for (std::string& index : pg::index_history(connection)) done->push_back(std::move(index));
    for (const std::string& name : *done) std::cout << "applied " << name << "\n";
    if (done->empty()) std::cout << "the schema is up to date\n";
    if (options.has("grant")) {
        connection.run_once(right->name, right->sql, pg::Parameters::of(options.text("grant")));
        std::cout << options.text("grant") << right->told;
    }
    return Exit::Success;
}

int psql(std::vector<std::string> words) {
    std::vector<std::string> more;
    const auto dashes = std::find(words.begin(), words.end(), "--");
    if (dashes != words.end()) {
        more.assign(dashes + 1, words.end());
        words.erase(dashes, words.end());
    }
    Options options("sluice psql", "Opens psql on the database, with the schema sluice first in the search path.");
    add_configuration(options);
    options.value("data", "folder of a local server that runs", "DIR");
    if (const auto stop = options.parse(words)) return *stop;
    const auto where = database_connection(options, true);
    if (!where) return fail(where.error());
    if (where->password) {
        if (const std::string password = where->password->password(); !password.empty())
            setenv("PGPASSWORD", password.c_str(), 1);
    }
    setenv("PGOPTIONS", "-c search_path=sluice,public", 0);
    const std::string address = pg::libpq_url(where->url);
    std::vector<const char*> argv{"psql", "--dbname", address.c_str()};
    for (const std::string& word : more) argv.push_back(word.c_str());
    argv.push_back(nullptr);
    execvp("psql", const_cast<char* const*>(argv.data()));
    return fail(
        Error{ErrorCode::NotFound, "psql is not installed (Debian: apt-get install postgresql-client)", {}, {}, ""});
}

}  // namespace

std::vector<Command> database_commands() {
    return {
        {"migrate", "brings the schema up to date",
         "sluice migrate [--check | --plan | --grant ROLE [--as KIND]] [--database URL]", migrate},
        {"psql", "opens psql on the database", "sluice psql [--data DIR | --database URL] [-- psql arguments]", psql},
    };
}

}  // namespace sluice::cli
