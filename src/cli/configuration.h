#pragma once
#include "cli/options.h"
#include "pg/connection.h"
#include "plugin/task_catalog.h"
#include "server/config.h"

namespace sluice::cli {

/// The options that set configuration keys: --config, --database, --port …
void add_configuration(Options& options);

/// File, environment and flags together.
/// Errors  Invalid: all mistakes at once
Result<server::Config> configuration(const Options& options);

/// The types that flows may name here: the built-in ones, and those of the configured plugins.
/// Errors  as configuration() and server::plugins_of()
Result<plugin::TaskCatalog> local_catalog(const Options& options);

/// The database that a command is to ask: of --data, of the configuration, or of a local server in ./data.
/// direct: not through a pooler
Result<pg::ConnectionConfig> database_connection(const Options& options, bool direct = false);

}  // namespace sluice::cli
