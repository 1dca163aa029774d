#include "maintenance/counter.h"

#include "sql/maintenance.h"

namespace sluice::maintenance {
namespace {

constexpr Duration kPoll = 15s;
constexpr std::int64_t kBucketsAtOnce = 12;   // some 15 ms each, with ten thousand executions an hour
constexpr std::int64_t kLogPiecesAtOnce = 4;  // some 100 ms each

}  // namespace

Counter::Counter(pg::Pool& pool, std::string version)
    : Service("counter", {.poll = kPoll}), pool_(pool), version_(std::move(version)) {}

Turn Counter::turn(std::stop_token) {
    const std::int64_t counted = pool_.in_transaction([&](pg::Transaction& tx) {
        // The buckets of an hour ago are full, those of last year may be empty: no plan fits both.
        tx.run_text("set local plan_cache_mode = force_custom_plan");
        return tx.run(sql::advance_counts, kBucketsAtOnce, version_)[0].integer();
    });
    if (counted > 0) log_.debug("executions.counted", {{"buckets", counted}});
    const std::int64_t pieces = pool_.in_transaction(
        [](pg::Transaction& tx) { return tx.run(sql::advance_log_counts, kLogPiecesAtOnce)[0].integer(); });
    if (pieces > 0) log_.debug("lines.counted", {{"pieces", pieces}});
    return counted + pieces > 0 ? Turn::Worked : Turn::Idle;
}

}  // namespace sluice::maintenance
