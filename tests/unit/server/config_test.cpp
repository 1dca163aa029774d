#include "server/config.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "support/test.h"

namespace sluice::server {
namespace {

using test::contains;
using test::failure;
using test::ok;

/// A file of its own, gone at the end.
class TemporaryFile {
  public:
    explicit TemporaryFile(const std::string& text)
        : path_(std::filesystem::temp_directory_path() / ("sluice-config-" + std::to_string(getpid()) + ".yaml")) {
        std::ofstream(path_) << text;
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

}  // namespace

TEST_CASE("conf/sluice.yaml has every key, with its default") {
    const std::string file = std::string(SLUICE_SOURCE_DIR) + "/conf/sluice.yaml";
    const Config defaults;
    const Config read = ok(load_config({.file = file}));
    for (const ConfigKey& key : config_keys()) {
        CAPTURE(key.name);
        CHECK(contains(read.origin.at(key.name), "sluice.yaml:"));
        CHECK_EQ(key.get(read), key.get(defaults));
    }
}

TEST_CASE("flags win over the environment, and that over the file; each value says where it came from") {
    const TemporaryFile file("http:\n  port: 1\n  address: one\nworker:\n  slots: 1\n");
    const Config config = ok(load_config({.file = file.path(),
                                          .environment = {{"SLUICE_HTTP_PORT", "2"}, {"SLUICE_WORKER_SLOTS", "2"}},
                                          .flags = {{"http.port", "3"}},
                                          .flag_names = {{"http.port", "--port"}}}));
    CHECK_EQ(config.http.port, 3);
    CHECK_EQ(config.http.address, "one");
    CHECK_EQ(config.worker.slots, 2);
    CHECK_EQ(config.origin.at("http.port"), "--port");
    CHECK_EQ(config.origin.at("worker.slots"), "SLUICE_WORKER_SLOTS");
    CHECK(contains(config.origin.at("http.address"), ":3"));
    CHECK_EQ(config.origin.at("log.level"), "default");
}

TEST_CASE("all mistakes of a configuration are told at once, with their places and the nearest right names") {
    const TemporaryFile file("http:\n  prot: 80\n  port: 70000\nliveness:\n  lease: soon\n");
    const Error error = failure(load_config({.file = file.path()}));
    REQUIRE_EQ(error.details.size(), 3);
    CHECK_EQ(error.details[0].place.line, 2);
    CHECK(contains(error.details[0].message, "http.port"));
    CHECK_EQ(error.details[1].place.line, 3);
    CHECK(contains(error.details[1].message, "between 0 and 65535"));
    CHECK_EQ(error.details[2].place.property, "liveness.lease");
}

}  // namespace sluice::server
