#pragma once
/// Files on other machines, and commands there.
///
/// Promises
///  - A call ends soon after its stop token is told: the connection is closed under it.
///  - Files are streamed in constant memory.
///  - The other side is who it says: SSH host keys and TLS certificates are checked unless the caller waives it.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "net/message.h"

namespace sluice::remote {

struct Entry {
    std::string path{};
    bool is_folder = false;
    bool is_link = false;
    std::uint64_t size_bytes = 0;
    std::optional<Timestamp> modified{};
    std::optional<std::int64_t> owner{};
    std::optional<std::int64_t> group{};
    std::optional<std::int64_t> permissions{};

    std::string name() const;
};

using Take = std::function<Result<void>(std::string_view bytes)>;

/// A connection to a place with files. Paths that do not begin with '/' start where the login leads.
/// Errors  all: NotFound; Forbidden; Conflict; Unavailable: the connection; Cancelled
/// Threads one
class Files {
  public:
    virtual ~Files() = default;
    virtual Result<Entry> info(const std::string& path) = 0;
    /// What stands directly in a folder, by name.
    virtual Result<std::vector<Entry>> list(const std::string& folder) = 0;
    virtual Result<void> read(const std::string& path, const Take& take) = 0;
    /// Makes or replaces a file.
    virtual Result<void> write(const std::string& path, net::Source& content) = 0;
    /// One folder; it is no error when there is one already.
    virtual Result<void> make_folder(const std::string& path) = 0;
    /// A file, or an empty folder.
    virtual Result<void> remove(const Entry& entry) = 0;
    /// Errors  Conflict: there is something of that name, where the server minds
    virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    /// Whether rename() takes the place of a file at once, and never minds.
    virtual bool rename_replaces() const { return false; }
};

// On top of them
std::string parent_of(const std::string& path);
std::string name_of(const std::string& path);
/// folder + '/' + name
std::string joined(const std::string& folder, std::string_view name);
/// The folder and those above it.
Result<void> make_folders(Files& files, const std::string& folder);
/// Renames, into folders that are made as needed. An existing file is replaced, or a Conflict.
Result<void> move(Files& files, const std::string& from, const std::string& to, bool overwrite);

struct ListRules {
    bool recursive = false;
    std::function<bool(const Entry&)> wanted{};  // of files; empty: all
    std::size_t most = SIZE_MAX;
};
/// Files below a folder, by path. Links to folders are not followed.
Result<std::vector<Entry>> list_files(Files& files, const std::string& folder, const ListRules& rules);

}  // namespace sluice::remote
