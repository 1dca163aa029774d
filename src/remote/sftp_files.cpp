#include "remote/sftp_files.h"

#include <deque>
#include <fcntl.h>

namespace sluice::remote {
namespace {

using File = std::unique_ptr<sftp_file_struct, int (*)(sftp_file)>;
using Folder = std::unique_ptr<sftp_dir_struct, int (*)(sftp_dir)>;
using Attributes = std::unique_ptr<sftp_attributes_struct, void (*)(sftp_attributes)>;

constexpr std::uint32_t kPiece = 32 * 1024;  // what every server takes and gives at once
constexpr std::size_t kAhead = 16;           // requests under way: a megabyte a round trip
constexpr mode_t kFileMode = 0644;
constexpr mode_t kFolderMode = 0755;

Entry entry_of(const std::string& path, const sftp_attributes_struct& from) {
    Entry out;
    out.path = path;
    out.is_folder = from.type == SSH_FILEXFER_TYPE_DIRECTORY;
    out.is_link = from.type == SSH_FILEXFER_TYPE_SYMLINK;
    out.size_bytes = out.is_folder ? 0 : from.size;
    if ((from.flags & SSH_FILEXFER_ATTR_ACMODTIME) != 0) out.modified = Timestamp{std::chrono::seconds{from.mtime}};
    if ((from.flags & SSH_FILEXFER_ATTR_UIDGID) != 0) {
        out.owner = from.uid;
        out.group = from.gid;
    }
    if ((from.flags & SSH_FILEXFER_ATTR_PERMISSIONS) != 0) out.permissions = from.permissions & 07777;
    return out;
}

}  // namespace

Result<std::unique_ptr<Files>> SftpFiles::open(const SshTarget& target, std::stop_token stop) {
    auto session = SshSession::open(target, std::move(stop));
    if (!session) return tl::unexpected(session.error());
    sftp_session sftp = ::sftp_new((*session)->raw());
    if (sftp == nullptr) return tl::unexpected((*session)->failure("opening SFTP"));
    std::unique_ptr<SftpFiles> out(new SftpFiles(std::move(*session), sftp));
    if (::sftp_init(sftp) != SSH_OK) return tl::unexpected(out->session_->failure("opening SFTP"));
    return out;
}

Error SftpFiles::failure(std::string_view doing, const std::string& path) const {
    const auto because = [&](ErrorCode code, std::string_view reason) {
        return Error{code, fmt::format("{} {} on {}: {}", doing, path, session_->target().address.text(), reason)};
    };
    switch (::sftp_get_error(sftp_.get())) {
        case SSH_FX_NO_SUCH_FILE:
        case SSH_FX_NO_SUCH_PATH:
            return because(ErrorCode::NotFound, "there is no such file or folder");
        case SSH_FX_PERMISSION_DENIED:
        case SSH_FX_WRITE_PROTECT:
            return because(ErrorCode::Forbidden, "the user may not do this");
        case SSH_FX_FILE_ALREADY_EXISTS:
            return because(ErrorCode::Conflict, "there is something of that name already");
        case SSH_FX_FAILURE:
            return because(ErrorCode::Conflict, "the server refuses without a reason");
        default:
            return session_->failure(fmt::format("{} {}", doing, path));
    }
}

Result<Entry> SftpFiles::info(const std::string& path) {
    const Attributes attributes(::sftp_stat(sftp_.get(), path.empty() ? "." : path.c_str()), ::sftp_attributes_free);
    if (!attributes) return tl::unexpected(failure("looking at", path));
    return entry_of(path, *attributes);
}

Result<std::vector<Entry>> SftpFiles::list(const std::string& folder) {
    const Folder opened(::sftp_opendir(sftp_.get(), folder.empty() ? "." : folder.c_str()), ::sftp_closedir);
    if (!opened) return tl::unexpected(failure("listing", folder));
    std::vector<Entry> out;
    while (const Attributes attributes{::sftp_readdir(sftp_.get(), opened.get()), ::sftp_attributes_free}) {
        const std::string name = attributes->name == nullptr ? "" : attributes->name;
        if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos) continue;
        out.push_back(entry_of(joined(folder, name), *attributes));
    }
    if (::sftp_dir_eof(opened.get()) == 0) return tl::unexpected(failure("listing", folder));
    std::sort(out.begin(), out.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
    return out;
}

Result<void> SftpFiles::read(const std::string& path, const Take& take) {
    const File file(::sftp_open(sftp_.get(), path.c_str(), O_RDONLY, 0), ::sftp_close);
    if (!file) return tl::unexpected(failure("reading", path));
    std::deque<int> under_way;
    std::string buffer(kPiece, '\0');
    std::uint64_t done = 0;
    const auto ask = [&] {
        const int id = ::sftp_async_read_begin(file.get(), kPiece);
        if (id >= 0) under_way.push_back(id);
        return id >= 0;
    };
    const auto forget_rest = [&] {  // their answers must be taken, or they stay in memory
        for (const int id : under_way)
            ::sftp_async_read(file.get(), buffer.data(), kPiece, static_cast<std::uint32_t>(id));
    };
    for (std::size_t i = 0; i < kAhead; ++i) {
        if (!ask()) return tl::unexpected(failure("reading", path));
    }
    while (!under_way.empty()) {
        const auto id = static_cast<std::uint32_t>(under_way.front());
        under_way.pop_front();
        const int n = ::sftp_async_read(file.get(), buffer.data(), kPiece, id);
        if (n < 0) return tl::unexpected(failure("reading", path));
        if (n == 0) {
            forget_rest();
            return {};
        }
        done += static_cast<std::uint64_t>(n);
        if (auto taken = take({buffer.data(), static_cast<std::size_t>(n)}); !taken) {
            forget_rest();
            return taken;
        }
        // A short answer leaves a hole before what was asked for already: begin anew after it.
        if (static_cast<std::uint32_t>(n) < kPiece) {
            forget_rest();
            under_way.clear();
            ::sftp_seek64(file.get(), done);
        }
        if (!ask()) return tl::unexpected(failure("reading", path));
    }
    return {};
}

Result<void> SftpFiles::write(const std::string& path, net::Source& content) {
    File file(::sftp_open(sftp_.get(), path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, kFileMode), ::sftp_close);
    if (!file) return tl::unexpected(failure("writing", path));
    std::string buffer(kPiece, '\0');
    while (const std::size_t n = content.read(buffer)) {
        for (std::size_t at = 0; at < n;) {
            const ssize_t written = ::sftp_write(file.get(), buffer.data() + at, n - at);
            if (written <= 0) return tl::unexpected(failure("writing", path));
            at += static_cast<std::size_t>(written);
        }
    }
    if (::sftp_close(file.release()) != SSH_OK) return tl::unexpected(failure("writing", path));
    return {};
}

Result<void> SftpFiles::make_folder(const std::string& path) {
    if (::sftp_mkdir(sftp_.get(), path.c_str(), kFolderMode) == SSH_OK) return {};
    Error error = failure("making", path);
    if (const auto there = info(path); there && there->is_folder) return {};
    return tl::unexpected(std::move(error));
}

Result<void> SftpFiles::remove(const Entry& entry) {
    const int done = entry.is_folder ? ::sftp_rmdir(sftp_.get(), entry.path.c_str())
                                     : ::sftp_unlink(sftp_.get(), entry.path.c_str());
    if (done != SSH_OK) return tl::unexpected(failure("removing", entry.path));
    return {};
}

Result<void> SftpFiles::rename(const std::string& from, const std::string& to) {
    if (::sftp_rename(sftp_.get(), from.c_str(), to.c_str()) != SSH_OK)
        return tl::unexpected(failure("renaming", from));
    return {};
}

}  // namespace sluice::remote
