#pragma once
#include <filesystem>
#include <map>

#include "base/guarded.h"
#include "base/service.h"
#include "engine/context.h"
#include "pg/pg.h"

namespace sluice::worker {

/// The folders that WorkingDirectory tasks share on this worker. Nobody tells when an execution is killed or a folder
/// was given up, so it looks now and then for those that nobody needs.
/// Threads  any
class SharedFolders : public Service {
  public:
    SharedFolders(pg::Pool& pool, std::filesystem::path below);

    /// A new folder.
    /// Errors  OutsideError
    std::filesystem::path make(const engine::SharedFolder& id, const ExecutionId& execution_id);
    /// Errors  OutsideError: it is not on this worker
    std::filesystem::path path_of(const engine::SharedFolder& id) const;
    void remove(const engine::SharedFolder& id);
    std::size_t count() const;

  protected:
    Turn turn(std::stop_token stop) override;

  private:
    struct Entry {
        std::filesystem::path path{};
        ExecutionId execution_id{};
        std::chrono::steady_clock::time_point made_at{};
    };

    pg::Pool& pool_;
    const std::filesystem::path below_;
    Guarded<std::map<engine::SharedFolder, Entry>> entries_{};
};

}  // namespace sluice::worker
