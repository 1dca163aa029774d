#include "pg_storage/pg_storage.h"

#include "support/database.h"
#include "support/storage_checks.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

storage::Uri stored_uri(const std::string& path) {
    return ok(storage::Uri::of_path(path));
}

}  // namespace

TEST_CASE("every promise of storage holds in the database") {
    Database database;
    for (const StorageCheck& check : storage_checks()) {
        CAPTURE(check.name);
        pg_storage::PgStorage storage(database.pool());
        check.run(storage);
        storage.remove_all(storage::Uri());
        CHECK(database.one("select count(*) from sluice.stored_files") == "0");
    }
}

TEST_CASE("what lost its name stays for who reads it, and is swept then; so is what was abandoned") {
    Database database;
    pg_storage::PgStorage storage(database.pool());
    const std::string large(600'000, 'x');
    ok(storage.put(stored_uri("/a/large"), large));
    CHECK(database.one("select count(*) from sluice.stored_chunks") == "3");
    auto reader = ok(storage.open(stored_uri("/a/large")));
    ok(storage.put(stored_uri("/a/large"), "small"));
    storage.remove_all(stored_uri("/a"));
    storage.sweep_abandoned(24h);
    std::string bytes(large.size(), '\0');
    CHECK(reader->read(bytes) == large.size());
    CHECK(bytes == large);

    auto abandoned = ok(storage.create(stored_uri("/b")));
    abandoned->write(large);
    database.run(
        "update sluice.stored_contents set released_at = released_at - interval '2 hours', "
        "touched_at = touched_at - interval '2 days'");
    CHECK(storage.sweep_abandoned(24h) == 1);
    CHECK(database.one("select count(*) from sluice.stored_contents") == "0");
    CHECK(database.one("select count(*) from sluice.stored_chunks") == "0");
    CHECK_THROWS(abandoned->commit());  // rather than a file with a hole
}

TEST_CASE("a name that the database can't hold is refused before the bytes come") {
    Database database;
    pg_storage::PgStorage storage(database.pool());
    CHECK(failure(storage.create(stored_uri("/\xff"))).code == ErrorCode::Invalid);
    CHECK(failure(storage.create(stored_uri("/" + std::string(2000, 'x')))).code == ErrorCode::Invalid);
}

TEST_CASE("many write and remove in one folder at once, and every file is whole or not there") {
    Database database;
    pg_storage::PgStorage storage(database.pool());
    std::vector<std::jthread> threads;
    for (int worker = 0; worker < 4; ++worker) {
        threads.emplace_back([&, worker] {
            for (int i = 0; i < 15; ++i) {
                const std::string name = "/d/" + std::to_string(i % 5);
                CHECK(storage.put(stored_uri(name), std::string(1000, static_cast<char>('a' + worker))));
                if (i % 4 == worker) static_cast<void>(storage.remove_all(stored_uri("/d")));
                const auto got = storage.get(stored_uri(name), 10'000);
                if (got) CHECK(*got == std::string(1000, (*got)[0]));
            }
        });
    }
    threads.clear();
    storage.remove_all(stored_uri("/d"));
    CHECK(database.one("select count(*) from sluice.stored_contents where released_at is null") == "0");
}
