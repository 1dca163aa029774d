#include "storage/local_storage.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>

#include "base/id.h"
#include "storage/folder_walk.h"

namespace sluice::storage {
namespace {

constexpr mode_t kFileMode = 0640;
constexpr std::string_view kIncoming = ".incoming";

Timestamp system_time() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

Missing made(bool durable) {
    return durable ? Missing::CreateDurably : Missing::Create;
}

class FileReader : public Reader {
  public:
    FileReader(FileDescriptor file, Uri uri, Range range, std::uint64_t size)
        : file_(std::move(file)), uri_(std::move(uri)), at_(range.first), left_(size), size_(size) {}

    std::size_t read(std::span<char> buffer) override {
        std::size_t done = 0;
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
        while (done < wanted) {
            const ssize_t n = ::pread(file_.get(), buffer.data() + done, wanted - done, static_cast<off_t>(at_));
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) throw_storage_error("reading", uri_, errno);
            if (n == 0) break;  // it has become shorter meanwhile
            done += static_cast<std::size_t>(n);
            at_ += static_cast<std::uint64_t>(n);
        }
        left_ = done < wanted ? 0 : left_ - done;
        return done;
    }
    std::uint64_t size_bytes() const override { return size_; }

  private:
    FileDescriptor file_;
    Uri uri_;
    std::uint64_t at_;
    std::uint64_t left_;
    std::uint64_t size_;
};

/// A file below ".incoming" until it gets its name.
class IncomingFile {
  public:
    IncomingFile(int incoming, const Uri& uri)
        : incoming_(incoming),
          uri_(uri),
          name_(time_ordered_id(system_time())),
          file_(::openat(incoming, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode)) {
        if (!file_) throw_storage_error("creating", uri_, errno);
    }
    ~IncomingFile() {
        if (file_) ::unlinkat(incoming_, name_.c_str(), 0);
    }
    IncomingFile(const IncomingFile&) = delete;
    IncomingFile& operator=(const IncomingFile&) = delete;

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t n = ::write(file_.get(), bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) throw_storage_error("writing", uri_, errno);
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    void sync() {
        if (::fsync(file_.get()) != 0) throw_storage_error("syncing", uri_, errno);
    }
    /// 0, or the error
    int rename_to(int folder, const std::string& name) {
        if (::renameat(incoming_, name_.c_str(), folder, name.c_str()) != 0) return errno;
        file_.reset();
        return 0;
    }

  private:
    int incoming_;
    const Uri& uri_;
    std::string name_;
    FileDescriptor file_;
};

class FileWriter : public Writer {
  public:
    FileWriter(int root, int incoming, Uri uri, Metadata metadata, bool durable)
        : root_(root),
          incoming_(incoming),
          uri_(std::move(uri)),
          metadata_(std::move(metadata)),
          durable_(durable),
          file_(incoming, uri_) {}

    void write(std::string_view bytes) override { file_.write(bytes); }

    Result<void> commit() override {
        if (durable_) file_.sync();
        // A folder that is removed at this moment is made again, once.
        for (int tries = 0;; ++tries) {
            const auto folder = open_parent(root_, uri_, made(durable_));
            if (!folder) return tl::unexpected(folder.error());
            write_metadata(folder->get());
            const int error = file_.rename_to(folder->get(), uri_.name());
            if (error == EISDIR || error == ENOTEMPTY || error == EEXIST) {
                return conflict("there is a folder {}: a file can't replace it", uri_);
            }
            if (error == ENOENT && tries == 0) continue;
            if (error != 0) throw_storage_error("naming", uri_, error);
            if (durable_) sync_folder(folder->get(), uri_);
            return {};
        }
    }

  private:
    void write_metadata(int folder) {
        const std::string name = metadata_name(uri_.name());
        if (metadata_.empty()) {
            if (::unlinkat(folder, name.c_str(), 0) != 0 && errno != ENOENT && errno != ENAMETOOLONG) {
                throw_storage_error("removing old metadata of", uri_, errno);
            }
            return;
        }
        IncomingFile file(incoming_, uri_);
        file.write(encode_metadata(metadata_));
        if (durable_) file.sync();
        if (const int error = file.rename_to(folder, name); error != 0 && error != ENOENT) {
            throw_storage_error("writing metadata of", uri_, error);
        }
    }

