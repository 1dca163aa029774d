#pragma once
#include "queue/queue.h"
#include "scheduler/scheduler.h"
#include "store/flows.h"
#include "support/database.h"
#include "support/test.h"
#include "tasks/catalog.h"

namespace sluice::test {

/// A scheduler on a database of its own. Dates come due by moving them in the table: nothing waits for a clock.
class TriggerRig {
  public:
    TriggerRig() {
        membership_.join();
        signals_.start();
    }
    ~TriggerRig() {
        scheduler_.stop();
        signals_.stop();
    }

    void save(const std::string& triggers) {
        const std::string source =
            "id: hello\nnamespace: company\nvariables: {who: you}\ntasks:\n"
            "  - {id: log, type: core.log.Log, message: hi}\ntriggers:\n" +
            triggers;
        const flow::ParsedFlow parsed = flows_.parse(source);
        if (!parsed.ok()) FAIL(parsed.error().text());
        database_.pool().in_transaction([&](pg::Transaction& tx) {
            ok(store::save_flow(tx, parsed, source, store::Save::Either, "test", instance_));
        });
    }
    void start() { scheduler_.start(); }
    void wake() { scheduler_.waker().wake(); }
    /// The trigger was due a moment ago, or some time.
    void let_be_due(const std::string& trigger, const std::string& when) {
        database_.run("update sluice.triggers set next_at = " + when + " where trigger_id = '" + trigger + "'");
        wake();
    }
    void run(const std::string& sql) { database_.run(sql); }
    std::string one(const std::string& sql) { return database_.one(sql); }
    bool comes_to(const std::string& sql, const std::string& value) {
        return eventually([&] { return one(sql) == value; });
    }
    Database& database() { return database_; }

  private:
    Database database_{};
    pg::Signals signals_{{.connection = {.url = database_.url()}}, database_.pool().clock()};
    plugin::TaskCatalog catalog_ = tasks::builtin_catalog();
    store::Flows flows_{catalog_.types(), {}};
    store::Instance instance_{};
    cluster::Membership membership_{
        database_.pool(), {.roles = {"scheduler"}, .host = "test", .version = "1"}, {.lease = 1h, .self_fence = 1h}};
    scheduler::Scheduler scheduler_{database_.pool(),    signals_,      membership_, {.url = database_.url()},
                                    {flows_, instance_}, {.poll = 20ms}};
};

constexpr auto kDaily = "  - {id: daily, type: core.trigger.Schedule, cron: '0 3 * * *'";
// The last one that has passed: the next is still to come.
const std::string kLastDate = "date_trunc('day', now() - interval '3 hours') + interval '3 hours'";

}  // namespace sluice::test
