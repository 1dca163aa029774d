#pragma once
#include "base/log.h"

namespace sluice {

/// From which level on lines are written, while the process runs.
/// Threads  any
LogLevel log_level();
void set_log_level(LogLevel level);

}  // namespace sluice