    int root_;
    int incoming_;
    Uri uri_;
    Metadata metadata_;
    bool durable_;
    IncomingFile file_;
};

FileDescriptor open_base(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    FileDescriptor out(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!out) {
        throw StorageError(fmt::format("the folder of the internal storage, {}, can't be {}: {}", folder.string(),
                                       error ? "made" : "opened", error ? error.message() : std::strerror(errno)));
    }
    return out;
}

/// Removes a folder's contents and the folder. What appears meanwhile makes it stay.
void remove_tree(int parent, const std::string& name, const Uri& uri, std::uint64_t& files,
                 const std::function<void(const Uri&)>& removed) {
    const auto status = status_of(parent, name, uri);
    if (!status || !S_ISDIR(status->st_mode)) {
        if (::unlinkat(parent, name.c_str(), 0) != 0) {
            if (errno == ENOENT) return;
            throw_storage_error("removing", uri, errno);
        }
        ::unlinkat(parent, metadata_name(name).c_str(), 0);
        ++files;
        if (removed) removed(uri);
        return;
    }
    const FileDescriptor folder(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder) return;
    for (const std::string& entry : names_in(folder.get(), uri)) {
        remove_tree(folder.get(), entry, uri / entry, files, removed);
    }
    if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT && errno != ENOTEMPTY) {
        throw_storage_error("removing", uri, errno);
    }
}

Result<void> check_move(const Uri& from, const Uri& to) {
    if (to != from && to.is_within(from)) return conflict("{} can't be moved into itself, to {}", from, to);
    return {};
}

}  // namespace

LocalStorage::LocalStorage(LocalConfig config)
    : durable_(config.durable),
      root_(open_base(config.folder / config.tenant)),
      incoming_(open_base(config.folder / kIncoming)) {}

