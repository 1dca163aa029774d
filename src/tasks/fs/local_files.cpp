#include "tasks/fs/local_files.h"

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/id.h"

namespace sluice::tasks {
namespace local_files {

constexpr std::size_t kPiece = 256 * 1024;
constexpr mode_t kFileMode = 0644;
constexpr mode_t kFolderMode = 0755;

Error failure(std::string_view doing, const std::string& path, int error) {
    const auto because = [&](ErrorCode code, std::string_view reason) {
        return Error{code, fmt::format("{} {}: {}", doing, path, reason)};
    };
    switch (error) {
        case ENOENT:
            return because(ErrorCode::NotFound, "there is no such file or folder");
        case EXDEV:
            return because(ErrorCode::Forbidden, "it leads out of the folders of tasks.local-files.allowed-paths");
        case EACCES:
        case EPERM:
        case EROFS:
            return because(ErrorCode::Forbidden, "the user that runs this server may not do this");
        case ENOTDIR:
            return because(ErrorCode::Conflict, "a file stands where a folder is expected");
        case EISDIR:
            return because(ErrorCode::Conflict, "it is a folder");
        case ENOTEMPTY:
        case EEXIST:
            return because(ErrorCode::Conflict, "there is something already");
        case ENAMETOOLONG:
            return because(ErrorCode::Invalid, "the name is too long");
        default:
            return because(ErrorCode::Unavailable, std::strerror(error));
    }
}

FileDescriptor open_beneath(int root, const std::string& path, std::uint64_t flags) {
    open_how how{};
    how.flags = flags | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    return FileDescriptor(static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how)));
}

remote::Entry entry_of(const std::string& path, const struct stat& status) {
    remote::Entry out;
    out.path = path;
    out.is_folder = S_ISDIR(status.st_mode);
    out.is_link = S_ISLNK(status.st_mode);
    out.size_bytes = out.is_folder ? 0 : static_cast<std::uint64_t>(status.st_size);
    out.modified = Timestamp{std::chrono::seconds{status.st_mtim.tv_sec} + Duration{status.st_mtim.tv_nsec / 1000}};
    out.owner = status.st_uid;
    out.group = status.st_gid;
    out.permissions = status.st_mode & 07777;
    return out;
}

/// A file that is removed again unless it got its name.
class Unnamed {
  public:
    Unnamed(int folder, std::string name)
        : folder_(folder),
          name_(std::move(name)),
          file_(::openat(folder, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode)) {}
    ~Unnamed() {
        if (file_) ::unlinkat(folder_, name_.c_str(), 0);
    }
    Unnamed(const Unnamed&) = delete;
    Unnamed& operator=(const Unnamed&) = delete;

    bool is_open() const { return static_cast<bool>(file_); }
    bool write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t n = ::write(file_.get(), bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    bool name_as(const std::string& name) {
        if (::fsync(file_.get()) != 0 || ::renameat(folder_, name_.c_str(), folder_, name.c_str()) != 0) return false;
        file_.reset();
        return true;
    }

  private:
    int folder_;
    std::string name_;
    FileDescriptor file_;
};

class FileSource : public net::Source {
  public:
    FileSource(FileDescriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

    std::size_t read(std::span<char> buffer) override {
        std::size_t done = 0;
        while (done < buffer.size()) {
            const ssize_t n = ::read(file_.get(), buffer.data() + done, buffer.size() - done);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) throw OutsideError(failure("reading", path_, errno).message);
            if (n == 0) break;
            done += static_cast<std::size_t>(n);
        }
        return done;
    }
    std::optional<std::uint64_t> size_bytes() const override { return {}; }

  private:
    FileDescriptor file_;
    std::string path_;
};

}  // namespace local_files

using namespace local_files;

Result<LocalFiles::Beneath> LocalFiles::beneath(const std::string& path) const {
    if (allowed_.empty()) {
        return refuse(ErrorCode::Forbidden,
                      "no folder of this worker is open to flows: list those that are in the configuration, "
                      "tasks.local-files.allowed-paths");
    }
    const auto wanted = std::filesystem::path(path).lexically_normal();
    if (!wanted.is_absolute() || path.find('\0') != std::string::npos) {
        return invalid("'{}' is no absolute path", path);
    }
    for (const auto& root : allowed_) {
        const auto relative = wanted.lexically_relative(root.lexically_normal());
        if (relative.empty() || *relative.begin() == "..") continue;
        FileDescriptor opened(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!opened) return tl::unexpected(failure("opening", root.string(), errno));
        std::string text = relative.string();
        while (text.size() > 1 && text.ends_with('/')) text.pop_back();
        return Beneath{std::move(opened), std::move(text)};
    }
    return refuse(ErrorCode::Forbidden, "{} is not within the folders of tasks.local-files.allowed-paths", path);
}

Result<FileDescriptor> LocalFiles::open(const std::string& path, std::uint64_t flags) const {
    const auto at = beneath(path);
    if (!at) return tl::unexpected(at.error());
    FileDescriptor out = open_beneath(at->root.get(), at->path, flags);
    if (!out) return tl::unexpected(failure("opening", path, errno));
    return out;
}

