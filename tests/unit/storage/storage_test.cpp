#include "storage/storage.h"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>

#include "storage/folder_walk.h"
#include "storage/local_storage.h"
#include "storage/memory_storage.h"
#include "support/storage_checks.h"
#include "support/test.h"

namespace sluice::storage {
namespace {

namespace fs = std::filesystem;

/// A folder of its own that goes away with the test.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string pattern = fs::temp_directory_path() / "sluice-storage-XXXXXX";
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~TemporaryFolder() { fs::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const fs::path& path() const { return path_; }

  private:
    fs::path path_{};
};

Uri uri(const std::string& path) {
    return test::ok(Uri::of_path(path));
}
void put(Storage& storage, const std::string& path, std::string_view bytes = "x") {
    test::ok(storage.put(uri(path), bytes));
}

std::vector<std::string> names(const Storage& storage, const std::string& folder) {
    std::vector<std::string> out;
    for (const FileInfo& entry : test::ok(storage.list(uri(folder)))) {
        out.push_back(entry.uri.name() + (entry.is_folder ? "/" : ""));
    }
    return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("every promise of storage holds in memory") {
    for (const test::StorageCheck& check : test::storage_checks()) {
        CAPTURE(check.name);
        MemoryStorage storage;
        check.run(storage);
    }
}

TEST_CASE("every promise of storage holds in a folder") {
    for (const test::StorageCheck& check : test::storage_checks()) {
        CAPTURE(check.name);
        const TemporaryFolder folder;
        LocalStorage storage({.folder = folder.path(), .durable = false});
        check.run(storage);
    }
}

TEST_CASE("a folder holds the tenant's files, and nothing leads out of it") {
    const TemporaryFolder folder;
    LocalStorage storage({.folder = folder.path() / "storage"});
    put(storage, "/a/f", "inside");
    CHECK(fs::exists(folder.path() / "storage/main/a/f"));

    std::ofstream(folder.path() / "secret") << "outside";
    fs::create_directory(folder.path() / "elsewhere");
    fs::create_symlink(folder.path() / "secret", folder.path() / "storage/main/a/link");
    fs::create_directory_symlink(folder.path() / "elsewhere", folder.path() / "storage/main/way");
    CHECK(test::failure(storage.open(uri("/a/link"))).code == ErrorCode::NotFound);
    CHECK_FALSE(storage.exists(uri("/a/link")));
    CHECK(test::failure(storage.put(uri("/way/f"), "x")).code == ErrorCode::Conflict);
    CHECK(names(storage, "/a") == Names{"f"});
    put(storage, "/a/link", "replaces the link");
    CHECK(fs::file_size(folder.path() / "secret") == 7);

    fs::create_directory_symlink(folder.path() / "elsewhere", folder.path() / "storage/main/a/way");
    std::ofstream(folder.path() / "elsewhere/kept") << "x";
    storage.remove_all(Uri());
    CHECK(fs::exists(folder.path() / "elsewhere/kept"));
    CHECK(names(storage, "/").empty());
}

TEST_CASE("a named pipe in the storage holds nobody up") {
    const TemporaryFolder folder;
    LocalStorage storage({.folder = folder.path()});
    REQUIRE(::mkfifo((folder.path() / "main/pipe").c_str(), 0600) == 0);
    CHECK(test::failure(storage.open(uri("/pipe"))).code == ErrorCode::NotFound);
}

TEST_CASE("what was abandoned while being written is swept when it is old") {
    const TemporaryFolder folder;
    LocalStorage storage({.folder = folder.path()});
    std::ofstream(folder.path() / ".incoming/abandoned") << "x";
    CHECK(storage.sweep_abandoned(1h) == 0);
    fs::last_write_time(folder.path() / ".incoming/abandoned", fs::file_time_type::clock::now() - 2h);
    CHECK(storage.sweep_abandoned(1h) == 1);
    CHECK(fs::is_empty(folder.path() / ".incoming"));
}

TEST_CASE("names that are too long are refused before the bytes come") {
    const TemporaryFolder folder;
    LocalStorage storage({.folder = folder.path()});
    CHECK(test::failure(storage.create(uri("/" + std::string(256, 'x')))).code == ErrorCode::Invalid);
    CHECK(test::failure(storage.create(uri("/" + std::string(256, 'x') + "/y"))).code == ErrorCode::Invalid);
    CHECK_FALSE(storage.exists(uri("/" + std::string(256, 'x'))));
    put(storage, "/" + std::string(255, 'x'));
}

TEST_CASE("a write that fails is an error from outside, and leaves nothing") {
    const TemporaryFolder folder;
    LocalStorage storage({.folder = folder.path()});
    auto writer = test::ok(storage.create(uri("/f")));
    // As a full disk, for this process only.
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{1000, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    CHECK_THROWS_AS(writer->write(std::string(2000, 'x')), StorageError);
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, old_handler);
    writer.reset();
    CHECK(fs::is_empty(folder.path() / ".incoming"));
    CHECK_FALSE(storage.exists(uri("/f")));
}

TEST_CASE("a full disk is told as such") {
    CHECK_THROWS_WITH_AS(throw_storage_error("writing", uri("/f"), ENOSPC),
                         "the internal storage is full (No space left on device) while writing kestra:///f: free space "
                         "or move the storage to a larger disk",
                         StorageError);
}

TEST_CASE("a folder that can't be made is told with its name") {
    CHECK_THROWS_WITH_AS(
        LocalStorage({.folder = "/proc/nowhere"}),
        "the folder of the internal storage, /proc/nowhere/main, can't be made: No such file or directory",
        StorageError);
}

}  // namespace sluice::storage
