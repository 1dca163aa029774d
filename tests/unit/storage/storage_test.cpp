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
std::string text(const Storage& storage, const std::string& path) {
    return test::ok(storage.get(uri(path), 1 << 20));
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

std::vector<std::string> all_files(const Storage& storage, const std::string& folder) {
    std::vector<std::string> out;
    storage.walk(uri(folder), [&](const FileInfo& file) { out.push_back(file.uri.path()); });
    return out;
}

using Names = std::vector<std::string>;

/// The same test on each kind of storage.
void on_each(const std::function<void(Storage&)>& check) {
    SUBCASE("in memory") {
        MemoryStorage storage;
        check(storage);
    }
    SUBCASE("in a folder") {
        const TemporaryFolder folder;
        LocalStorage storage({.folder = folder.path(), .durable = false});
        check(storage);
    }
}

}  // namespace

TEST_CASE("what is put can be read, and is replaced by the next put") {
    on_each([](Storage& storage) {
        put(storage, "/a/b/c.txt", "first");
        CHECK(text(storage, "/a/b/c.txt") == "first");
        put(storage, "/a/b/c.txt", "second, longer");
        CHECK(text(storage, "/a/b/c.txt") == "second, longer");
        put(storage, "/a/empty", "");
        CHECK(text(storage, "/a/empty").empty());
        CHECK(storage.exists(uri("/a/b")));
        CHECK_FALSE(storage.exists(uri("/a/x")));
    });
}

TEST_CASE("a file shows when it is committed, and not before") {
    on_each([](Storage& storage) {
        put(storage, "/f", "old");
        {
            auto writer = test::ok(storage.create(uri("/f")));
            writer->write("new");
            CHECK(text(storage, "/f") == "old");
        }
        CHECK(text(storage, "/f") == "old");
        auto writer = test::ok(storage.create(uri("/f")));
        writer->write("ne");
        writer->write("w");
        test::ok(writer->commit());
        CHECK(text(storage, "/f") == "new");
        CHECK(names(storage, "/") == Names{"f"});
    });
}

TEST_CASE("a reader keeps the file that it opened") {
    on_each([](Storage& storage) {
        put(storage, "/f", "old");
        auto reader = test::ok(storage.open(uri("/f")));
        put(storage, "/f", "new");
        test::ok(storage.remove(uri("/f")));
        std::string bytes(10, '\0');
        bytes.resize(reader->read(bytes));
        CHECK(bytes == "old");
    });
}

TEST_CASE("a part of a file can be read") {
    on_each([](Storage& storage) {
        put(storage, "/f", "0123456789");
        const auto part = [&](Range range) {
            auto reader = test::ok(storage.open(uri("/f"), range));
            std::string bytes(reader->size_bytes(), '\0');
            CHECK(reader->read(bytes) == bytes.size());
            return bytes;
        };
        CHECK(part({.first = 3, .length = 4}) == "3456");
        CHECK(part({.first = 8}) == "89");
        CHECK(part({.first = 8, .length = 100}) == "89");
        CHECK(part({.first = 10}).empty());
        CHECK(test::failure(storage.open(uri("/f"), {.first = 11})).code == ErrorCode::Invalid);
    });
}

TEST_CASE("what is not there is told so") {
    on_each([](Storage& storage) {
        put(storage, "/dir/f");
        for (const char* path : {"/x", "/x/y", "/dir/f/z", "/dir"}) {
            CHECK(test::failure(storage.open(uri(path))).code == ErrorCode::NotFound);
        }
        CHECK(test::failure(storage.open(uri("/x y"))).message == "there is no file kestra:///x%20y");
        CHECK(test::failure(storage.open(uri("/a/b/flow/executions/5x/tasks/t/r/f"))).message ==
              "there is no file kestra:///a/b/flow/executions/5x/tasks/t/r/f: files of execution 5x go when it is purged");
        CHECK(test::failure(storage.info(uri("/x"))).code == ErrorCode::NotFound);
        CHECK(test::failure(storage.list(uri("/x"))).code == ErrorCode::NotFound);
        CHECK(test::failure(storage.move(uri("/x"), uri("/y"))).code == ErrorCode::NotFound);
        CHECK(test::failure(storage.copy(uri("/x"), uri("/y"))).code == ErrorCode::NotFound);
        CHECK(test::ok(storage.remove(uri("/x/y"))) == false);
        CHECK(storage.remove_all(uri("/x/y")) == 0);
        CHECK(all_files(storage, "/x").empty());
    });
}

TEST_CASE("files and folders do not take each other's names") {
    on_each([](Storage& storage) {
        put(storage, "/dir/f");
        CHECK(test::failure(storage.put(uri("/dir"), "x")).code == ErrorCode::Conflict);
        CHECK(test::failure(storage.put(uri("/dir/f/g"), "x")).code == ErrorCode::Conflict);
        CHECK(test::failure(storage.create_folder(uri("/dir/f"))).code == ErrorCode::Conflict);
        CHECK(test::failure(storage.put(Uri(), "x")).code == ErrorCode::Invalid);
        test::ok(storage.create_folder(uri("/dir")));
        test::ok(storage.create_folder(uri("/new/folder")));
        CHECK(names(storage, "/new") == Names{"folder/"});
    });
}

