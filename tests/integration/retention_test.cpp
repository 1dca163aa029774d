#include "maintenance/retention.h"

#include "storage/layout.h"
#include "storage/memory_storage.h"
#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// Does not remove one folder.
class StubbornStorage : public storage::MemoryStorage {
  public:
    void refuse(std::optional<storage::Uri> folder) { refused_ = std::move(folder); }
    std::uint64_t remove_all(const storage::Uri& uri,
                             const std::function<void(const storage::Uri&)>& removed = {}) override {
        if (refused_ == uri) throw storage::StorageError("the disk is read-only");
        return MemoryStorage::remove_all(uri, removed);
    }

  private:
    std::optional<storage::Uri> refused_{};
};

/// Executions of long ago, planted by hand, with partitions for their weeks and files in a storage.
class RetentionRig {
  public:
    RetentionRig() {
        // The first week of a new database begins at the lowest id: here it leaves room for those before.
        run("do $$ declare p text; t text; w timestamptz; begin "
            "foreach t in array array['executions', 'task_runs', 'loop_values', 'logs', 'metrics'] loop "
            "select min(c.relname) from pg_inherits i join pg_class c on c.oid = i.inhrelid "
            "where i.inhparent = ('sluice.' || t)::regclass into p; w := sluice.history_week(p); "
            "execute format('alter table sluice.%I detach partition sluice.%I', t, p); "
            "execute format('alter table sluice.%I attach partition sluice.%I for values from (%L) to (%L)', t, p, "
            "sluice.lowest_id(w), sluice.lowest_id(w + interval '7 days')); end loop; end $$");
    }
    void run(const std::string& sql) { database_.run(sql); }
    std::string one(const std::string& sql) { return database_.one(sql); }
    pg::Pool& pool() { return database_.pool(); }
    StubbornStorage& storage() { return storage_; }

    /// A partition for the week that is so long ago.
    void week_of(const std::string& age) {
        run("do $$ declare w timestamptz := sluice.week_of(now() - interval '" + age +
            "'); p text; t text; begin "
            "foreach t in array array['executions', 'task_runs', 'loop_values', 'logs', 'metrics'] loop "
            "p := t || '_' || to_char(w at time zone 'UTC', 'IYYY\"w\"IW'); "
            "execute format('create table sluice.%I (like sluice.%I including defaults including constraints)', p, t); "
            "execute format('alter table sluice.%I attach partition sluice.%I for values from (%L) to (%L)', t, p, "
            "sluice.lowest_id(w), sluice.lowest_id(w + interval '7 days')); end loop; end $$");
    }
    /// One that ended so long ago, with a task run, a line and a file.
    std::string execution(const std::string& age, const std::string& name_space = "company",
                          const std::string& state = "SUCCESS") {
        const std::string at = "now() - interval '" + age + "'";
        const bool over = one("select sluice.is_over('" + state + "')") == "t";
        const std::string id = one("select substr(sluice.lowest_id(" + at + "), 1, 9) || substr(sluice.new_id(), 10)");
        run("insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, ended_at) values "
            "('" +
            id + "', '" + name_space + "', 'hello', 1, '" + state + "', " + at + ", " + (over ? at : "null") + ")");
        run("insert into sluice.task_runs (execution_id, id, ordinal, namespace, flow_id, task_id, state, created_at) "
            "values ('" +
            id + "', '" + id + "', 1, '" + name_space + "', 'hello', 'task', '" + (over ? state : "RUNNING") + "', " +
            at + ")");
        run("insert into sluice.logs (execution_id, at, level, namespace, flow_id, message) values ('" + id + "', " +
            at + ", 2, '" + name_space + "', 'hello', 'hi')");
        ok(storage_.put(file_of(name_space, id), "text"));
        return id;
    }
    bool has(const std::string& id) { return one("select id from sluice.executions where id = '" + id + "'") == id; }
    bool has_file(const std::string& id, const std::string& name_space = "company") {
        return storage_.exists(file_of(name_space, id));
    }
    maintenance::Purged purge(const store::PurgeScope& scope) {
        return maintenance::purge(pool(), storage_, scope, [](const auto&) { return true; });
    }

