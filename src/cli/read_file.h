#pragma once
#include <filesystem>
#include <string>

#include "base/error.h"

namespace sluice::cli {

/// Errors  NotFound: it is not there, or can't be read
Result<std::string> read_file(const std::filesystem::path& path);

}  // namespace sluice::cli
