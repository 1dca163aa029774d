#pragma once
#include <map>
#include <string>
#include <string_view>

#include "plugin/task_context.h"

namespace sluice::tasks {

/// Puts local paths in place of addresses of the internal storage in texts; the files are copied to this machine, each
/// once.
class LocalAddresses {
  public:
    LocalAddresses(plugin::TaskContext& context, std::filesystem::path folder)
        : context_(context), folder_(std::move(folder)) {}

    /// Errors  NotFound: there is no such file
    Result<std::string> localized(std::string_view text);

  private:
    Result<std::string> local_path(const std::string& address);

    plugin::TaskContext& context_;
    std::filesystem::path folder_;  // for the copies
    std::map<std::string, std::string> paths_{};
};

}  // namespace sluice::tasks