  private:
    static storage::Uri file_of(const std::string& name_space, const std::string& id) {
        return storage::execution_folder({name_space, "hello", id}) / "out.txt";
    }

    Database database_{};
    StubbornStorage storage_{};
};

}  // namespace

TEST_CASE("the most specific rule says how long executions are kept, and what runs stays") {
    RetentionRig rig;
    rig.week_of("40 days");
    rig.run(
        "select sluice.set_retention('', '', '30 days'), sluice.set_retention('', 'FAILED', '60 days'), "
        "sluice.set_retention('company.law', '', null), sluice.set_retention('company.law.drafts', '', '1 day')");
    const std::string old = rig.execution("40 days");
    const std::string failed = rig.execution("40 days", "company", "FAILED");
    const std::string held = rig.execution("40 days", "company.law");
    const std::string draft = rig.execution("40 days", "company.law.drafts");
    const std::string running = rig.execution("40 days", "company", "RUNNING");
    const std::string young = rig.execution("2 minutes");

    CHECK(rig.one("select string_agg(namespace || ' ' || state || ' ' || executions, ', ' order by namespace) "
                  "from sluice.purge_plan()") == "company SUCCESS 1, company.law.drafts SUCCESS 1");
    const maintenance::Purged purged = rig.purge({});
    CHECK(purged.executions == 2);
    CHECK(purged.files == 2);
    CHECK_FALSE(rig.has(old));
    CHECK_FALSE(rig.has(draft));
    CHECK_FALSE(rig.has_file(old));
    for (const std::string& id : {failed, held, running, young}) CHECK(rig.has(id));
    CHECK(rig.has_file(failed));
    CHECK(rig.one("select count(*) from sluice.task_runs") == "4");
    CHECK(rig.one("select count(*) from sluice.logs") == "4");
    CHECK(rig.one("select count(*) from sluice.purged_executions") == "0");
}

TEST_CASE("what may go on after its end is not over age: a repetition that waits, a task after the end, an event") {
    RetentionRig rig;
    rig.week_of("40 days");
    const std::string repeated = rig.execution("40 days", "company", "FAILED");
    const std::string after = rig.execution("40 days");
    const std::string asked = rig.execution("40 days");
    rig.run("insert into sluice.timers (due_at, execution_id, kind) values (now(), '" + repeated +
            "', 'retry-execution')");
    rig.run("update sluice.task_runs set state = 'RUNNING' where execution_id = '" + after + "'");
    rig.run("insert into sluice.execution_events (execution_id, kind) values ('" + asked + "', 'restart_requested')");
    CHECK(rig.purge({.age = 1h}).executions == 0);
    rig.run("delete from sluice.timers");
    CHECK(rig.purge({.age = 1h}).executions == 1);
    CHECK_FALSE(rig.has(repeated));
}

TEST_CASE("what somebody restarts while it is looked for stays, and what a running execution may read") {
    RetentionRig rig;
    rig.week_of("40 days");
    const std::string restarted = rig.execution("40 days", "company", "FAILED");
    const std::string parent = rig.execution("40 days", "company", "RUNNING");
    const std::string child = rig.execution("40 days");
    const std::string old = rig.execution("40 days");
    rig.run("update sluice.executions set caller_id = '" + parent + "' where id = '" + child + "'");
    // As if the restart were committed between the look and the locks.
    rig.run(
        "create function restart_meanwhile() returns trigger language plpgsql as $$ begin "
        "insert into sluice.execution_events (execution_id, kind) values (new.execution_id, 'restart_requested'); "
        "return new; end $$; create trigger restart after insert on sluice.purged_executions for each row "
        "when (new.execution_id = '" +
        restarted + "') execute function restart_meanwhile()");
    CHECK(rig.purge({.age = 1h}).executions == 1);
    CHECK_FALSE(rig.has(old));
    for (const std::string& id : {restarted, parent, child}) {
        CHECK(rig.has(id));
        CHECK(rig.has_file(id));
    }
    CHECK(rig.one("select count(*) from sluice.purged_executions") == "0");
}