Result<std::unique_ptr<Reader>> LocalStorage::open(const Uri& uri, Range range) const {
    const auto folder = open_parent(root_.get(), uri, Missing::Refuse);
    if (!folder) return no_file(uri);
    // Without O_NONBLOCK, a named pipe that somebody put there would hold us up.
    FileDescriptor file(::openat(folder->get(), uri.name().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (!file && errno != ENOENT && errno != ELOOP && errno != ENAMETOOLONG && errno != ENXIO) {
        throw_storage_error("opening", uri, errno);
    }
    if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return no_file(uri);
    }
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (range.first > size) return invalid("{} has only {} bytes; {} was asked for", uri, size, range.first);
    const std::uint64_t length = std::min(range.length.value_or(size), size - range.first);
    return std::make_unique<FileReader>(std::move(file), uri, range, length);
}

Result<std::unique_ptr<Writer>> LocalStorage::create(const Uri& uri, const Metadata& metadata) {
    // Refuse a name before the bytes come, not after.
    const auto folder = open_parent(root_.get(), uri, made(durable_));
    if (!folder) return tl::unexpected(folder.error());
    constexpr std::size_t kLongestName = 255;
    const std::size_t length = uri.name().size() + (metadata.empty() ? 0 : kMetadataPrefix.size());
    if (length > kLongestName) return invalid("the name of {} is {} bytes too long", uri, length - kLongestName);
    const auto there = status_of(folder->get(), uri.name(), uri);
    if (there && S_ISDIR(there->st_mode)) return conflict("there is a folder {}: a file can't replace it", uri);
    return std::make_unique<FileWriter>(root_.get(), incoming_.get(), uri, metadata, durable_);
}

Result<FileInfo> LocalStorage::info(const Uri& uri) const {
    const auto folder = open_folder(root_.get(), uri.parent(), Missing::Refuse);
    if (!folder) return no_file(uri);
    const auto status = status_of(folder->get(), uri.name(), uri);
    if (!status) return tl::unexpected(status.error());
    return info_of(folder->get(), uri.name(), uri, *status);
}

Result<Metadata> LocalStorage::metadata(const Uri& uri) const {
    if (const auto there = info(uri); !there) return tl::unexpected(there.error());
    const auto folder = open_folder(root_.get(), uri.parent(), Missing::Refuse);
    if (!folder) return tl::unexpected(folder.error());
    const std::string name = metadata_name(uri.name());
    FileDescriptor file(::openat(folder->get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0) return Metadata{};
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    FileReader reader(std::move(file), uri, {}, text.size());
    text.resize(reader.read(text));
    return decode_metadata(text);
}

Result<std::vector<FileInfo>> LocalStorage::list(const Uri& folder) const {
    const auto opened = open_folder(root_.get(), folder, Missing::Refuse);
    if (!opened) return not_found("there is no folder {}", folder);
    std::vector<FileInfo> out;
    for (const std::string& name : names_in(opened->get(), folder)) {
        const Uri uri = folder / name;
        const auto status = status_of(opened->get(), name, uri);
        if (status) out.push_back(info_of(opened->get(), name, uri, *status));  // else it is gone, or a link
    }
    return out;
}

Result<void> LocalStorage::create_folder(const Uri& uri) {
    const auto folder = open_folder(root_.get(), uri, made(durable_));
    if (!folder) return tl::unexpected(folder.error());
    if (durable_) sync_folder(folder->get(), uri);
    return {};
}

Result<void> LocalStorage::move(const Uri& from, const Uri& to) {
    if (const auto checked = check_move(from, to); !checked) return checked;
    if (const auto there = info(from); !there) return tl::unexpected(there.error());
    const auto source = open_parent(root_.get(), from, Missing::Refuse);
    if (!source) return tl::unexpected(source.error());
    const auto target = open_parent(root_.get(), to, made(durable_));
    if (!target) return tl::unexpected(target.error());
    const auto occupied = status_of(target->get(), to.name(), to);
    if (occupied && S_ISDIR(occupied->st_mode) && from != to) return conflict("there is a folder {} already", to);
    if (::renameat(source->get(), from.name().c_str(), target->get(), to.name().c_str()) != 0) {
        if (errno == ENOENT) return not_found("there is no file {}", from);
        if (errno == ENOTDIR) return conflict("there is a file {}: a folder can't replace it", to);
        throw_storage_error("moving", from, errno);
    }
    const std::string metadata = metadata_name(to.name());
    if (::renameat(source->get(), metadata_name(from.name()).c_str(), target->get(), metadata.c_str()) != 0 &&
        from != to) {
        ::unlinkat(target->get(), metadata.c_str(), 0);  // of the file that was replaced
    }
    if (durable_) sync_folder(target->get(), to);
    return {};
}

Result<bool> LocalStorage::remove(const Uri& uri) {
    const auto folder = open_parent(root_.get(), uri, Missing::Refuse);
    if (!folder)
        return folder.error().code == ErrorCode::Invalid ? Result<bool>(tl::unexpected(folder.error())) : false;
    const auto status = status_of(folder->get(), uri.name(), uri);
    if (!status) return false;
    const bool is_folder = S_ISDIR(status->st_mode);
    if (::unlinkat(folder->get(), uri.name().c_str(), is_folder ? AT_REMOVEDIR : 0) != 0) {
        if (errno == ENOENT) return false;
        if (errno == ENOTEMPTY || errno == EEXIST) return conflict("the folder {} is not empty", uri);
        throw_storage_error("removing", uri, errno);
    }
    ::unlinkat(folder->get(), metadata_name(uri.name()).c_str(), 0);
    return true;
}

std::uint64_t LocalStorage::remove_all(const Uri& uri, const std::function<void(const Uri&)>& removed) {
    std::uint64_t files = 0;
    if (uri.is_root()) {
        for (const std::string& name : names_in(root_.get(), uri)) {
            remove_tree(root_.get(), name, uri / name, files, removed);
        }
        return files;
    }
    const auto folder = open_folder(root_.get(), uri.parent(), Missing::Refuse);
    if (folder) remove_tree(folder->get(), uri.name(), uri, files, removed);
    return files;
}

std::uint64_t LocalStorage::sweep_abandoned(Duration age) {
    std::uint64_t count = 0;
    const Timestamp oldest = system_time() - age;  // of the same clock as the file's own time
    for (const std::string& name : names_in(incoming_.get(), Uri())) {
        const Uri uri = Uri() / name;
        const auto status = status_of(incoming_.get(), name, uri);
        if (!status || info_of(incoming_.get(), name, uri, *status).modified > oldest) continue;
        if (::unlinkat(incoming_.get(), name.c_str(), 0) == 0) ++count;
    }
    return count;
}

}  // namespace sluice::storage
