#include "worker/key_reader.h"

#include <thread>

#include "support/database.h"
#include "support/test.h"

namespace sluice::worker {
namespace {

store::KvRow row_of(const std::string& key, std::int64_t value) {
    store::KvRow row;
    row.name_space = "space";
    row.key = key;
    row.kind = "NUMBER";
    row.value = value;
    return row;
}

}  // namespace

TEST_CASE("many tasks read keys together, and each gets its own, as new as its question") {
    constexpr int kTasks = 8;
    constexpr int kRounds = 25;
    test::Database database;
    KeyReader reader(database.pool());
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> tasks;
        for (int task = 0; task < kTasks; ++task) {
            tasks.emplace_back([&, key = "key" + std::to_string(task)] {
                for (int round = 0; round < kRounds; ++round) {
                    database.pool().with_connection(
                        [&](pg::Connection& connection) { store::kv_set(connection, row_of(key, round), {}, true); });
                    const auto found = reader.find({"space", key});
                    if (!found || found->value.as_integer() != round) ++wrong;
                    if (reader.find({"other", key})) ++wrong;
                }
            });
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("a key that the database refuses fails alone, whoever asks with it") {
    constexpr int kTasks = 6;
    test::Database database;
    database.pool().with_connection(
        [&](pg::Connection& connection) { store::kv_set(connection, row_of("key", 1), {}, true); });
    KeyReader reader(database.pool());
    std::atomic<int> refused = 0;
    std::atomic<int> found = 0;
    {
        std::vector<std::jthread> tasks;
        for (int task = 0; task < kTasks; ++task) {
            tasks.emplace_back([&, refuse = task % 2 == 0] {
                for (int round = 0; round < 10; ++round) {
                    try {
                        found += reader.find({"space", refuse ? "\xff" : "key"}) ? 1 : 0;
                    } catch (const pg::StatementError&) {
                        ++refused;
                    }
                }
            });
        }
    }
    CHECK(refused == 10 * kTasks / 2);
    CHECK(found == 10 * kTasks / 2);
}

}  // namespace sluice::worker
