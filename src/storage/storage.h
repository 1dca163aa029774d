#pragma once
/// The files of executions, namespaces and inputs.
///
/// Promises
///  - A file is there as a whole or not at all: what is written shows when it is committed, and replaces at once.
///  - A committed file survives a power failure (unless configured otherwise).
///  - Nothing outside the storage can be reached, whatever a name or a symbolic link says.
///  - Streams need constant memory, whatever the size of the file.
/// A process that dies while writing leaves a file that nobody sees; sweep_abandoned() removes it after a day.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "storage/uri.h"

namespace sluice::storage {

/// The disk is full, away, or does not let us: nobody on the way can act on it.
class StorageError : public OutsideError {
  public:
    using OutsideError::OutsideError;
};

using Metadata = std::map<std::string, std::string, std::less<>>;

/// Part of a file, in bytes.
struct Range {
    std::uint64_t first = 0;
    std::optional<std::uint64_t> length{};  // empty: to the end
};

struct FileInfo {
    Uri uri{};
    bool is_folder = false;
    std::uint64_t size_bytes = 0;  // 0 for folders
    Timestamp created{};
    Timestamp modified{};
};

/// A file being read, by one thread.
class Reader {
  public:
    virtual ~Reader() = default;
    /// Fills the buffer as far as possible; less than its size means the end.
    /// Errors  StorageError
    virtual std::size_t read(std::span<char> buffer) = 0;
    /// Of the range that was asked for
    virtual std::uint64_t size_bytes() const = 0;
};

/// A file being written, by one thread. Destroyed without commit(), it leaves nothing.
class Writer {
  public:
    virtual ~Writer() = default;
    /// Errors  StorageError
    virtual void write(std::string_view bytes) = 0;
    /// Makes the file visible, replacing one of the same name. The last call.
    /// Errors  Conflict: a folder has that name, or a file the name of a folder above; StorageError
    virtual Result<void> commit() = 0;
};

/// Threads  any
class Storage {
  public:
    virtual ~Storage() = default;

    /// Errors  NotFound: no such file, or a folder; Invalid: a range that starts behind the end
    virtual Result<std::unique_ptr<Reader>> open(const Uri& uri, Range range = {}) const = 0;
    /// Folders above are made as needed.
    /// Errors  Invalid: the root, or a name that is too long or reserved; Conflict: as Writer::commit
    virtual Result<std::unique_ptr<Writer>> create(const Uri& uri, const Metadata& metadata = {}) = 0;
    /// Errors  NotFound
    virtual Result<FileInfo> info(const Uri& uri) const = 0;
    /// What was given to create(); empty when nothing was. Errors  NotFound
    virtual Result<Metadata> metadata(const Uri& uri) const = 0;
    /// What stands directly in a folder, by name. Errors  NotFound: no such folder
    virtual Result<std::vector<FileInfo>> list(const Uri& folder) const = 0;
    /// Errors  Conflict: a file has that name, or the name of a folder above
    virtual Result<void> create_folder(const Uri& uri) = 0;
    /// A file or a folder with all that is in it, replacing a file of that name.
    /// Errors  NotFound; Conflict: there is a folder of that name, or `to` is within `from`
    virtual Result<void> move(const Uri& from, const Uri& to) = 0;
    /// A file, or an empty folder. false: it was not there
    /// Errors  Conflict: a folder that is not empty
    virtual Result<bool> remove(const Uri& uri) = 0;
    /// The file or folder and all below it. Calls `removed` for each file, and returns how many files there were.
    virtual std::uint64_t remove_all(const Uri& uri, const std::function<void(const Uri&)>& removed = {}) = 0;
    /// Removes what was written and never committed, and not touched for that long. Returns how many.
    virtual std::uint64_t sweep_abandoned(Duration age) = 0;

    bool exists(const Uri& uri) const { return info(uri).has_value(); }
    /// Calls `visit` for every file below a folder that may be missing, in the order of names.
    void walk(const Uri& folder, const std::function<void(const FileInfo&)>& visit) const;
    /// Errors  as create
    Result<void> put(const Uri& uri, std::string_view bytes, const Metadata& metadata = {});
    /// The whole file as text. Errors  NotFound; TooLarge: more than `limit_bytes`
    Result<std::string> get(const Uri& uri, std::uint64_t limit_bytes) const;
    /// One file with its metadata. Errors  NotFound, Conflict, Invalid
    Result<void> copy(const Uri& from, const Uri& to);
};

/// "there is no file …", and where it is one of an execution's, what may have become of it.
tl::unexpected<Error> no_file(const Uri& uri);

}  // namespace sluice::storage
