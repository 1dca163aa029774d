#include "pg/signals.h"

#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

TEST_CASE("a signal whose session ended meanwhile still reaches those who listen") {
    Database database;
    pg::Signals sender({.connection = {.url = database.url(), .application = "sender"}}, database.pool().clock());
    pg::Signals listener({.connection = {.url = database.url()}}, database.pool().clock());
    std::atomic<int> heard{0};
    listener.subscribe("sluice_test", [&](const std::vector<std::string>& payloads) {
        for (const std::string& one : payloads) heard += one == "*" ? 0 : 1;
    });
    sender.start();
    listener.start();
    REQUIRE(eventually([&] { return sender.connected() && listener.connected(); }));
    for (int round = 1; round <= 20; ++round) {
        REQUIRE(eventually([&] { return sender.connected(); }));
        database.run("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sender'");
        sender.notify("sluice_test", std::to_string(round));
        CHECK(eventually([&] { return heard == round; }));
    }
}
