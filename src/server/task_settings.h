#pragma once
#include "server/config.h"
#include "tasks/settings.h"

namespace sluice::server {

/// What the configuration says about tasks.
tasks::TaskSettings task_settings(const Config& config);

}  // namespace sluice::server
