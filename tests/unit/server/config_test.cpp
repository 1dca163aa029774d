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
    explicit TemporaryFile(const std::string& text, const std::string& name = ".yaml")
        : path_(std::filesystem::temp_directory_path() / ("sluice-config-" + std::to_string(getpid()) + name)) {
        std::ofstream(path_) << text;
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

std::vector<std::string> lines_of(const std::string& file) {
    std::ifstream in(file);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
}

bool is_comment(const std::string& line) {
    const std::size_t first = line.find_first_not_of(' ');
    return first != std::string::npos && line[first] == '#';
}

/// Where a value of `origin` "file:12" stands.
std::size_t line_of(const std::string& origin) {
    return static_cast<std::size_t>(std::stoi(origin.substr(origin.rfind(':') + 1)));
}

}  // namespace

TEST_CASE("conf/sluice.yaml has every key, with its default") {
    const std::string file = std::string(SLUICE_SOURCE_DIR) + "/conf/sluice.yaml";
    const Config defaults;
    const Config read = ok(load_config({.files = file}));
    for (const ConfigKey& key : config_keys()) {
        CAPTURE(key.name);
        CHECK(contains(read.origin.at(key.name), "sluice.yaml:"));
        CHECK_EQ(key.get(read), key.get(defaults));
    }
}

