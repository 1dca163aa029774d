#pragma once
#include <functional>

#include "server/server.h"

namespace sluice::cli {

/// SIGTERM, SIGINT and SIGHUP are waited for by main's thread alone: called before any other thread is made.
void block_stop_signals();

struct Serving {
    server::Config config;
    std::set<server::Role> roles;
    bool migrate_first = false;
    std::vector<http::StaticFile> page{};
    std::function<Result<server::Config>()> reload{};  // reads the configuration again
    std::function<void(server::Server&)> started{};    // tells people
};

/// Runs a server until SIGTERM or SIGINT, and tells systemd how it is: ready when it can claim and fire, alive as long as
/// its loops go on or wait for the database. SIGHUP reads the configuration again; one with mistakes changes nothing.
/// Returns the exit code.
int serve(Serving serving);

}  // namespace sluice::cli
