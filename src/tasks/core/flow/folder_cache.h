#pragma once
#include <filesystem>

#include "plugin/task_context.h"

namespace sluice::tasks {

/// Files that a working directory keeps for its next run, as a zip file in the internal storage.
struct FolderCache {
    std::vector<std::string> patterns{};  // globs
    std::optional<Duration> ttl{};        // older ones don't count
};

/// Unpacks what was kept, if there is something.
Result<void> restore_cache(const FolderCache& cache, const std::filesystem::path& folder, plugin::TaskContext& context);

/// Packs the files that match, if one of them is newer than `since`.
Result<void> keep_cache(const FolderCache& cache, const std::filesystem::path& folder,
                        std::filesystem::file_time_type since, plugin::TaskContext& context);

}  // namespace sluice::tasks
