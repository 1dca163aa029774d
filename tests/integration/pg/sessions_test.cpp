#include <libpq-fe.h>

#include "pg/database_error.h"
#include "support/database.h"
#include "support/test.h"

namespace sluice::pg {
namespace {

std::string option_of(Connection& connection, std::string_view name) {
    PQconninfoOption* all = PQconninfo(connection.raw());
    std::string out;
    for (const PQconninfoOption* one = all; one->keyword != nullptr; ++one) {
        if (one->keyword == name && one->val != nullptr) out = one->val;
    }
    PQconninfoFree(all);
    return out;
}

std::string setting_of(Connection& connection, const std::string& name) {
    return connection.run_text("select current_setting('" + name + "')")[0].text();
}

}  // namespace

TEST_CASE("our sessions end when their host is gone, and don't keep locks while they wait for it") {
    test::Database database;
    DatabaseClock clock;
    Connection connection({.url = database.url()}, clock);
    CHECK(option_of(connection, "keepalives_idle") == "5");
    CHECK(option_of(connection, "keepalives_interval") == "2");
    CHECK(option_of(connection, "keepalives_count") == "3");
    CHECK(option_of(connection, "tcp_user_timeout") == "10000");
    CHECK(setting_of(connection, "idle_in_transaction_session_timeout") == "10s");
    const bool tcp = PQhost(connection.raw())[0] != '/';
    if (tcp) CHECK(setting_of(connection, "tcp_user_timeout") == "10s");
    CHECK(setting_of(connection, "statement_timeout") != "0");
    CHECK(setting_of(connection, "lock_timeout") != "0");
}

TEST_CASE("what the URL says wins over our own settings") {
    test::Database database;
    DatabaseClock clock;
    Connection connection({.url = database.url() + " keepalives_idle=7"}, clock);
    CHECK(option_of(connection, "keepalives_idle") == "7");
}

TEST_CASE("after an error of a server that goes, or may not be written to, no session is used again") {
    for (const char* state : {"57P01", "57P02", "57P03", "57P05", "25006", "25P03", "08000", "08003", "08006", ""}) {
        CAPTURE(state);
        CHECK(breaks_connection(state));
        CHECK_THROWS_AS(raise(state, "statement", "", "gone"), DatabaseError);
    }
    for (const char* state : {"40001", "40P01", "53300", "55P03", "57014", "58030", "XX000"}) {
        CAPTURE(state);
        CHECK_FALSE(breaks_connection(state));
        CHECK_THROWS_AS(raise(state, "statement", "", "not now"), DatabaseError);
    }
    for (const char* state : {"23505", "22P02", "42P01"}) {
        CAPTURE(state);
        CHECK_FALSE(breaks_connection(state));
        CHECK_THROWS_AS(raise(state, "statement", "", "wrong"), StatementError);
    }
}

TEST_CASE("a pool whose sessions were ended drops them all at the first failure") {
    test::Database database;
    DatabaseClock clock;
    Pool pool({.url = database.url(), .application = "sluice-ended"}, 3, clock);
    pool.with_connection([&](Connection& one) {
        pool.with_connection([&](Connection& other) {
            one.run_text("select 1");
            other.run_text("select 1");
        });
    });
    database.run(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'sluice-ended'");
    static constexpr Statement kAsk{"ask", "select 1"};
    CHECK_THROWS_AS(pool.run(kAsk), DatabaseError);
    CHECK(pool.run(kAsk)[0].integer() == 1);
    CHECK(pool.in_use() == 0);
}

TEST_CASE("what a statement put out is there when the transaction is committed") {
    test::Database database;
    static constexpr Statement kMany{"many", "select generate_series(1, $1::bigint)"};
    std::vector<std::size_t> seen;
    database.pool().in_transaction([&](Transaction& tx) {
        tx.send_for([&](const Rows& rows) { seen.push_back(rows.size()); }, kMany, 3);
        tx.send(kMany, 1);
        tx.send_for([&](const Rows& rows) { seen.push_back(rows.size()); }, kMany, 5);
    });
    CHECK(seen == std::vector<std::size_t>{3, 5});
}

TEST_CASE("a transaction in which a statement failed is not taken for committed") {
    test::Database database;
    database.run("create table public.kept (id int primary key)");
    static constexpr Statement kPut{"put", "insert into public.kept values (1)"};
    const auto twice = [&] {
        database.pool().in_transaction([&](Transaction& tx) {
            tx.run(kPut);
            CHECK_THROWS_AS(tx.run(kPut), StatementError);  // somebody takes it for a mere "no"
        });
    };
    CHECK_THROWS_AS(twice(), StatementError);
    CHECK(database.one("select count(*) from public.kept") == "0");
    CHECK(database.pool().in_use() == 0);
}

TEST_CASE("nothing stays of a transaction that answers an error") {
    test::Database database;
    database.run("create table public.kept (id int primary key)");
    static constexpr Statement kPut{"put", "insert into public.kept values (1)"};
    const auto put = [&](bool good) {
        return database.pool().in_transaction([&](Transaction& tx) -> Result<void> {
            tx.run(kPut);
            if (good) return {};
            return invalid("half of it is wrong");
        });
    };
    CHECK_FALSE(put(false).has_value());
    CHECK(database.one("select count(*) from public.kept") == "0");
    CHECK(put(true).has_value());
    CHECK(database.one("select count(*) from public.kept") == "1");
}

}  // namespace sluice::pg
