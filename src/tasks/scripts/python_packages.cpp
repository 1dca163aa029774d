#include "tasks/scripts/python_packages.h"

#include <algorithm>
#include <deque>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/id.h"
#include "base/waker.h"
#include "expr/encoding.h"
#include "tasks/scripts/programs.h"
#include "tasks/scripts/python_environment.h"

namespace sluice::tasks {
namespace python_packages_cache {

namespace fs = std::filesystem;

// <cache>/<key>           a link to the set that is complete: KEY-RANDOM
// <cache>/<key>-<random>  a set; `in-use` in it is locked by those that use it, and by the one that makes it
// <cache>/<key>.lock      held while a set of this key is made
constexpr const char* kInUse = "in-use";
constexpr const char* kSize = "size";
constexpr std::size_t kKeyLength = 40;
constexpr std::size_t kLastWords = 15;
constexpr Duration kPause = 100ms;
constexpr Duration kYoung = 10min;

FileDescriptor opened(const fs::path& file) {
    return FileDescriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
}

bool lock(const FileDescriptor& file, int how) {
    return file && ::flock(file.get(), how | LOCK_NB) == 0;
}

/// What makes two sets the same: interpreter, requirements, and where packages come from.
std::string key_of(const fs::path& python, const PackageWish& wish) {
    std::vector<std::string> sorted = wish.requirements;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::string all = python.string() + "\n";
    for (const std::string& one : sorted) all += one + "\n";
    for (const auto& [name, value] : wish.variables) {
        if (name.starts_with("PIP_") || name.starts_with("UV_")) all += name + "=" + value + "\n";
    }
    return expr::sha256_of(all).substr(0, kKeyLength);
}

/// The complete set of a key, marked as used now.
std::optional<Packages> find(const fs::path& link) {
    std::error_code none;
    const fs::path folder = link.parent_path() / fs::read_symlink(link, none);
    if (none) return {};
    FileDescriptor in_use(::open((folder / kInUse).c_str(), O_RDWR | O_CLOEXEC));
    // Between the look at the link and the lock somebody may have removed it.
    if (!lock(in_use, LOCK_SH) || link.parent_path() / fs::read_symlink(link, none) != folder || none) return {};
    ::futimens(in_use.get(), nullptr);
    return Packages{folder, std::move(in_use)};
}

std::uint64_t size_of(const fs::path& folder) {
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && !entry.is_symlink()) bytes += entry.file_size();
    }
    return bytes;
}

struct Kept {
    fs::path link{};  // empty: a set that was never completed
    fs::path folder{};
    std::uint64_t bytes = 0;
    fs::file_time_type used{};
};

std::vector<Kept> all_sets(const fs::path& cache) {
    std::vector<Kept> out;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator(cache, gone)) {
        if (entry.is_symlink(gone) || !entry.is_directory(gone)) continue;
        Kept one{.folder = entry.path()};
        const std::string name = entry.path().filename().string();
        const fs::path link = cache / name.substr(0, name.rfind('-'));
        if (fs::read_symlink(link, gone) == entry.path().filename()) one.link = link;
        std::ifstream(one.folder / kSize) >> one.bytes;
        one.used = fs::last_write_time(one.folder / kInUse, gone);
        out.push_back(std::move(one));
    }
    std::sort(out.begin(), out.end(), [](const Kept& a, const Kept& b) { return a.used < b.used; });
    return out;
}

/// Removes it unless somebody uses it.
bool remove(const Kept& one) {
    const FileDescriptor in_use(::open((one.folder / kInUse).c_str(), O_RDWR | O_CLOEXEC));
    std::error_code failed;
    // One that has no such file yet is just being made.
    if (!in_use && fs::last_write_time(one.folder, failed) > fs::file_time_type::clock::now() - kYoung) return false;
    if (in_use && !lock(in_use, LOCK_EX)) return false;
    if (!one.link.empty()) fs::remove(one.link, failed);
    fs::remove_all(one.folder, failed);
    return !failed;
}

void make_room(const PackageCache& cache) {
    std::uint64_t bytes = 0;
    const std::vector<Kept> sets = all_sets(cache.folder);
    for (const Kept& one : sets) bytes += one.bytes;
    for (const Kept& one : sets) {
        if (one.link.empty() || bytes > cache.most_bytes) {
            if (remove(one)) bytes -= std::min(bytes, one.bytes);
        }
    }
}

/// Runs the installer of a set; its last lines explain a failure.
class Installer {
  public:
    Installer(process::Supervisor& processes, std::stop_token stop, const std::function<void(std::string)>& on_line)
        : processes_(processes), stop_(std::move(stop)), on_line_(on_line) {}

