#include "tasks/docker/folder_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fstream>

#include "tasks/compress/stored_archive.h"

namespace sluice::tasks {
namespace folder_archive {

namespace fs = std::filesystem;

struct FreeIt {
    void operator()(archive* one) const { archive_free(one); }
    void operator()(archive_entry* one) const { archive_entry_free(one); }
};
using ArchivePtr = std::unique_ptr<archive, FreeIt>;
using EntryPtr = std::unique_ptr<archive_entry, FreeIt>;

constexpr std::size_t kPiece = 256 * 1024;
constexpr mode_t kAllRead = 0666;
constexpr mode_t kAllRun = 0777;

void check(la_ssize_t code, archive* one, const fs::path& file) {
    if (code >= ARCHIVE_WARN) return;
    const char* reason = archive_error_string(one);
    throw OutsideError(fmt::format("the archive {}: {}", file.string(), reason != nullptr ? reason : "broken"));
}

class Writer {
  public:
    explicit Writer(const fs::path& file) : file_(file), out_(archive_write_new()) {
        archive_write_set_format_pax_restricted(out_.get());
        check(archive_write_open_filename(out_.get(), file.c_str()), out_.get(), file);
    }

    /// `open`: everybody may write
    void add(const fs::path& path, const std::string& name, bool open) {
        const fs::file_status status = fs::symlink_status(path);
        const EntryPtr entry(archive_entry_new());
        archive_entry_set_pathname(entry.get(), name.c_str());
        const auto own = static_cast<mode_t>(status.permissions()) & 0777;
        if (fs::is_symlink(status)) {
            archive_entry_set_filetype(entry.get(), AE_IFLNK);
            archive_entry_set_symlink(entry.get(), fs::read_symlink(path).c_str());
            archive_entry_set_perm(entry.get(), kAllRun);
            return write(entry.get(), {});
        }
        if (fs::is_directory(status)) {
            archive_entry_set_filetype(entry.get(), AE_IFDIR);
            archive_entry_set_perm(entry.get(), open ? kAllRun : own);
            return write(entry.get(), {});
        }
        if (!fs::is_regular_file(status)) return;  // sockets and pipes mean nothing elsewhere
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        const bool runs = (own & 0111) != 0;
        archive_entry_set_perm(entry.get(), !open ? own : runs ? kAllRun : kAllRead);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(fs::file_size(path)));
        write(entry.get(), path);
    }

    void close() { check(archive_write_close(out_.get()), out_.get(), file_); }

  private:
    void write(archive_entry* entry, const fs::path& content) {
        check(archive_write_header(out_.get(), entry), out_.get(), file_);
        if (content.empty()) return;
        std::ifstream in(content, std::ios::binary);
        std::string piece(kPiece, '\0');
        while (in) {
            in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
            if (in.gcount() == 0) break;
            check(archive_write_data(out_.get(), piece.data(), static_cast<std::size_t>(in.gcount())), out_.get(),
                  file_);
        }
    }

