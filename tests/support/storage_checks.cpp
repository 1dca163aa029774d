#include "support/storage_checks.h"

#include "support/test.h"

namespace sluice::test {
namespace checks {  // named: tests that are compiled as one see each other's short names

using storage::FileInfo;
using storage::Metadata;
using storage::Range;
using storage::Storage;
using storage::Uri;

Uri uri(const std::string& path) {
    return ok(Uri::of_path(path));
}
std::string text(const Storage& storage, const std::string& path) {
    return ok(storage.get(uri(path), 1 << 20));
}
void put(Storage& storage, const std::string& path, std::string_view bytes = "x") {
    ok(storage.put(uri(path), bytes));
}

std::vector<std::string> names(const Storage& storage, const std::string& folder) {
    std::vector<std::string> out;
    for (const FileInfo& entry : ok(storage.list(uri(folder)))) {
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

const StorageCheck kChecks[] = {
    {"what is put can be read, and is replaced by the next put",
     [](Storage& storage) {
         put(storage, "/a/b/c.txt", "first");
         CHECK(text(storage, "/a/b/c.txt") == "first");
         put(storage, "/a/b/c.txt", "second, longer");
         CHECK(text(storage, "/a/b/c.txt") == "second, longer");
         put(storage, "/a/empty", "");
         CHECK(text(storage, "/a/empty").empty());
         CHECK(storage.exists(uri("/a/b")));
         CHECK_FALSE(storage.exists(uri("/a/x")));
     }},
    {"a file shows when it is committed, and not before",
     [](Storage& storage) {
         put(storage, "/f", "old");
         {
             auto writer = ok(storage.create(uri("/f")));
             writer->write("new");
             CHECK(text(storage, "/f") == "old");
         }
         CHECK(text(storage, "/f") == "old");
         auto writer = ok(storage.create(uri("/f")));
         writer->write("ne");
         writer->write("w");
         ok(writer->commit());
         CHECK(text(storage, "/f") == "new");
         CHECK(names(storage, "/") == Names{"f"});
     }},
    {"a reader keeps the file that it opened",
     [](Storage& storage) {
         put(storage, "/f", "old");
         auto reader = ok(storage.open(uri("/f")));
         put(storage, "/f", "new");
         ok(storage.remove(uri("/f")));
         std::string bytes(10, '\0');
         bytes.resize(reader->read(bytes));
         CHECK(bytes == "old");
     }},
    {"a part of a file can be read",
     [](Storage& storage) {
         put(storage, "/f", "0123456789");
         const auto part = [&](Range range) {
             auto reader = ok(storage.open(uri("/f"), range));
             std::string bytes(reader->size_bytes(), '\0');
             CHECK(reader->read(bytes) == bytes.size());
             return bytes;
         };
         CHECK(part({.first = 3, .length = 4}) == "3456");
         CHECK(part({.first = 8}) == "89");
         CHECK(part({.first = 8, .length = 100}) == "89");
         CHECK(part({.first = 10}).empty());
         CHECK(failure(storage.open(uri("/f"), {.first = 11})).code == ErrorCode::Invalid);
     }},
    {"what is not there is told so",
     [](Storage& storage) {
         put(storage, "/dir/f");
         for (const char* path : {"/x", "/x/y", "/dir/f/z", "/dir"}) {
             CHECK(failure(storage.open(uri(path))).code == ErrorCode::NotFound);
         }
         CHECK(failure(storage.open(uri("/x y"))).message == "there is no file kestra:///x%20y");
         CHECK(failure(storage.open(uri("/a/b/flow/executions/5x/tasks/t/r/f"))).message ==
               "there is no file kestra:///a/b/flow/executions/5x/tasks/t/r/f: files of execution 5x go when it is "
               "purged");
         CHECK(failure(storage.info(uri("/x"))).code == ErrorCode::NotFound);
         CHECK(failure(storage.list(uri("/x"))).code == ErrorCode::NotFound);
         CHECK(failure(storage.move(uri("/x"), uri("/y"))).code == ErrorCode::NotFound);
         CHECK(failure(storage.copy(uri("/x"), uri("/y"))).code == ErrorCode::NotFound);
         CHECK(ok(storage.remove(uri("/x/y"))) == false);
         CHECK(storage.remove_all(uri("/x/y")) == 0);
         CHECK(all_files(storage, "/x").empty());
     }},
    {"files and folders do not take each other's names",
     [](Storage& storage) {
         put(storage, "/dir/f");
         CHECK(failure(storage.put(uri("/dir"), "x")).code == ErrorCode::Conflict);
         CHECK(failure(storage.put(uri("/dir/f/g"), "x")).code == ErrorCode::Conflict);
         CHECK(failure(storage.create_folder(uri("/dir/f"))).code == ErrorCode::Conflict);
         CHECK(failure(storage.put(Uri(), "x")).code == ErrorCode::Invalid);
         ok(storage.create_folder(uri("/dir")));
         ok(storage.create_folder(uri("/new/folder")));
         CHECK(names(storage, "/new") == Names{"folder/"});
     }},
    {"a file that is too large for memory is refused",
     [](Storage& storage) {
         put(storage, "/f", "12345");
         CHECK(failure(storage.get(uri("/f"), 4)).code == ErrorCode::TooLarge);
     }},
    {"folders are listed by name, and walked to the ground",
     [](Storage& storage) {
         put(storage, "/d/b.txt", "12");
         put(storage, "/d/a/x");
         put(storage, "/d/a/y/z");
         put(storage, "/e");
         CHECK(names(storage, "/d") == Names{"a/", "b.txt"});
         CHECK(names(storage, "/") == Names{"d/", "e"});
         CHECK(all_files(storage, "/d") == Names{"/d/a/x", "/d/a/y/z", "/d/b.txt"});
         const FileInfo info = ok(storage.info(uri("/d/b.txt")));
         CHECK(info.size_bytes == 2);
         CHECK_FALSE(info.is_folder);
         CHECK(ok(storage.info(uri("/d"))).is_folder);
         CHECK(ok(storage.info(Uri())).is_folder);
     }},
    {"metadata goes with its file",
     [](Storage& storage) {
         const Metadata metadata{{"expires", "2026-01-01"}, {"a=b", "c\nd = é%"}};
         ok(storage.put(uri("/d/f"), "x", metadata));
         CHECK(ok(storage.metadata(uri("/d/f"))) == metadata);
         CHECK(names(storage, "/d") == Names{"f"});
         ok(storage.copy(uri("/d/f"), uri("/d/copy")));
         CHECK(ok(storage.metadata(uri("/d/copy"))) == metadata);
         ok(storage.move(uri("/d/f"), uri("/e/moved")));
         CHECK(ok(storage.metadata(uri("/e/moved"))) == metadata);
         put(storage, "/d/copy", "again");
         CHECK(ok(storage.metadata(uri("/d/copy"))).empty());
         ok(storage.remove(uri("/e/moved")));
         put(storage, "/e/moved");
         CHECK(ok(storage.metadata(uri("/e/moved"))).empty());
         CHECK(failure(storage.metadata(uri("/x"))).code == ErrorCode::NotFound);
         CHECK(failure(storage.put(uri("/d/.sluice-metadata.f"), "x")).code == ErrorCode::Invalid);
     }},
    {"files and folders move, replacing files but not folders",
     [](Storage& storage) {
         put(storage, "/a/1", "one");
         put(storage, "/a/sub/2", "two");
         ok(storage.move(uri("/a"), uri("/b/c")));
         CHECK(all_files(storage, "/") == Names{"/b/c/1", "/b/c/sub/2"});
         put(storage, "/x", "old");
         ok(storage.move(uri("/b/c/1"), uri("/x")));
         CHECK(text(storage, "/x") == "one");
         CHECK(failure(storage.move(uri("/x"), uri("/b"))).code == ErrorCode::Conflict);
         CHECK(failure(storage.move(uri("/b"), uri("/x"))).code == ErrorCode::Conflict);
         CHECK(failure(storage.move(uri("/b"), uri("/b/c/d"))).code == ErrorCode::Conflict);
         ok(storage.move(uri("/x"), uri("/x")));
         CHECK(text(storage, "/x") == "one");
     }},
    {"files are removed one by one, folders when empty, and trees at once",
     [](Storage& storage) {
         put(storage, "/d/a");
         put(storage, "/d/s/b");
         put(storage, "/dd");
         CHECK(failure(storage.remove(uri("/d"))).code == ErrorCode::Conflict);
         CHECK(ok(storage.remove(uri("/d/a"))));
         CHECK_FALSE(ok(storage.remove(uri("/d/a"))));
         put(storage, "/d/c");
         Names removed;
         CHECK(storage.remove_all(uri("/d"), [&](const Uri& file) { removed.push_back(file.path()); }) == 2);
         CHECK(removed == Names{"/d/c", "/d/s/b"});
         CHECK_FALSE(storage.exists(uri("/d")));
         CHECK(all_files(storage, "/") == Names{"/dd"});
         ok(storage.create_folder(uri("/empty")));
         CHECK(ok(storage.remove(uri("/empty"))));
         CHECK(storage.remove_all(Uri()) == 1);
         CHECK(names(storage, "/").empty());
     }},
    {"a folder that is removed while a file is written comes back with the file",
     [](Storage& storage) {
         auto writer = ok(storage.create(uri("/d/f")));
         writer->write("x");
         storage.remove_all(uri("/d"));
         ok(writer->commit());
         CHECK(text(storage, "/d/f") == "x");
     }},
    {"a file of many pieces is read whole, in parts, and in whatever steps",
     [](Storage& storage) {
         std::string bytes;
         for (int i = 0; bytes.size() < 1'000'000; ++i)
             bytes += std::to_string(i) + std::string(1, static_cast<char>(i % 256));
         auto writer = ok(storage.create(uri("/large")));
         for (std::size_t at = 0; at < bytes.size(); at += 70'001)
             writer->write(std::string_view(bytes).substr(at, 70'001));
         ok(writer->commit());
         CHECK(ok(storage.get(uri("/large"), 1 << 20)) == bytes);
         const auto part = [&](std::uint64_t first, std::uint64_t length, std::size_t step) {
             auto reader = ok(storage.open(uri("/large"), {.first = first, .length = length}));
             std::string out, buffer(step, '\0');
             while (const std::size_t n = reader->read(buffer)) out.append(buffer, 0, n);
             return out == bytes.substr(first, length);
         };
         CHECK(part(262'143, 2, 1));
         CHECK(part(262'144, 300'000, 10'007));
         CHECK(part(999'000, 5'000, 4096));
         ok(storage.copy(uri("/large"), uri("/copy")));
         CHECK(ok(storage.get(uri("/copy"), 1 << 20)) == bytes);
     }},
    {"of two who write a file at once, the last to commit wins, whole",
     [](Storage& storage) {
         auto one = ok(storage.create(uri("/d/f")));
         auto other = ok(storage.create(uri("/d/f")));
         one->write("one");
         other->write("other");
         ok(other->commit());
         ok(one->commit());
         CHECK(text(storage, "/d/f") == "one");
         CHECK(names(storage, "/d") == Names{"f"});
     }},
    {"names with blanks, signs and letters of all kinds are kept apart",
     [](Storage& storage) {
         const Names all{"a b", "a%20b", "a+b", "a&b=c", "é", "名前", "q?x#y", "it's"};
         for (const std::string& name : all) put(storage, "/n/" + name, name);
         for (const std::string& name : all) CHECK(text(storage, "/n/" + name) == name);
         CHECK(names(storage, "/n").size() == all.size());
         CHECK(storage.remove_all(uri("/n")) == all.size());
     }},
    {"what begins like a folder is not in it",
     [](Storage& storage) {
         put(storage, "/a/1");
         put(storage, "/a.txt");
         put(storage, "/a-b/2");
         put(storage, "/ab");
         CHECK(all_files(storage, "/a") == Names{"/a/1"});
         CHECK(storage.remove_all(uri("/a")) == 1);
         CHECK(names(storage, "/") == Names{"a-b/", "a.txt", "ab"});
         ok(storage.move(uri("/a-b"), uri("/a")));
         CHECK(names(storage, "/") == Names{"a/", "a.txt", "ab"});
     }},
};

}  // namespace checks

std::span<const StorageCheck> storage_checks() {
    return checks::kChecks;
}

}  // namespace sluice::test
