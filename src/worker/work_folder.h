#pragma once
#include <filesystem>

#include "base/file_descriptor.h"

namespace sluice::worker {

/// A folder of this process's own below the one that all workers of the machine share. It goes with the process; what a
/// process left that was killed is removed by the next one that starts.
class WorkFolder {
  public:
    /// Errors  OutsideError: it can't be made
    explicit WorkFolder(const std::filesystem::path& shared);
    ~WorkFolder();
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
    FileDescriptor lock_{};  // held as long as the process lives: that is how others see that it does
};

}  // namespace sluice::worker