TEST_CASE("a file that is too large for memory is refused") {
    on_each([](Storage& storage) {
        put(storage, "/f", "12345");
        CHECK(test::failure(storage.get(uri("/f"), 4)).code == ErrorCode::TooLarge);
    });
}

TEST_CASE("folders are listed by name, and walked to the ground") {
    on_each([](Storage& storage) {
        put(storage, "/d/b.txt", "12");
        put(storage, "/d/a/x");
        put(storage, "/d/a/y/z");
        put(storage, "/e");
        CHECK(names(storage, "/d") == Names{"a/", "b.txt"});
        CHECK(names(storage, "/") == Names{"d/", "e"});
        CHECK(all_files(storage, "/d") == Names{"/d/a/x", "/d/a/y/z", "/d/b.txt"});
        const FileInfo info = test::ok(storage.info(uri("/d/b.txt")));
        CHECK(info.size_bytes == 2);
        CHECK_FALSE(info.is_folder);
        CHECK(test::ok(storage.info(uri("/d"))).is_folder);
        CHECK(test::ok(storage.info(Uri())).is_folder);
    });
}

TEST_CASE("metadata goes with its file") {
    on_each([](Storage& storage) {
        const Metadata metadata{{"expires", "2026-01-01"}, {"a=b", "c\nd = é%"}};
        test::ok(storage.put(uri("/d/f"), "x", metadata));
        CHECK(test::ok(storage.metadata(uri("/d/f"))) == metadata);
        CHECK(names(storage, "/d") == Names{"f"});
        test::ok(storage.copy(uri("/d/f"), uri("/d/copy")));
        CHECK(test::ok(storage.metadata(uri("/d/copy"))) == metadata);
        test::ok(storage.move(uri("/d/f"), uri("/e/moved")));
        CHECK(test::ok(storage.metadata(uri("/e/moved"))) == metadata);
        put(storage, "/d/copy", "again");
        CHECK(test::ok(storage.metadata(uri("/d/copy"))).empty());
        test::ok(storage.remove(uri("/e/moved")));
        put(storage, "/e/moved");
        CHECK(test::ok(storage.metadata(uri("/e/moved"))).empty());
        CHECK(test::failure(storage.metadata(uri("/x"))).code == ErrorCode::NotFound);
        CHECK(test::failure(storage.put(uri("/d/.sluice-metadata.f"), "x")).code == ErrorCode::Invalid);
    });
}

TEST_CASE("files and folders move, replacing files but not folders") {
    on_each([](Storage& storage) {
        put(storage, "/a/1", "one");
        put(storage, "/a/sub/2", "two");
        test::ok(storage.move(uri("/a"), uri("/b/c")));
        CHECK(all_files(storage, "/") == Names{"/b/c/1", "/b/c/sub/2"});
        put(storage, "/x", "old");
        test::ok(storage.move(uri("/b/c/1"), uri("/x")));
        CHECK(text(storage, "/x") == "one");
        CHECK(test::failure(storage.move(uri("/x"), uri("/b"))).code == ErrorCode::Conflict);
        CHECK(test::failure(storage.move(uri("/b"), uri("/x"))).code == ErrorCode::Conflict);
        CHECK(test::failure(storage.move(uri("/b"), uri("/b/c/d"))).code == ErrorCode::Conflict);
        test::ok(storage.move(uri("/x"), uri("/x")));
        CHECK(text(storage, "/x") == "one");
    });
}

TEST_CASE("files are removed one by one, folders when empty, and trees at once") {
    on_each([](Storage& storage) {
        put(storage, "/d/a");
        put(storage, "/d/s/b");
        put(storage, "/dd");
        CHECK(test::failure(storage.remove(uri("/d"))).code == ErrorCode::Conflict);
        CHECK(test::ok(storage.remove(uri("/d/a"))));
        CHECK_FALSE(test::ok(storage.remove(uri("/d/a"))));
        put(storage, "/d/c");
        Names removed;
        CHECK(storage.remove_all(uri("/d"), [&](const Uri& file) { removed.push_back(file.path()); }) == 2);
        CHECK(removed == Names{"/d/c", "/d/s/b"});
        CHECK_FALSE(storage.exists(uri("/d")));
        CHECK(all_files(storage, "/") == Names{"/dd"});
        test::ok(storage.create_folder(uri("/empty")));
        CHECK(test::ok(storage.remove(uri("/empty"))));
        CHECK(storage.remove_all(Uri()) == 1);
        CHECK(names(storage, "/").empty());
    });
}

TEST_CASE("a folder that is removed while a file is written comes back with the file") {
    on_each([](Storage& storage) {
        auto writer = test::ok(storage.create(uri("/d/f")));
        writer->write("x");
        storage.remove_all(uri("/d"));
        test::ok(writer->commit());
        CHECK(text(storage, "/d/f") == "x");
    });
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
