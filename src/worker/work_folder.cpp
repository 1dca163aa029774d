#include "worker/work_folder.h"

#include <fcntl.h>
#include <sys/file.h>

#include "base/id.h"
#include "base/log.h"

namespace sluice::worker {
namespace {

namespace fs = std::filesystem;
constexpr const char* kPrefix = "worker-";
constexpr const char* kLock = "lock";

FileDescriptor locked(const fs::path& folder, int flags) {
    FileDescriptor lock(::open((folder / kLock).c_str(), O_RDWR | O_CLOEXEC | flags, 0600));
    if (lock && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) lock.reset();
    return lock;
}

void remove_folder(const fs::path& folder) {
    std::error_code failed;
    fs::remove_all(folder, failed);
    if (failed)
        Logger("worker").warn("folder.not_removed", {{"folder", folder.string()}, {"reason", failed.message()}});
}

/// Folders of processes that are gone.
void sweep(const fs::path& shared) {
    for (const auto& entry : fs::directory_iterator(shared)) {
        if (!entry.path().filename().string().starts_with(kPrefix)) continue;
        if (const FileDescriptor lock = locked(entry.path(), 0)) remove_folder(entry.path());
    }
}

}  // namespace

WorkFolder::WorkFolder(const fs::path& given) {
    const fs::path shared = fs::absolute(given);  // scripts and containers know it by its whole name
    try {
        fs::create_directories(shared);
        sweep(shared);
        path_ = shared / fmt::format("{}{:016x}", kPrefix, random_bits());
        fs::create_directory(path_);
        // What tasks work with is nobody else's business.
        fs::permissions(path_, fs::perms::owner_all);
    } catch (const fs::filesystem_error& failed) {
        throw OutsideError(fmt::format("the worker's folder {} can't be used: {}", shared.string(), failed.what()));
    }
    lock_ = locked(path_, O_CREAT);
    if (!lock_) throw OutsideError(fmt::format("the worker's folder {} can't be locked", path_.string()));
}

WorkFolder::~WorkFolder() {
    remove_folder(path_);
}

}  // namespace sluice::worker
