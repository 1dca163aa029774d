#include <map>

#include "remote/files.h"
#include "support/test.h"

namespace sluice::remote {
namespace {

/// A server in memory that minds a name that is taken, as SFTP does.
class MinorServer : public Files {
  public:
    std::map<std::string, std::string> files{};
    std::function<void()> before_rename{};

    Result<Entry> info(const std::string& path) override {
        if (path == "in" || path == "out") return Entry{.path = path, .is_folder = true};
        if (!files.contains(path)) return not_found("no {}", path);
        return Entry{.path = path, .size_bytes = files[path].size()};
    }
    Result<std::vector<Entry>> list(const std::string&) override { return std::vector<Entry>{}; }
    Result<void> read(const std::string&, const Take&) override { return {}; }
    Result<void> write(const std::string&, net::Source&) override { return {}; }
    Result<void> make_folder(const std::string&) override { return {}; }
    Result<void> remove(const Entry& entry) override {
        files.erase(entry.path);
        return {};
    }
    Result<void> rename(const std::string& from, const std::string& to) override {
        if (before_rename) std::exchange(before_rename, {})();
        if (!files.contains(from)) return not_found("no {}", from);
        if (files.contains(to)) return conflict("there is {}", to);
        files[to] = files[from];
        files.erase(from);
        return {};
    }
};

}  // namespace

TEST_CASE("A move replaces only where it is wanted") {
    MinorServer server;
    server.files = {{"in/a", "new"}, {"out/a", "old"}};
    const auto refused = move(server, "in/a", "out/a", false);
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::Conflict);
    CHECK(server.files.size() == 2);
    REQUIRE(move(server, "in/a", "out/a", true));
    CHECK(server.files == std::map<std::string, std::string>{{"out/a", "new"}});
}

TEST_CASE("A move of what is not there, or to where it is, changes nothing") {
    MinorServer server;
    server.files = {{"out/a", "moved before"}};
    const auto gone = move(server, "in/a", "out/a", true);
    REQUIRE(!gone);
    CHECK(gone.error().code == ErrorCode::NotFound);
    REQUIRE(move(server, "out/a", "out/a", true));
    CHECK(server.files == std::map<std::string, std::string>{{"out/a", "moved before"}});
}

TEST_CASE("A move whose file another moves meanwhile loses neither") {
    MinorServer server;
    server.files = {{"in/a", "one"}, {"out/a", "old"}};
    server.before_rename = [&] { server.files.erase("in/a"), server.files["out/a"] = "one"; };
    const auto late = move(server, "in/a", "out/a", true);
    REQUIRE(!late);
    CHECK(late.error().code == ErrorCode::NotFound);
    CHECK(server.files == std::map<std::string, std::string>{{"out/a", "one"}});
}

}  // namespace sluice::remote
