#include "storage/folder_walk.h"

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>

namespace sluice::storage {
namespace {

constexpr mode_t kFolderMode = 0750;

bool is_user_file(const char* name) {
    const std::string_view text = name;
    return text != "." && text != ".." && !text.starts_with(kMetadataPrefix);
}

Timestamp time_of(std::int64_t seconds, std::int64_t nanoseconds) {
    return Timestamp{std::chrono::seconds{seconds} + Duration{nanoseconds / 1000}};
}

std::vector<std::string> segments_of(const Uri& uri) {
    std::vector<std::string> out;
    const std::string& path = uri.path();
    for (std::size_t at = 1; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        out.push_back(path.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

/// One step down. -1: see errno
int step(int folder, const std::string& name, Missing missing) {
    constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    const int found = ::openat(folder, name.c_str(), kFlags);
    if (found >= 0 || errno != ENOENT || missing == Missing::Refuse) return found;
    if (::mkdirat(folder, name.c_str(), kFolderMode) != 0 && errno != EEXIST) return -1;
    if (missing == Missing::CreateDurably && ::fsync(folder) != 0) return -1;
    return ::openat(folder, name.c_str(), kFlags);
}

}  // namespace

void throw_storage_error(std::string_view doing, const Uri& uri, int error) {
    const std::string reason = std::strerror(error);
    if (error == ENOSPC || error == EDQUOT) {
        throw StorageError(
            fmt::format("the internal storage is full ({}) while {} {}: free space or move the storage "
                        "to a larger disk",
                        reason, doing, uri));
    }
    if (error == EACCES || error == EPERM || error == EROFS) {
        throw StorageError(
            fmt::format("the internal storage does not allow {} {} ({}): its folder must belong to the "
                        "user that runs this server",
                        doing, uri, reason));
    }
    throw StorageError(fmt::format("the internal storage failed {} {}: {}", doing, uri, reason));
}

Result<FileDescriptor> open_folder(int root, const Uri& folder, Missing missing) {
    FileDescriptor here(::openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!here) throw_storage_error("opening the root for", folder, errno);
    for (const std::string& name : segments_of(folder)) {
        FileDescriptor next(step(here.get(), name, missing));
        if (next) {
            here = std::move(next);
            continue;
        }
        switch (errno) {
            case ENOENT:
                return not_found("there is no folder {}", folder);
            case ENOTDIR:
            case ELOOP:
                return conflict("'{}' in {} is not a folder", name, folder);
            case ENAMETOOLONG:
                return invalid("the name '{}' in {} is too long", name, folder);
            default:
                throw_storage_error("opening", folder, errno);
        }
    }
    return here;
}

Result<FileDescriptor> open_parent(int root, const Uri& uri, Missing missing) {
    if (uri.is_root()) return invalid("the root of the internal storage is not a file");
    if (std::string_view(uri.name()).starts_with(kMetadataPrefix)) {
        return invalid("names that start with {} are reserved: {}", kMetadataPrefix, uri);
    }
    return open_folder(root, uri.parent(), missing);
}

Result<struct stat> status_of(int folder, const std::string& name, const Uri& uri) {
    struct stat status {};
    if (::fstatat(folder, name.empty() ? "." : name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT || errno == ENAMETOOLONG) return no_file(uri);
        throw_storage_error("looking at", uri, errno);
    }
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
        return not_found("{} is neither a file nor a folder", uri);
    }
    return status;
}

FileInfo info_of(int folder, const std::string& name, const Uri& uri, const struct stat& status) {
    FileInfo out{.uri = uri,
                 .is_folder = S_ISDIR(status.st_mode),
                 .size_bytes = S_ISDIR(status.st_mode) ? 0 : static_cast<std::uint64_t>(status.st_size),
                 .modified = time_of(status.st_mtim.tv_sec, status.st_mtim.tv_nsec)};
    struct statx more {};
    const bool known =
        ::statx(folder, name.empty() ? "." : name.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BTIME, &more) == 0 &&
        (more.stx_mask & STATX_BTIME) != 0;
    out.created = known ? time_of(more.stx_btime.tv_sec, more.stx_btime.tv_nsec) : out.modified;
    return out;
}

void sync_folder(int folder, const Uri& uri) {
    if (::fsync(folder) != 0) throw_storage_error("syncing the folder of", uri, errno);
}

std::vector<std::string> names_in(int folder, const Uri& uri) {
    // A descriptor of its own: reading a directory moves the position that all copies share.
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(copy < 0 ? nullptr : ::fdopendir(copy), ::closedir);
    if (!stream) throw_storage_error("listing", uri, errno);
    std::vector<std::string> out;
    while (const dirent* entry = ::readdir(stream.get())) {
        if (is_user_file(entry->d_name)) out.emplace_back(entry->d_name);
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::string metadata_name(std::string_view file_name) {
    return fmt::format("{}{}", kMetadataPrefix, file_name);
}

std::string encode_metadata(const Metadata& metadata) {
    std::string out;
    for (const auto& [key, value] : metadata) {
        // '=' is among the plain characters of a URI, but here it separates.
        std::string name = percent_encoded(key);
        for (std::size_t at = 0; (at = name.find('=', at)) != std::string::npos;) name.replace(at, 1, "%3D");
        out += fmt::format("{}={}\n", name, percent_encoded(value));
    }
    return out;
}

Metadata decode_metadata(std::string_view text) {
    Metadata out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        auto key = percent_decoded(line.substr(0, equals));
        auto value = percent_decoded(line.substr(equals + 1));
        if (key && value) out.emplace(std::move(*key), std::move(*value));
    }
    return out;
}

}  // namespace sluice::storage
