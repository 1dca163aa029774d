#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace sluice::webserver {

/// A file of an archive: its name, with slashes, and its bytes.
using ZipEntry = std::pair<std::string, std::string>;

std::string zip_of(const std::vector<ZipEntry>& entries);

struct UnzipLimits {
    std::size_t entries = 100'000;
    std::size_t bytes = 512 * 1024 * 1024;  // of all together, unpacked; and a hundred times the archive
};
/// The regular files of an archive.
/// Errors  Invalid: no ZIP, or broken; TooLarge: over a limit
Result<std::vector<ZipEntry>> unzip(std::string_view archive, const UnzipLimits& limits = {});

}  // namespace sluice::webserver
