#include "cluster/leadership.h"

#include "cluster/membership.h"
#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

struct Candidate {
    explicit Candidate(Database& database)
        : membership(database.pool(), {.roles = {"scheduler"}, .host = "test", .version = "1"}, {}),
          leadership("scheduler", {.url = database.url()}, database.pool().clock()) {
        membership.join();
    }
    std::optional<std::int64_t> lead() { return leadership.lead(membership.id()); }
    bool still_leads(Database& database) {
        return database.pool().in_transaction(
            [&](pg::Transaction& tx) { return leadership.still_leads(tx, membership.id()); });
    }

    cluster::Membership membership;
    cluster::Leadership leadership;
};

}  // namespace

TEST_CASE("one of two leads; the other takes over when it resigns, with a later epoch") {
    Database database;
    Candidate one(database), other(database);

    const auto first = one.lead();
    REQUIRE(first);
    CHECK(one.lead() == first);
    CHECK_FALSE(other.lead());

    one.leadership.resign();
    std::optional<std::int64_t> second;
    CHECK(eventually([&] { return (second = other.lead()).has_value(); }));
    CHECK(*second > *first);
}

TEST_CASE("a leader whose session ended is followed at once, and what it still writes is refused") {
    Database database;
    Candidate one(database), other(database);
    REQUIRE(one.lead());
    CHECK(one.still_leads(database));

    database.run(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted "
        "and database = (select oid from pg_database where datname = current_database())");
    CHECK(eventually([&] { return other.lead().has_value(); }));
    CHECK(other.still_leads(database));
    CHECK_FALSE(one.still_leads(database));
}

TEST_CASE("a leader that stands still is followed when its lease is over, although its session lives") {
    Database database;
    Candidate one(database), other(database);
    const auto first = one.lead();
    REQUIRE(first);
    CHECK_FALSE(other.lead());
    CHECK(one.lead() == first);  // nobody ended a session whose service lives

    database.run("update sluice.services set lease_until = now() - interval '1 s' where service_id = '" +
                 one.membership.id().text() + "'");
    std::optional<std::int64_t> second;
    CHECK(eventually([&] { return (second = other.lead()).has_value(); }));
    CHECK(*second > *first);
    CHECK_FALSE(one.still_leads(database));
    CHECK_THROWS_AS(one.lead(), pg::DatabaseError);  // it goes on: its session is gone
    CHECK_FALSE(one.lead());
}
