#pragma once
#include <filesystem>
#include <vector>

#include "base/error.h"

namespace sluice::tasks {

/// Packs folders into a tar file, under their own paths from the root of the file system, so that they stand in a
/// container where they stand here. Whoever the container runs as may write there.
/// Errors  OutsideError: the disk
void pack_folders(const std::vector<std::filesystem::path>& folders, const std::filesystem::path& tar);

/// Packs one folder under relative paths, as a build wants it.
void pack_build_context(const std::filesystem::path& folder, const std::filesystem::path& tar);

/// Unpacks what a container made of a folder, whose last name all paths begin with. Links that lead out of the folder,
/// devices and the like are left out.
/// Errors  Invalid: it is no tar. OutsideError: the disk
Result<void> unpack_folder(const std::filesystem::path& tar, const std::filesystem::path& folder);

}  // namespace sluice::tasks
