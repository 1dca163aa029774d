#pragma once
#include <memory>
#include <set>
#include <stop_token>
#include <string>

#include "http/static_files.h"
#include "server/config.h"

namespace sluice::server {

enum class Role { Webserver, Executor, Worker, Scheduler };
std::string_view to_text(Role role);

/// The roles of one process, on one database. server.cpp lists its services in their start order.
class Server {
  public:
    /// `local`: the database is this process's own, and the schema is brought up to date at the start.
    /// `page`: the files of the web page
    Server(Config config, std::set<Role> roles, bool migrate_first, std::vector<http::StaticFile> page = {});
    ~Server();

    /// Errors  Conflict: the schema does not fit; DatabaseError (thrown): no database
    Result<void> start();
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