TEST_CASE("files that can't be removed keep no others") {
    RetentionRig rig;
    rig.week_of("40 days");
    const std::string stuck = rig.execution("40 days", "stuck");
    const std::string other = rig.execution("40 days");
    rig.storage().refuse(storage::execution_folder({"stuck", "hello", stuck}));
    const maintenance::Purged purged = rig.purge({.age = 1h});
    CHECK(purged.executions == 2);
    CHECK(purged.files == 1);
    CHECK(purged.stay == 1);
    CHECK_FALSE(rig.has_file(other));
    CHECK(rig.one("select execution_id from sluice.purged_executions") == stuck);
    rig.storage().refuse({});
    CHECK(rig.purge({.age = 1h}).files == 1);
    CHECK_FALSE(rig.has_file(stuck, "stuck"));
}

TEST_CASE("a week of which nothing is kept goes as a whole; one with an execution that is kept does not") {
    RetentionRig rig;
    rig.week_of("100 days");
    rig.week_of("50 days");
    const std::string old = rig.execution("100 days");
    rig.execution("100 days");
    rig.execution("50 days");
    const std::string held = rig.execution("50 days", "law");
    rig.run("select sluice.set_retention('law', '', null)");
    rig.run("delete from sluice.recounts");
    const std::string weeks = "select count(*) from pg_inherits where inhparent = 'sluice.logs'::regclass";
    const std::string before = rig.one(weeks);

    CHECK(rig.one("select string_agg(executions::text, ',') from sluice.weeks_over_age('30 days')") == "2");
    const maintenance::Purged purged = rig.purge({.base = 30 * 24h});
    CHECK(purged.weeks == 1);
    CHECK(purged.executions == 3);
    CHECK(purged.files == 3);
    CHECK(std::stoi(rig.one(weeks)) == std::stoi(before) - 1);
    CHECK_FALSE(rig.has_file(old));
    CHECK(rig.has(held));
}

TEST_CASE("a week that somebody just changed, or works on, is left alone") {
    RetentionRig rig;
    rig.week_of("100 days");
    const std::string id = rig.execution("100 days");
    rig.run("delete from sluice.recounts");
    CHECK(rig.one("select count(*) from sluice.weeks_over_age('30 days')") == "1");
    rig.run("insert into sluice.recounts (prefix) values (left('" + id + "', 6))");
    CHECK(rig.one("select count(*) from sluice.weeks_over_age('30 days')") == "0");
    rig.run("delete from sluice.recounts");
    // Whoever reads the history holds it for a moment: then nothing happens, and nobody waits for long.
    rig.pool().in_transaction([&](pg::Transaction& reader) {
        reader.run_text("select count(*) from sluice.executions");
        CHECK(rig.one("select dropped from sluice.drop_week('30 days', '20 milliseconds')") == "f");
        CHECK(rig.one("select count(*) from sluice.purged_executions") == "0");
    });
    CHECK(rig.one("select dropped from sluice.drop_week('30 days')") == "t");
    CHECK(rig.one("select count(*) from sluice.purged_executions") == "1");
}

TEST_CASE("the sweep goes through all history in pieces, and is shared") {
    RetentionRig rig;
    rig.week_of("40 days");
    for (int i = 0; i < 7; ++i) rig.execution("40 days");
    const std::string young = rig.execution("1 minute");
    const maintenance::RetentionConfig config{.keep = 30 * 24h, .every = 60s, .pause = 1ms, .batch = 2, .piece = 3};
    rig.run("insert into sluice.recounts (prefix) select left(id, 6) from sluice.executions");  // not as a whole
    maintenance::Retention one(rig.pool(), rig.storage(), config), other(rig.pool(), rig.storage(), config);
    one.start();
    other.start();
    CHECK(eventually([&] { return rig.one("select count(*) from sluice.executions") == "1"; }));
    CHECK(eventually([&] { return rig.one("select reached || executions from sluice.retention_sweep") == "7"; }));
    CHECK(eventually([&] { return rig.one("select count(*) from sluice.purged_executions") == "0"; }));
    one.stop();
    other.stop();
    CHECK(rig.has(young));
    CHECK(rig.has_file(young));
}
