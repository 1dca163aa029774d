#pragma once
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "http/static_files.h"
#include "pg/connection.h"
#include "plugin/external/plugin_folder.h"
#include "server/config.h"

namespace sluice::server {

enum class Role { Webserver, Executor, Worker, Scheduler };
std::string_view to_text(Role role);

/// The plugins in the configured folders, checked against the built-in types and each other.
/// Errors  as plugin::read_plugin_folders and plugin::add_to
Result<std::vector<plugin::FoundType>> plugins_of(const Config& config);
/// The built-in types and these.
plugin::TaskCatalog catalog_of(const Config& config, const std::vector<plugin::FoundType>& plugins);

/// How this configuration reaches its database. direct: not through a pooler, where one is told
pg::ConnectionConfig connection_config(const Config& config, bool direct, std::shared_ptr<pg::PasswordSource> password);
/// To the standby that lists are read from.
pg::ConnectionConfig replica_config(const Config& config, std::shared_ptr<pg::PasswordSource> password);

/// How a server is, for whoever watches it.
struct Health {
    bool ready = false;                  // in touch with the database, and every loop has worked
    std::string reason{};                // why it is not
    std::optional<std::string> stuck{};  // a loop that neither works nor waits
};

/// The roles of one process, on one database. server.cpp lists its services in their start order.
class Server {
  public:
    /// `local`: the database is this process's own, and the schema is brought up to date at the start.
    /// `page`: the files of the web page; `plugins`: see plugins_of()
    Server(Config config, std::set<Role> roles, bool migrate_first, std::vector<http::StaticFile> page = {},
           std::vector<plugin::FoundType> plugins = {});
    ~Server();

    /// Errors  Conflict: the schema does not fit; DatabaseError (thrown): no database
    Result<void> start();
    /// Takes over what can be changed while it runs: the log's level and the database's password. Logs which other keys
    /// differ and need a restart. Returns their names.
    std::vector<std::string> reload(const Config& config);

    /// A loop is stuck that did nothing for `patience` though nobody keeps it waiting. Threads  one
    Health health(Duration patience);

    /// Stops in good order: nothing new, running tasks are waited for, the rest is handed back.
    void stop();

    /// The port that the web server listens on.
    int port() const;
    /// Credentials that this start made, to be shown once; empty: there were some already.
    std::string made_password() const;
    std::string admin_user() const;

  private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::server
