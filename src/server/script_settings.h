#pragma once
#include "server/config.h"
#include "tasks/settings.h"

namespace sluice::server {

/// What the configuration says about scripts and containers.
void take_script_settings(const Config& config, tasks::Settings& out);

}  // namespace sluice::server