TEST_CASE("flags win over the environment, and that over the file; each value says where it came from") {
    const TemporaryFile file("http:\n  port: 1\n  address: one\nworker:\n  slots: 1\n");
    const Config config = ok(load_config({.files = file.path(),
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
    const Error error = failure(load_config({.files = file.path()}));
    REQUIRE_EQ(error.details.size(), 3);
    CHECK_EQ(error.details[0].place.line, 2);
    CHECK(contains(error.details[0].message, "http.port"));
    CHECK_EQ(error.details[1].place.line, 3);
    CHECK(contains(error.details[1].message, "between 0 and 65535"));
    CHECK_EQ(error.details[2].place.property, "liveness.lease");
}

TEST_CASE("conf/sluice.yaml explains every key, alone or together with its neighbours") {
    const std::string file = std::string(SLUICE_SOURCE_DIR) + "/conf/sluice.yaml";
    const Config read = ok(load_config({.files = file}));
    const std::vector<std::string> lines = lines_of(file);
    for (const ConfigKey& key : config_keys()) {
        CAPTURE(key.name);
        std::size_t line = line_of(read.origin.at(key.name)) - 1;
        const std::size_t indent = lines.at(line).find_first_not_of(' ');
        while (line > 0 && !is_comment(lines[line - 1]) && lines[line - 1].find_first_not_of(' ') == indent) --line;
        CHECK(is_comment(lines.at(line - 1)));
    }
}

TEST_CASE("mistakes that join several keys are told at the line that has them") {
    const TemporaryFile file("liveness:\n  heartbeat: 5s\nlog:\n  format: xml\nhttp: 8080\n");
    const Error error = failure(load_config({.files = file.path()}));
    REQUIRE_EQ(error.details.size(), 4);
    CHECK(contains(error.text(), "expected a section"));
    CHECK(contains(error.text(), file.path() + ":4:3 log.format: must be text or json"));
    CHECK(contains(error.text(), "liveness.lease: must be at least three heartbeats"));
}

TEST_CASE("of several files the later ones win, and a variable may hold all") {
    const TemporaryFile first("http:\n  port: 1\n  address: one\n", "-1.yaml");
    const TemporaryFile second("http:\n  port: 2\n", "-2.yaml");
    const Config config = ok(load_config({.files = first.path() + "," + second.path(),
                                          .environment = {{"SLUICE_CONFIGURATION", "worker:\n  slots: 7\n"}}}));
    CHECK_EQ(config.http.port, 2);
    CHECK_EQ(config.http.address, "one");
    CHECK_EQ(config.worker.slots, 7);
    CHECK_EQ(config.origin.at("worker.slots"), "SLUICE_CONFIGURATION:2");
}

TEST_CASE("values name variables of the environment; one that is not there is a mistake") {
    const TemporaryFile file("http:\n  address: ${HERE}\n  url: ${NOT_THERE:https://example.com}\nadmin:\n  user: ${NOT_THERE}\n");
    const ConfigSources sources{.files = file.path(), .environment = {{"HERE", "10.0.0.1"}}};
    const Error error = failure(load_config(sources));
    REQUIRE_EQ(error.details.size(), 1);
    CHECK_EQ(error.details[0].place.line, 5);
    CHECK(contains(error.details[0].message, "NOT_THERE"));
    const Config config = ok(load_config({.files = file.path(), .environment = {{"HERE", "10.0.0.1"}, {"NOT_THERE", "x"}}}));
    CHECK_EQ(config.http.address, "10.0.0.1");
    CHECK_EQ(config.http.url, "x");
}

TEST_CASE("secrets stand in files of their own: named by a key, by a variable, or as systemd's credentials") {
    const TemporaryFile secret("s3cret\n", "-secret");
    const TemporaryFile file("admin:\n  password-file: " + secret.path() + "\n");
    const Config by_key = ok(load_config({.files = file.path()}));
    CHECK_EQ(by_key.admin.password, "s3cret");
    CHECK(contains(by_key.origin.at("admin.password"), secret.path()));
    const Config by_variable = ok(load_config({.environment = {{"SLUICE_DATABASE_URL_FILE", secret.path()}}}));
    CHECK_EQ(by_variable.database.url, "s3cret");

    const auto folder = std::filesystem::temp_directory_path() / ("sluice-credentials-" + std::to_string(getpid()));
    std::filesystem::create_directory(folder);
    std::ofstream(folder / "database.password") << "from systemd\n";
    const Config by_credential = ok(load_config({.environment = {{"CREDENTIALS_DIRECTORY", folder.string()}}}));
    std::filesystem::remove_all(folder);
    CHECK_EQ(by_credential.database.password, "from systemd");
    CHECK_EQ(by_credential.origin.at("database.password"), "credential database.password");

    const Error gone = failure(load_config({.environment = {{"SLUICE_ADMIN_PASSWORD_FILE", "/nowhere/secret"}}}));
    CHECK(contains(gone.text(), "/nowhere/secret can't be read"));
}

TEST_CASE("a variable that is nearly a key is noticed") {
    const Config config = ok(load_config({.environment = {{"SLUICE_HTTP_PROT", "1"}, {"SLUICE_TOKEN", "x"}}}));
    REQUIRE_EQ(config.notices.size(), 1);
    CHECK(contains(config.notices[0].message, "SLUICE_HTTP_PORT"));
}

TEST_CASE("the configuration of a Kestra is understood") {
    const TemporaryFile file(R"(datasources:
  postgres:
    url: jdbc:postgresql://db.example.com:5432/kestra
    driverClassName: org.postgresql.Driver
    username: kestra user
    password: "k3stra"
kestra:
  repository:
    type: postgres
  queue:
    type: postgres
  url: https://flows.example.com
  server:
    basicAuth:
      enabled: true
      username: "admin@example.com"
      password: Secret123
    terminationGracePeriod: 90s
  storage:
    type: minio
    minio:
      endpoint: minio
      port: 9000
      bucket: flows
      access-key: a
      secret-key: b
  tasks:
    tmp-dir:
      path: /tmp/kestra-wd/tmp
  variables:
    env-vars-prefix: "KESTRA_"
    globals:
      team: data
  anonymous-usage-report:
    enabled: false
  jdbc:
    queues:
      poll-size: 200
  plugins:
    configurations:
      - type: io.kestra.plugin.scripts.runner.docker.Docker
        values:
          volume-enabled: true
    defaults:
      - type: io.kestra.plugin.core.log.Log
        values:
          level: WARN
)");
    const Config config = ok(load_config({.files = file.path(), .environment = {{"MICRONAUT_SERVER_PORT", "9090"}}}));
    CHECK_EQ(config.database.url, "jdbc:postgresql://db.example.com:5432/kestra?user=kestra%20user");
    CHECK_EQ(config.database.password, "k3stra");
    CHECK_EQ(config.http.url, "https://flows.example.com");
    CHECK_EQ(config.http.port, 9090);
    CHECK_EQ(config.admin.user, "admin@example.com");
    CHECK_EQ(config.shutdown.grace, 90s);
    CHECK_EQ(config.storage.type, "s3");
    CHECK_EQ(config.storage.s3.endpoint, "http://minio:9000");
    CHECK(config.storage.s3.path_style);
    CHECK_EQ(config.worker.folder, "/tmp/kestra-wd/tmp");
    CHECK_EQ(config.variables.globals.at("team"), "data");
    CHECK(config.tasks.docker.volumes);
    REQUIRE_EQ(config.plugin_defaults.size(), 1);
    REQUIRE_EQ(config.notices.size(), 1);
    CHECK_EQ(config.notices[0].place.line, 38);
    CHECK(contains(config.notices[0].message, "has no effect"));
}

TEST_CASE("what of a Kestra can't be had here is refused; what nobody knows is noticed with the nearest key") {
    const TemporaryFile file("kestra:\n  queue:\n    type: kafka\n  storage:\n    type: gcs\n  urll: x\n"
                             "datasources:\n  mysql:\n    url: jdbc:mysql://h/db\n");
    const Error error = failure(load_config({.files = file.path()}));
    REQUIRE_EQ(error.details.size(), 3);
    CHECK(contains(error.text(), "only postgres is there, found 'kafka'"));
    CHECK(contains(error.text(), "gcs"));
    const TemporaryFile misspelt("kestra:\n  urll: x\nhttp:\n  port: 1\nmicronaut:\n  server:\n    port: 2\n");
    const Config config = ok(load_config({.files = misspelt.path()}));
    REQUIRE_EQ(config.notices.size(), 1);
    CHECK(contains(config.notices[0].message, "kestra.url"));
    CHECK_EQ(config.http.port, 1);  // our own key says what holds
}

}  // namespace sluice::server
