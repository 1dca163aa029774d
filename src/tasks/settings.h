#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "object_store/signature.h"

namespace sluice::tasks {

/// What the configuration tells task types; see conf/sluice.yaml.
struct Settings {
    std::vector<std::filesystem::path> local_paths{};  // where the types fs.local.* may go
    std::string encryption_key{};                      // of outputs that are kept sealed; empty: none
    std::string known_hosts_file{};                    // of SSH servers; empty: none
    bool public_hosts_only = false;                    // for core.http.* and alerts
    object_store::Credentials aws{};                   // where tasks give none
    std::string aws_region{};
    std::string aws_endpoint{};
};

}  // namespace sluice::tasks
