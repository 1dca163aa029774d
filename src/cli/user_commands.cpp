// sluice user list|add|set-password|disable|enable|delete|grant, sluice secret rotate
//
// They go to the database, not to the API: whoever has its credentials can let a locked-out administrator in again.
#include <iostream>
#include <termios.h>
#include <unistd.h>

#include "access/accounts.h"
#include "access/act.h"
#include "access/passwords.h"
#include "cli/command.h"
#include "cli/configuration.h"
#include "pg/actor.h"
#include "server/instance.h"
#include "store/secrets.h"

namespace sluice::cli {
namespace users {

/// The database that a command works on, as the person at this terminal.
class Database {
  public:
    explicit Database(pg::ConnectionConfig where) : pool_(named(std::move(where)), 1, clock_) {
        const char* login = getlogin();
        pg::set_actor(pg::Actor{login != nullptr ? login : fmt::format("uid {}", getuid()), "CLI", "", ""});
    }
    ~Database() { pg::set_actor({}); }
    pg::Pool& pool() { return pool_; }

  private:
    static pg::ConnectionConfig named(pg::ConnectionConfig where) {
        where.application = "sluice user";
        return where;
    }
    pg::DatabaseClock clock_{};
    pg::Pool pool_;
};

/// One line of standard input; from a terminal it is asked for, and not shown.
std::string read_password(const std::string& user) {
    const bool terminal = isatty(STDIN_FILENO) == 1;
    termios before{};
    if (terminal) {
        std::cerr << "password of " << user << ": " << std::flush;
        tcgetattr(STDIN_FILENO, &before);
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &silent);
    }
    std::string line;
    std::getline(std::cin, line);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
        std::cerr << "\n";
    }
    return line;
}

/// The one that was made, to be shown; empty: it came from standard input.
std::string password_of(const Options& options, const std::string& user, std::string& password) {
    if (!options.has("generate")) {
        password = read_password(user);
        return "";
    }
    password = access::readable_password();
    return password;
}

/// What all of these share: options, the user that is named, the database, an act in a transaction.
struct Task {
    const char* usage;
    const char* summary;
    std::function<void(Options&)> declare = [](Options&) {};
    std::function<Result<std::string>(const Options&, const std::string& user, Database&)> act;
};

int carry_out(const Task& task, const std::vector<std::string>& words) {
    Options options(task.usage, task.summary);
    options.arguments();
    add_configuration(options);
    options.value("data", "folder of a local server that runs", "DIR");
    task.declare(options);
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().size() != 1) return fail_usage(std::string("Usage: ") + task.usage);
    auto where = database_connection(options);
    if (!where) return fail(where.error());
    Database database(std::move(*where));
    const auto done = task.act(options, options.rest()[0], database);
    if (!done) return fail(done.error());
    std::cout << *done << "\n";
    return Exit::Success;
}

void declare_password(Options& options) {
    options.flag("generate", "makes a password and prints it; without it, it is a line of standard input");
}

Result<std::string> with_password(std::string done, const std::string& made) {
    if (!made.empty()) done += "\npassword  " + made + "  (shown once)";
    return done;
}

Result<std::string> add(const Options& options, const std::string& user, Database& database) {
    access::NewUser wanted{.name = user, .full_name = options.text("full-name"), .is_service = options.has("service")};
    const std::string made = wanted.is_service ? "" : password_of(options, user, wanted.password);
    const auto done = access::in_act(database.pool(), [&](pg::Transaction& tx) -> Result<void> {
        if (auto added = access::add_user(tx, wanted); !added || !options.has("role")) return added;
        const auto bound = access::put_binding(
            tx, {.user = user, .role = options.text("role"), .name_space = options.text("namespace")});
        return bound ? Result<void>() : tl::unexpected(bound.error());
    });
    if (!done) return tl::unexpected(done.error());
    return with_password("added " + user, made);
}

Result<std::string> set_password(const Options& options, const std::string& user, Database& database) {
    access::UserChange change{.password = std::string()};
    const std::string made = password_of(options, user, *change.password);
    const auto done = access::in_act(
        database.pool(), [&](pg::Transaction& tx) -> Result<void> { return access::change_user(tx, user, change); });
    if (!done) return tl::unexpected(done.error());
    return with_password("changed; sessions of " + user + " are over, and a lock after wrong passwords is gone", made);
}

Result<std::string> switch_user(const std::string& user, Database& database, bool disabled) {
    const auto done = access::in_act(
        database.pool(), [&](pg::Transaction& tx) { return access::change_user(tx, user, {.disabled = disabled}); });
    if (!done) return tl::unexpected(done.error());
    return user + (disabled ? " can't log in any more" : " can log in again");
}

Result<std::string> remove(const Options&, const std::string& user, Database& database) {
    const auto done =
        access::in_act(database.pool(), [&](pg::Transaction& tx) { return access::delete_user(tx, user); });
    if (!done) return tl::unexpected(done.error());
    return "deleted " + user;
}