Result<FileDescriptor> LocalFiles::open_parent(const std::string& path) const {
    const auto at = beneath(path);
    if (!at) return tl::unexpected(at.error());
    if (at->path == ".")
        return refuse(ErrorCode::Forbidden, "{} is itself one of tasks.local-files.allowed-paths", path);
    const std::string parent = remote::parent_of(at->path);
    FileDescriptor out = open_beneath(at->root.get(), parent.empty() ? "." : parent, O_PATH | O_DIRECTORY);
    if (!out) return tl::unexpected(failure("opening", remote::parent_of(path), errno));
    return out;
}

Result<remote::Entry> LocalFiles::info(const std::string& path) {
    const auto file = open(path, O_PATH);
    if (!file) return tl::unexpected(file.error());
    struct stat status {};
    if (::fstat(file->get(), &status) != 0) return tl::unexpected(failure("looking at", path, errno));
    return entry_of(path, status);
}

Result<std::vector<remote::Entry>> LocalFiles::list(const std::string& folder) {
    auto opened = open(folder, O_RDONLY | O_DIRECTORY);
    if (!opened) return tl::unexpected(opened.error());
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(opened->get()), ::closedir);
    if (!stream) return tl::unexpected(failure("listing", folder, errno));
    const int number = opened->release();  // closedir() closes it
    std::vector<remote::Entry> out;
    while (const dirent* found = ::readdir(stream.get())) {
        const std::string name = found->d_name;
        struct stat status {};
        if (name == "." || name == ".." || ::fstatat(number, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) || S_ISLNK(status.st_mode)) {
            out.push_back(entry_of(remote::joined(folder, name), status));
        }
    }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return out;
}

Result<FileDescriptor> LocalFiles::open_regular(const std::string& path) const {
    // Without O_NONBLOCK a named pipe would hold us up.
    auto file = open(path, O_RDONLY | O_NONBLOCK);
    if (!file) return file;
    struct stat status {};
    if (::fstat(file->get(), &status) != 0) return tl::unexpected(failure("reading", path, errno));
    if (!S_ISREG(status.st_mode)) return conflict("{} is no regular file", path);
    return file;
}

Result<void> LocalFiles::read(const std::string& path, const remote::Take& take) {
    auto file = open_regular(path);
    if (!file) return tl::unexpected(file.error());
    FileSource source(std::move(*file), path);
    std::string buffer(kPiece, '\0');
    while (const std::size_t n = source.read(buffer)) {
        if (auto taken = take({buffer.data(), n}); !taken) return taken;
    }
    return {};
}

Result<void> LocalFiles::copy(const std::string& from, const std::string& to) {
    auto file = open_regular(from);
    if (!file) return tl::unexpected(file.error());
    FileSource source(std::move(*file), from);
    return write(to, source);
}

Result<void> LocalFiles::write(const std::string& path, net::Source& content) {
    const auto folder = open_parent(path);
    if (!folder) return tl::unexpected(folder.error());
    const std::string name = remote::name_of(path);
    // Relative to a descriptor that only stands for a place, opening works but syncing the folder does not.
    Unnamed file(folder->get(), fmt::format(".{}.{:x}", name.substr(0, 100), random_bits()));
    if (!file.is_open()) return tl::unexpected(failure("writing", path, errno));
    std::string buffer(kPiece, '\0');
    while (const std::size_t n = content.read(buffer)) {
        if (!file.write({buffer.data(), n})) return tl::unexpected(failure("writing", path, errno));
    }
    if (!file.name_as(name)) return tl::unexpected(failure("writing", path, errno));
    return {};
}

Result<void> LocalFiles::make_folder(const std::string& path) {
    const auto folder = open_parent(path);
    if (!folder) return tl::unexpected(folder.error());
    if (::mkdirat(folder->get(), remote::name_of(path).c_str(), kFolderMode) == 0 || errno == EEXIST) return {};
    return tl::unexpected(failure("making", path, errno));
}

Result<void> LocalFiles::remove(const remote::Entry& entry) {
    const auto folder = open_parent(entry.path);
    if (!folder) return tl::unexpected(folder.error());
    const int flags = entry.is_folder && !entry.is_link ? AT_REMOVEDIR : 0;
    if (::unlinkat(folder->get(), entry.name().c_str(), flags) == 0) return {};
    return tl::unexpected(failure("removing", entry.path, errno));
}

Result<void> LocalFiles::rename(const std::string& from, const std::string& to) {
    const auto source = open_parent(from);
    if (!source) return tl::unexpected(source.error());
    const auto target = open_parent(to);
    if (!target) return tl::unexpected(target.error());
    if (::renameat(source->get(), remote::name_of(from).c_str(), target->get(), remote::name_of(to).c_str()) == 0)
        return {};
    if (errno == EXDEV) {
        return conflict("moving {} to {}: they are on different disks; copy it, and delete the original", from, to);
    }
    return tl::unexpected(failure("moving", from, errno));
}

}  // namespace sluice::tasks