    const fs::path& file_;
    ArchivePtr out_;
};

/// Where an entry goes; empty: it is the folder itself, or would leave it.
fs::path target_of(const fs::path& name, const fs::path& folder) {
    fs::path relative;
    const fs::path clean = name.lexically_normal();
    auto part = clean.begin();
    if (part == clean.end() || part->is_absolute() || *part == "..") return {};
    for (++part; part != clean.end(); ++part) {
        if (*part == "..") return {};
        relative /= *part;
    }
    if (relative.empty() || relative == ".") return {};
    return folder / relative;
}

/// A link may lead to anything within the folder.
bool stays_inside(const fs::path& link, const std::string& to, const fs::path& folder) {
    const fs::path target(to);
    const fs::path whole = (target.is_absolute() ? target : link.parent_path() / target).lexically_normal();
    const fs::path relative = whole.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

class Reader {
  public:
    Reader(const fs::path& file, const fs::path& folder)
        : file_(file), folder_(folder), in_(archive_read_new()), disk_(archive_write_disk_new()) {
        archive_read_support_format_tar(in_.get());
        archive_write_disk_set_options(disk_.get(), ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME |
                                                        ARCHIVE_EXTRACT_UNLINK | ARCHIVE_EXTRACT_SECURE_NODOTDOT);
    }

    Result<void> read() {
        if (archive_read_open_filename(in_.get(), file_.c_str(), kPiece) != ARCHIVE_OK) return broken();
        archive_entry* entry = nullptr;
        for (int code = archive_read_next_header(in_.get(), &entry); code != ARCHIVE_EOF;
             code = archive_read_next_header(in_.get(), &entry)) {
            if (code < ARCHIVE_WARN) return broken();
            if (prepare(entry)) extract(entry);
        }
        check(archive_write_close(disk_.get()), disk_.get(), file_);
        return {};
    }

  private:
    tl::unexpected<Error> broken() const {
        const char* reason = archive_error_string(in_.get());
        return invalid("what the container engine sent is no archive: {}", reason != nullptr ? reason : "unknown");
    }

    /// Gives the entry its place here. false: it has none
    bool prepare(archive_entry* entry) const {
        const char* name = archive_entry_pathname(entry);
        const fs::path target = target_of(name != nullptr ? name : "", folder_);
        const auto kind = archive_entry_filetype(entry);
        if (target.empty() || leaves_by_link(target)) return false;
        archive_entry_set_pathname(entry, target.c_str());
        archive_entry_set_perm(entry, (archive_entry_perm(entry) & 0777) | 0600);
        if (kind == AE_IFDIR) archive_entry_set_perm(entry, archive_entry_perm(entry) | 0700);
        if (const char* hard = archive_entry_hardlink(entry)) {
            const fs::path to = target_of(hard, folder_);
            if (to.empty() || leaves_by_link(to) || !fs::is_regular_file(fs::symlink_status(to))) return false;
            archive_entry_set_hardlink(entry, to.c_str());
            return true;
        }
        if (kind == AE_IFLNK) {
            const char* to = archive_entry_symlink(entry);
            return to != nullptr && stays_inside(target, to, folder_);
        }
        return kind == AE_IFREG || kind == AE_IFDIR;
    }

    /// A folder above it that is a link could lead anywhere.
    bool leaves_by_link(const fs::path& target) const {
        std::error_code none;
        const fs::path real = fs::weakly_canonical(target.parent_path(), none);
        const fs::path relative = real.lexically_relative(fs::canonical(folder_));
        return none || relative.empty() || *relative.begin() == "..";
    }

    void extract(archive_entry* entry) {
        check(archive_write_header(disk_.get(), entry), disk_.get(), file_);
        if (archive_entry_size(entry) > 0) {
            const void* piece = nullptr;
            std::size_t size = 0;
            la_int64_t offset = 0;
            while (true) {
                const int code = archive_read_data_block(in_.get(), &piece, &size, &offset);
                if (code == ARCHIVE_EOF) break;
                check(code, in_.get(), file_);
                check(archive_write_data_block(disk_.get(), piece, size, offset), disk_.get(), file_);
            }
        }
        check(archive_write_finish_entry(disk_.get()), disk_.get(), file_);
    }

    const fs::path& file_;
    const fs::path& folder_;
    ArchivePtr in_;
    ArchivePtr disk_;
};

}  // namespace folder_archive

void pack_folders(const std::vector<std::filesystem::path>& folders, const std::filesystem::path& tar) {
    const Utf8Names names;
    folder_archive::Writer out(tar);
    for (const auto& folder : folders) {
        out.add(folder, folder.string().substr(1) + "/", true);
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.path() != tar) out.add(entry.path(), entry.path().string().substr(1), true);
        }
    }
    out.close();
}

void pack_build_context(const std::filesystem::path& folder, const std::filesystem::path& tar) {
    const Utf8Names names;
    folder_archive::Writer out(tar);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        out.add(entry.path(), entry.path().lexically_relative(folder).string(), false);
    }
    out.close();
}

Result<void> unpack_folder(const std::filesystem::path& tar, const std::filesystem::path& folder) {
    const Utf8Names names;
    return folder_archive::Reader(tar, folder).read();
}

}  // namespace sluice::tasks
