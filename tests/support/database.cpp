#include "support/database.h"

#include <atomic>
#include <filesystem>
#include <unistd.h>

#include "maintenance/maintenance.h"
#include "pg/migrations.h"
#include "server/local_database.h"
#include "support/pooler.h"
#include "support/test.h"

namespace sluice::test {
namespace {

constexpr auto kTemplate = "sluice_template";

/// One PostgreSQL for the whole binary, with a template of the schema that each test copies.
class PrivateServer {
  public:
    PrivateServer() : folder_(std::filesystem::temp_directory_path() / ("sluice-tests-" + std::to_string(getpid()))) {
        server_ = ok(server::LocalDatabase::start({.folder = folder_, .durable = false}));
        pg::Connection admin({.url = server_->url("postgres")}, clock_);
        admin.run_text(std::string("create database ") + kTemplate);
        pg::Connection connection({.url = server_->url(kTemplate)}, clock_);
        ok(pg::migrate(connection));
        maintenance::ensure_partitions(connection);
        if (std::getenv("SLUICE_TEST_POOLER") != nullptr) pooler_.emplace(folder_ / "pooler", server_->url(""));
    }
    ~PrivateServer() {
        pooler_.reset();
        server_.reset();
        std::error_code ignored;  // a folder in /tmp that stays is no failure of a test
        std::filesystem::remove_all(folder_, ignored);
    }

    std::string url(const std::string& database) const { return server_->url(database); }
    /// Empty: there is no proxy
    std::string pooled_url(const std::string& database) const { return pooler_ ? pooler_->url(database) : ""; }
    pg::DatabaseClock& clock() { return clock_; }

  private:
    std::filesystem::path folder_;
    pg::DatabaseClock clock_{};
    std::unique_ptr<server::LocalDatabase> server_{};
    std::optional<Pooler> pooler_{};
};

PrivateServer& server() {
    static PrivateServer one;
    return one;
}

std::string next_name() {
    static std::atomic<int> number{0};
    return "test_" + std::to_string(++number);
}

}  // namespace

Database::Database() : name_(next_name()) {
    pg::Connection admin({.url = server().url("postgres")}, server().clock());
    admin.run_text("create database " + name_ + " template " + kTemplate);
    url_ = server().url(name_);
    const std::string pooled = server().pooled_url(name_);
    const pg::ConnectionConfig config{.url = pooled.empty() ? url_ : pooled, .pooled = !pooled.empty()};
    pool_ = std::make_unique<pg::Pool>(config, 8, server().clock());
}

Database::~Database() {
    pool_.reset();
    pg::Connection admin({.url = server().url("postgres")}, server().clock());
    admin.run_text("drop database " + name_ + " with (force)");
}

std::string Database::one(const std::string& sql) {
    return pool_->with_connection([&](pg::Connection& connection) -> std::string {
        const pg::Rows rows = connection.run_text(sql);
        return rows.empty() ? std::string() : rows[0].maybe_text().value_or("");
    });
}

void Database::run(const std::string& sql) {
    pool_->with_connection([&](pg::Connection& connection) { connection.run_text(sql); });
}

}  // namespace sluice::test
