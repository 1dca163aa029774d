#pragma once
#include <functional>
#include <string>

#include "server/config.h"

namespace sluice::server {

/// Rules that join several keys. `wrong` is called with a key and what is wrong with it, once for each mistake.
void check_rules(const Config& config, const std::function<void(const char* key, std::string message)>& wrong);

}  // namespace sluice::server