Result<std::string> grant(const Options& options, const std::string& user, Database& database) {
    const auto done = access::in_act(database.pool(), [&](pg::Transaction& tx) {
        return access::put_binding(
            tx, {.user = user, .role = options.text("role"), .name_space = options.text("namespace")});
    });
    if (!done) return tl::unexpected(done.error());
    return fmt::format("{} is {} {}", user, options.text("role"),
                       options.text("namespace").empty() ? "everywhere" : "in " + options.text("namespace"));
}

void declare_role(Options& options) {
    options.value("role", "admin, developer, operator, viewer or one of your own", "ROLE")
        .value("namespace", "where it holds, with the namespaces below; without: everywhere", "NS");
}

int list(const std::vector<std::string>& words) {
    Options options("sluice user list", "Lists users.");
    add_configuration(options);
    options.value("data", "folder of a local server that runs", "DIR")
        .value("output", "table or json", "FORMAT", "table");
    if (const auto stop = options.parse(words)) return *stop;
    auto where = database_connection(options);
    if (!where) return fail(where.error());
    Database database(std::move(*where));
    std::vector<Value> rows;
    constexpr std::size_t kMost = 10'000;
    for (const access::UserRow& row : database.pool().with_connection(
             [](pg::Connection& connection) { return access::list_users(connection, "", "", kMost); })) {
        rows.push_back(Value{{"user", row.name},
                             {"kind", row.kind},
                             {"state", row.disabled ? "disabled"
                                       : row.locked ? "locked"
                                                    : "active"},
                             {"lastLogin", row.last_login_at ? to_iso(*row.last_login_at) : ""}});
    }
    print_rows({"user", "kind", "state", "lastLogin"}, rows, options.text("output") == "json");
    return Exit::Success;
}

int rotate(const std::vector<std::string>& words) {
    Options options("sluice secret rotate",
                    "Seals all stored secrets by encryption.secret-key; those of encryption.previous-keys open them.");
    add_configuration(options);
    options.value("data", "folder of a local server that runs", "DIR");
    if (const auto stop = options.parse(words)) return *stop;
    const auto config = configuration(options);
    if (!config) return fail(config.error());
    auto where = database_connection(options);
    if (!where) return fail(where.error());
    Database database(std::move(*where));
    const store::Secrets secrets(server::sealing_keys(*config));
    const auto done = access::in_act(database.pool(), [&](pg::Transaction& tx) { return secrets.rotate(tx); });
    if (!done) return fail(done.error());
    std::cout << *done << " secrets were sealed anew\n";
    return Exit::Success;
}

}  // namespace users

std::vector<Command> user_commands() {
    using namespace users;
    static const Task kAdd{"sluice user add NAME", "Adds a user or a service account.",
                           [](Options& options) {
                               declare_password(options);
                               declare_role(options);
                               options.value("full-name", "of a person", "TEXT")
                                   .flag("service", "a service account: it has tokens and no password");
                           },
                           add};
    static const Task kPassword{"sluice user set-password NAME", "Gives a user a new password, and ends his sessions.",
                                declare_password, set_password};
    static const Task kDisable{
        "sluice user disable NAME", "Keeps a user out at once; what he owns stays.", [](Options&) {},
        [](const Options&, const std::string& user, Database& database) { return switch_user(user, database, true); }};
    static const Task kEnable{
        "sluice user enable NAME", "Lets a user in again.", [](Options&) {},
        [](const Options&, const std::string& user, Database& database) { return switch_user(user, database, false); }};
    static const Task kDelete{"sluice user delete NAME", "Deletes a user with his tokens.", [](Options&) {}, remove};
    static const Task kGrant{"sluice user grant NAME", "Gives a user a role.", declare_role, grant};
    const auto of = [](const Task& task) {
        return [&task](const std::vector<std::string>& words) { return carry_out(task, words); };
    };
    return {
        {"user list", "lists users", "sluice user list", list},
        {"user add", "adds a user or a service account",
         "sluice user add NAME [--role ROLE [--namespace NS]] [--generate]", of(kAdd)},
        {"user set-password", "gives a user a new password", "sluice user set-password NAME [--generate]",
         of(kPassword)},
        {"user disable", "keeps a user out", "sluice user disable NAME", of(kDisable)},
        {"user enable", "lets a user in again", "sluice user enable NAME", of(kEnable)},
        {"user delete", "deletes a user", "sluice user delete NAME", of(kDelete)},
        {"user grant", "gives a user a role", "sluice user grant NAME --role ROLE [--namespace NS]", of(kGrant)},
        {"secret rotate", "seals all stored secrets by the present key", "sluice secret rotate", rotate},
    };
}

}  // namespace sluice::cli
