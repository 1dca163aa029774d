#include "server/database_password.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "pg/connection_parameters.h"
#include "pg/database_error.h"
#include "support/test.h"

namespace sluice::server {
namespace {

using test::contains;
using test::failure;
using test::ok;
using Clock = DatabasePassword::Clock;

Config with_command(const std::string& command) {
    Config out;
    out.database.password_command = command;
    out.database.password_lifetime = 60s;
    return out;
}

}  // namespace

TEST_CASE("a command's password is kept below its lifetime, and asked for anew after that or when it was refused") {
    const auto counter = std::filesystem::temp_directory_path() / ("sluice-token-" + std::to_string(getpid()));
    std::ofstream(counter).close();
    DatabasePassword password(with_command("echo x >> " + counter.string() + "; wc -l < " + counter.string()));
    const Clock::time_point start = Clock::now();
    CHECK_EQ(password.password_at(start), "1");
    CHECK_EQ(password.password_at(start + 50s), "1");
    CHECK_EQ(password.password_at(start + 70s), "2");
    password.refused();
    CHECK_EQ(password.password_at(start + 71s), "3");
    std::filesystem::remove(counter);
}

TEST_CASE("a password changes at a reload") {
    Config config;
    config.database.password = "old";
    DatabasePassword password(config);
    CHECK_EQ(password.password(), "old");
    config.database.password = "new";
    password.change(config);
    CHECK_EQ(password.password(), "new");
}

TEST_CASE("a command that fails, prints nothing or does not end says so, and never its output") {
    CHECK(contains(failure(first_line_of("echo secret; exit 3", 10s)).message, "exit code 3"));
    CHECK_FALSE(contains(failure(first_line_of("echo secret; exit 3", 10s)).message, "secret"));
    CHECK(contains(failure(first_line_of("true", 10s)).message, "printed nothing"));
    CHECK(contains(failure(first_line_of("exec tail -f /dev/null", 50ms)).message, "was killed"));
    CHECK_EQ(ok(first_line_of("printf 'one\\r\\ntwo\\n'", 10s)), "one");
    DatabasePassword password(with_command("exit 1"));
    CHECK_THROWS_AS(password.password(), pg::DatabaseError);
}

TEST_CASE("connections to other machines are verified unless the URL says otherwise") {
    const auto mode = [](const std::string& url) {
        const auto parameters = pg::connection_parameters({.url = url});
        return parameters.contains("sslmode") ? parameters.at("sslmode") : "libpq's own";
    };
    unsetenv("PGSSLMODE");
    CHECK_EQ(mode("postgresql://db.example.com/sluice"), "verify-full");
    CHECK_EQ(mode("jdbc:postgresql://10.0.0.7:5432/sluice"), "verify-full");
    CHECK_EQ(mode("host=localhost,db2 dbname=sluice"), "verify-full");
    CHECK_EQ(mode("postgresql://db.example.com/sluice?sslmode=disable"), "disable");
    CHECK_EQ(mode("postgresql://127.0.0.1:5432,localhost/sluice"), "libpq's own");
    CHECK_EQ(mode("host=/run/postgresql dbname=sluice"), "libpq's own");
    CHECK_EQ(mode("dbname=sluice"), "libpq's own");
    CHECK_EQ(pg::connection_parameters({.url = "postgresql://h/d?sslrootcert=/ca.pem"}).at("sslrootcert"), "/ca.pem");
}

TEST_CASE("certificates of the configuration are taken, unless the URL has its own; what is not given stays libpq's") {
    pg::ConnectionConfig config{.url = "postgresql://h/d?sslcert=/url.pem"};
    CHECK_FALSE(pg::connection_parameters(config).contains("sslkey"));
    config.tls = {.ca_file = "/ca.pem", .certificate = "/our.pem", .key = "/our.key", .key_password = "opens it"};
    const auto parameters = pg::connection_parameters(config);
    CHECK_EQ(parameters.at("sslrootcert"), "/ca.pem");
    CHECK_EQ(parameters.at("sslcert"), "/url.pem");
    CHECK_EQ(parameters.at("sslkey"), "/our.key");
    CHECK_EQ(parameters.at("sslpassword"), "opens it");
    CHECK_EQ(parameters.at("sslmode"), "verify-full");
}

}  // namespace sluice::server
