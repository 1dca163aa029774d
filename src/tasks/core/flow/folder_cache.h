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

/// The files that match, with size and time: two equal answers mean that nothing changed.
Result<std::string> contents_of(const FolderCache& cache, const std::filesystem::path& folder);

/// Packs the files that match, if their contents_of() is not what it was `before`.
Result<void> keep_cache(const FolderCache& cache, const std::filesystem::path& folder, std::string_view before,
                        plugin::TaskContext& context);

}  // namespace sluice::tasks
