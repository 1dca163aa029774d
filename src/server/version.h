#pragma once
#include <string>

namespace sluice::server {

/// Of git: v1.2.3 on a tag, else with commits since and a hash.
std::string version();
std::string commit();
std::string commit_date();

}  // namespace sluice::server
