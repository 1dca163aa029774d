#pragma once
#include <functional>
#include <string>
#include <vector>

#include "flow/catalog.h"
#include "plugin/external/plugin_folder.h"

namespace sluice::cli {

/// Told for each check; `problem` is empty when it passed.
using Verdict = std::function<void(const std::string& type, const std::string& what, const std::string& problem)>;

/// Holds plugins against the protocol: their examples are valid flows, their programs start, refuse what they can't do,
/// end when they are told to, and write nothing but messages.
void check_plugins(const std::vector<plugin::FoundType>& types, const flow::Catalog& catalog, const Verdict& verdict);

}  // namespace sluice::cli
