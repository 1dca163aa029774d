#include "queue/repairs.h"

#include "sql/queue.h"

namespace sluice::queue {
namespace {

std::vector<std::string> ids_of(const pg::Rows& rows) {
    std::vector<std::string> out;
    for (pg::Row row : rows) out.push_back(row.text());
    return out;
}

}  // namespace

std::vector<std::string> wake_executions(pg::Transaction& tx, Duration older, const std::string& after,
                                         const std::string& upto) {
    return ids_of(tx.run(sql::wake_executions, older, after, upto));
}

std::string end_of_piece(pg::Transaction& tx, const std::string& after, std::size_t most) {
    const pg::Rows rows = tx.run(sql::end_of_piece, after, most);
    return rows.empty() ? std::string() : rows[0].text();
}

std::vector<std::string> kill_unkilled(pg::Transaction& tx) {
    return ids_of(tx.run(sql::unkilled));
}
std::vector<std::string> drop_broken_jobs(pg::Transaction& tx, Duration older) {
    return ids_of(tx.run(sql::drop_broken_jobs, older));
}
std::vector<std::string> cancel_broken_claims(pg::Transaction& tx, Duration older) {
    return ids_of(tx.run(sql::cancel_broken_claims, older));
}
std::vector<std::string> reap_ownerless_claims(pg::Transaction& tx, Duration older) {
    return ids_of(tx.run(sql::reap_ownerless_claims, older));
}
std::vector<std::string> drop_broken_slots(pg::Transaction& tx, Duration older) {
    return ids_of(tx.run(sql::drop_broken_slots, older));
}
std::vector<std::string> drop_broken_queued(pg::Transaction& tx, Duration older) {
    return ids_of(tx.run(sql::drop_broken_queued, older));
}
std::vector<std::string> drop_broken_timers(pg::Transaction& tx, Duration older) {
    return ids_of(tx.run(sql::drop_broken_timers, older));
}

std::vector<std::string> give_free_slots(pg::Transaction& tx, Duration older) {
    std::vector<std::string> keys;
    for (pg::Row row : tx.run(sql::flows_with_free_slots, older)) {
        const std::string name = row.text();
        keys.push_back(name + "/" + row.text());
    }
    if (keys.empty()) return {};
    std::ranges::sort(keys);
    tx.run(sql::lock_slots, keys);
    return ids_of(tx.run(sql::give_free_slots, older, keys));
}

}  // namespace sluice::queue
