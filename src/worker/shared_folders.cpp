#include "worker/shared_folders.h"

#include <set>

#include "store/task_runs.h"

namespace sluice::worker {
namespace {

constexpr Duration kLook = 60s;
// A folder that was just made is not yet known to the database.
constexpr Duration kYoung = 60s;

}  // namespace

SharedFolders::SharedFolders(pg::Pool& pool, std::filesystem::path below)
    : Service("folders", {.poll = kLook}), pool_(pool), below_(std::move(below)) {}

std::filesystem::path SharedFolders::make(const engine::SharedFolder& id, const ExecutionId& execution_id) {
    const auto path = below_ / fmt::format("{}-{}", id.task_run_id, id.epoch);
    std::error_code failed;
    std::filesystem::remove_all(path, failed);  // a first try that the database interrupted
    std::filesystem::create_directories(path / "work", failed);
    if (failed) throw OutsideError(fmt::format("the folder {} can't be made: {}", path.string(), failed.message()));
    entries_.with([&](auto& entries) { entries[id] = {path, execution_id, std::chrono::steady_clock::now()}; });
    return path / "work";
}

std::filesystem::path SharedFolders::path_of(const engine::SharedFolder& id) const {
    return entries_.with([&](const auto& entries) {
        const auto found = entries.find(id);
        if (found == entries.end()) {
            throw OutsideError(fmt::format("the folder of working directory {} is not on this worker", id.task_run_id));
        }
        return found->second.path / "work";
    });
}

void SharedFolders::remove(const engine::SharedFolder& id) {
    const auto path = entries_.with([&](auto& entries) {
        const auto found = entries.find(id);
        auto out = found != entries.end() ? found->second.path : std::filesystem::path();
        entries.erase(id);
        return out;
    });
    if (path.empty()) return;
    std::error_code failed;
    std::filesystem::remove_all(path, failed);
    if (failed) log_.warn("folder.not_removed", {{"folder", path.string()}, {"reason", failed.message()}});
}

std::size_t SharedFolders::count() const {
    return entries_.with([](const auto& entries) { return entries.size(); });
}

Turn SharedFolders::turn(std::stop_token) {
    std::vector<store::FolderKey> keys;
    entries_.with([&](const auto& entries) {
        const auto now = std::chrono::steady_clock::now();
        for (const auto& [id, entry] : entries) {
            if (now - entry.made_at > kYoung) keys.push_back({entry.execution_id, id.task_run_id, id.epoch});
        }
    });
    if (keys.empty()) return Turn::Idle;
    const std::set<TaskRunId> alive =
        pool_.with_connection([&](pg::Connection& connection) { return store::live_folders(connection, keys); });
    for (const store::FolderKey& key : keys) {
        if (alive.contains(key.task_run_id)) continue;
        log_.info("folder.dropped", {{"task_run_id", key.task_run_id}, {"execution_id", key.execution_id}});
        remove({key.task_run_id, key.epoch});
    }
    return Turn::Idle;
}

}  // namespace sluice::worker
