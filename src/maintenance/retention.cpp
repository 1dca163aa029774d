#include "maintenance/retention.h"

#include "queue/repairs.h"
#include "storage/layout.h"

namespace sluice::maintenance {
namespace {

constexpr Duration kPollForWork = 60s;
constexpr std::size_t kFoldersAtOnce = 100;
constexpr std::size_t kFiresAtOnce = 10'000;
constexpr Duration kPauseForOthers = 5min;  // a week's tables could not be locked: each try reads and notes the week
// To look at a week of millions takes its time, and no plan fits a full week and an empty one.
constexpr const char* kSettings =
    "set local statement_timeout = '10min'; set local plan_cache_mode = force_custom_plan";
// Where a sweep is before it comes to ids, all of which sort after these.
const std::string kAtWeeks = "!";
const std::string kAtRows = "#";
constexpr const char* kLastOfAll = "~";  // sorts after all ids

}  // namespace

bool drop_week(pg::Pool& pool, std::optional<Duration> base, Purged& purged) {
    const auto week = pool.in_transaction([&](pg::Transaction& tx) {
        tx.run_text(kSettings);
        return store::drop_week(tx, base);
    });
    if (!week || !week->dropped) return false;
    ++purged.weeks;
    purged.executions += week->executions;
    return true;
}

bool remove_files(pg::Pool& pool, storage::Storage& storage, Purged& purged, std::string& after) {
    const auto places = pool.with_connection(
        [&](pg::Connection& connection) { return store::purged_places(connection, after, kFoldersAtOnce); });
    after = places.empty() ? std::string() : places.back().execution_id;
    if (places.empty()) return false;
    std::vector<store::PurgedPlace> gone;
    for (const store::PurgedPlace& place : places) {
        try {
            purged.files += static_cast<std::int64_t>(storage.remove_all(
                storage::execution_folder({place.flow.namespace_name, place.flow.id, place.execution_id})));
            gone.push_back(place);
        } catch (const storage::StorageError& stays) {
            ++purged.stay;
            purged.why = stays.what();
        }
    }
    if (!gone.empty())
        pool.with_connection([&](pg::Connection& connection) { store::forget_purged(connection, gone); });
    return true;
}

Purged purge(pg::Pool& pool, storage::Storage& storage, const store::PurgeScope& scope,
             const std::function<bool(const Purged&)>& told) {
    const RetentionConfig sizes;
    Purged purged;
    const bool by_rules = !scope.age && !scope.name_space && !scope.states;
    while (by_rules && drop_week(pool, scope.base, purged)) {
        if (!told(purged)) return purged;
    }
    for (std::string reached;;) {
        std::string end;
        std::size_t count = 0;
        pool.in_transaction([&](pg::Transaction& tx) {
            tx.run_text(kSettings);
            end = queue::end_of_piece(tx, reached, sizes.piece);
            count = store::purge_over_age(tx, scope, reached, end.empty() ? kLastOfAll : end, sizes.batch);
        });
        purged.executions += static_cast<std::int64_t>(count);
        if (!told(purged)) return purged;
        if (count == sizes.batch) continue;
        if (end.empty()) break;
        reached = end;
    }
    for (std::string after; remove_files(pool, storage, purged, after) && told(purged);) {}
    return purged;
}

Retention::Retention(pg::Pool& pool, storage::Storage& storage, RetentionConfig config)
    : Service("retention", {.poll = std::min(config.every, kPollForWork)}),
      pool_(pool),
      storage_(storage),
      config_(config) {}

/// One transaction: a whole week, or a batch of executions, or the way to where there is something.
void Retention::purge_piece() {
    std::size_t count = 0;
    std::optional<store::OldWeek> week;
    pool_.in_transaction([&](pg::Transaction& tx) {
        count = 0;
        week.reset();
        pause_ = Duration::max();
        auto sweep = store::begin_retention(tx, config_.every);
        if (!sweep) return;
        pause_ = config_.pause;
        tx.run_text(kSettings);
        if (sweep->begins || sweep->reached == kAtWeeks) {
            week = store::drop_week(tx, config_.keep);
            if (week && !week->dropped) pause_ = kPauseForOthers;
            if (week) return store::end_retention(tx, kAtWeeks, week->dropped ? week->executions : 0);
            sweep->reached = kAtRows;
        }
        const std::string end = queue::end_of_piece(tx, sweep->reached, config_.piece);
        count = store::purge_over_age(tx, {.base = config_.keep}, sweep->reached, end.empty() ? kLastOfAll : end,
                                      config_.batch);
        const bool is_piece_done = count < config_.batch;
        store::end_retention(tx, is_piece_done ? end : sweep->reached, static_cast<std::int64_t>(count));
        if (is_piece_done && end.empty()) pause_ = Duration::max();
    });
    if (week) {
        log_.info(week->dropped ? "week.dropped" : "week.busy",
                  {{"week", to_iso(week->begins)}, {"executions", week->executions}, {"bytes", week->bytes}});
    }
    if (count > 0) log_.info("executions.purged", {{"count", count}});
}

Turn Retention::turn(std::stop_token) {
    // Between two pieces there are files to remove, which is no reason to hurry with the next piece.
    const auto now = std::chrono::steady_clock::now();
    if (now >= next_piece_) {
        purge_piece();
        next_piece_ = now + (pause_ == Duration::max() ? config_.pause : pause_);
    }
    Purged purged;
    const bool removed = remove_files(pool_, storage_, purged, files_after_);
    if (purged.files > 0) log_.info("files.purged", {{"count", purged.files}});
    if (purged.stay > 0) log_.warn("files.stay", {{"executions", purged.stay}, {"reason", purged.why}});
    const std::size_t fires = pool_.with_connection(
        [&](pg::Connection& connection) { return store::prune_fires(connection, config_.fires, kFiresAtOnce); });
    if (fires > 0) log_.info("fires.pruned", {{"count", fires}});
    return removed ? Turn::Worked : Turn::Idle;
}

}  // namespace sluice::maintenance