    Result<void> install(const fs::path& folder, const PackageWish& wish, const PythonEnvironment& python) {
        process::Command command;
        command.environment = process::harmless_environment();
        for (const auto& [name, value] : wish.variables) command.environment[name] = value;
        for (const auto& [name, value] : python.variables) command.environment[name] = value;
        command.directory = folder.string();
        const std::string interpreter = (folder / "bin" / "python").string();
        const auto uv = wish.with_uv ? find_program("uv", command.environment["PATH"]) : std::nullopt;
        if (uv) {
            command.arguments = {uv->string(), "pip", "install", "--quiet", "--python", interpreter};
        } else {
            if (auto there = check_pip(command.environment, interpreter); !there) return there;
            command.arguments = {interpreter,
                                 "-m",
                                 "pip",
                                 "install",
                                 "--quiet",
                                 "--disable-pip-version-check",
                                 "--root-user-action=ignore"};
        }
        command.arguments.insert(command.arguments.end(), wish.requirements.begin(), wish.requirements.end());
        return run(command, wish);
    }

  private:
    Result<void> check_pip(const process::Environment& environment, const std::string& interpreter) {
        const process::Command ask{.arguments = {interpreter, "-c", "import pip"}, .environment = environment};
        const auto outcome = processes_.run(ask, {}, stop_);
        if (!outcome) return tl::unexpected(outcome.error());
        if (outcome->succeeded()) return {};
        return not_found(
            "`dependencies` need pip, and the Python of this worker has none: install it (Debian: "
            "python3-pip) or uv (packageManager: UV), or let the task run in a container");
    }

    Result<void> run(const process::Command& command, const PackageWish& wish) {
        std::deque<std::string> last;
        const auto take = [&](process::Line&& line) {
            last.push_back(line.text);
            if (last.size() > kLastWords) last.pop_front();
            on_line_(std::move(line.text));
        };
        const auto outcome = processes_.run(command, {.on_line = take}, stop_);
        if (!outcome) return tl::unexpected(outcome.error());
        if (outcome->succeeded()) return {};
        if (outcome->end == process::End::Stopped || outcome->end == process::End::Fenced) {
            return refuse(ErrorCode::Cancelled, "the installation of packages was stopped");
        }
        return refuse(ErrorCode::Unavailable, "the packages {} can't be installed:\n{}",
                      fmt::join(wish.requirements, ", "), fmt::join(last, "\n"));
    }

    process::Supervisor& processes_;
    std::stop_token stop_;
    const std::function<void(std::string)>& on_line_;
};

/// It is made where it will stay, because its programs name its folder; it appears by a link that is renamed.
Result<Packages> make(const PackageCache& cache, const fs::path& link, const fs::path& python, const PackageWish& wish,
                      Installer& installer) {
    Packages out;
    out.folder = fmt::format("{}-{:016x}", link.string(), random_bits());
    fs::create_directories(out.folder);
    out.in_use = opened(out.folder / kInUse);
    if (!lock(out.in_use, LOCK_EX)) throw OutsideError(fmt::format("{} can't be locked", out.folder.string()));
    PythonEnvironment environment;
    make_python_environment(out.folder, python, nullptr, environment);
    if (auto installed = installer.install(out.folder, wish, environment); !installed) {
        std::error_code ignored;  // the next one who makes room removes it
        fs::remove_all(out.folder, ignored);
        return tl::unexpected(installed.error());
    }
    std::ofstream(out.folder / kSize) << size_of(out.folder);
    if (::flock(out.in_use.get(), LOCK_SH | LOCK_NB) != 0) throw OutsideError("a lock was lost");
    const fs::path fresh = fmt::format("{}.{:016x}", link.string(), random_bits());
    fs::create_symlink(out.folder.filename(), fresh);
    fs::rename(fresh, link);
    make_room(cache);
    return out;
}

}  // namespace python_packages_cache

Result<Packages> python_packages(const PackageCache& cache, const std::filesystem::path& python,
                                 const PackageWish& wish, process::Supervisor& processes, std::stop_token stop,
                                 const std::function<void(std::string)>& on_line) {
    using namespace python_packages_cache;
    try {
        fs::create_directories(cache.folder);
        const std::string key = key_of(python, wish);
        const fs::path link = cache.folder / key;
        const FileDescriptor making = opened(cache.folder / (key + ".lock"));
        if (!making) throw OutsideError(fmt::format("the folder {} can't be written", cache.folder.string()));
        Waker nobody;
        while (!stop.stop_requested()) {
            if (auto found = find(link)) return std::move(*found);
            if (!lock(making, LOCK_EX)) {
                nobody.wait(stop, kPause);
                continue;
            }
            if (auto found = find(link)) return std::move(*found);
            Installer installer(processes, stop, on_line);
            return make(cache, link, python, wish, installer);
        }
        return refuse(ErrorCode::Cancelled, "the installation of packages was stopped");
    } catch (const fs::filesystem_error& failed) {
        throw OutsideError(fmt::format("the cache of packages can't be used: {}", failed.what()));
    }
}

}  // namespace sluice::tasks
