#pragma once
#include "cli/options.h"
#include "server/config.h"

namespace sluice::cli {

/// The options that set configuration keys: --config, --database, --port …
void add_configuration(Options& options);

/// File, environment and flags together.
/// Errors  Invalid: all mistakes at once
Result<server::Config> configuration(const Options& options);

}  // namespace sluice::cli
