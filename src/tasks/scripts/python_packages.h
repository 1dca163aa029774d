#pragma once
#include <filesystem>
#include <functional>

#include "base/file_descriptor.h"
#include "process/supervisor.h"

namespace sluice::tasks {

struct PackageWish {
    std::vector<std::string> requirements{};  // "pandas==2.2"; in any order
    bool with_uv = false;                     // by uv, where it is installed
    process::Environment variables{};         // of the task: PIP_… and UV_… say where packages come from
};

/// Where sets of packages are kept, and how much of them.
struct PackageCache {
    std::filesystem::path folder{};
    std::uint64_t most_bytes = 0;
};

/// A set of packages in use: nobody removes it as long as this lives.
struct Packages {
    std::filesystem::path folder{};  // a virtual environment
    FileDescriptor in_use{};
};

/// The packages, from the cache, or installed into it. A set is installed once, by whoever comes first; others wait.
/// What is in the cache is complete: a set appears there by one rename. The sets that were not used for the longest
/// time go when there is too much.
///
/// on_line  what the installer says
/// Errors  NotFound: this Python has no pip; Unavailable: a package can't be installed, with the installer's last
/// words;
///         Cancelled
Result<Packages> python_packages(const PackageCache& cache, const std::filesystem::path& python,
                                 const PackageWish& wish, process::Supervisor& processes, std::stop_token stop,
                                 const std::function<void(std::string)>& on_line);

}  // namespace sluice::tasks
