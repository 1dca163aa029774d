#include "cluster/switches.h"

#include "cluster/membership.h"
#include "executor/executor.h"
#include "queue/repairs.h"
#include "store/polls.h"
#include "store/triggers.h"
#include "support/database.h"
#include "support/test.h"
#include "tasks/catalog.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// An executor on a database of its own: one flow that it runs by itself, and one that waits for a person.
class SwitchRig {
  public:
    SwitchRig() {
        save("id: hello\nnamespace: company.team\ntasks: [{id: log, type: core.log.Log, message: hi}]\n");
        save("id: waits\nnamespace: company.team\ntasks: [{id: wait, type: core.flow.Pause}]\n");
        executor_.start();
    }
    ~SwitchRig() { executor_.stop(); }

    std::string start(const std::string& flow) {
        return one("select sluice.start_execution('company.team', '" + flow + "')");
    }
    std::string one(const std::string& sql) { return database_.one(sql); }
    void run(const std::string& sql) { database_.run(sql); }
    bool comes_to(const std::string& sql, const std::string& value) {
        return eventually([&] { return one(sql) == value; });
    }
    bool comes_into(const std::string& id, const std::string& state) {
        return comes_to("select state from sluice.executions where id = '" + id + "'", state);
    }
    std::string codes(const std::string& id) {
        return one("select string_agg(code, ' ' order by code) from sluice.why('" + id + "')");
    }

  private:
    void save(const std::string& source) {
        const flow::ParsedFlow parsed = flows_.parse(source);
        database_.pool().in_transaction(
            [&](pg::Transaction& tx) { ok(store::save_flow(tx, parsed, source, store::Save::Either, "", instance_)); });
    }
    Database database_{};
    pg::Signals signals_{{.connection = {.url = database_.url()}}, database_.pool().clock()};
    plugin::TaskCatalog catalog_ = tasks::builtin_catalog();
    store::Flows flows_{catalog_.types(), {}};
    store::Instance instance_{};
    const executor::Runtime runtime_{flows_, catalog_, instance_};
    executor::Executor executor_{database_.pool(), signals_, runtime_, {.poll = 20ms}};
};

std::size_t taken(Database& database, const ServiceId& worker, const std::string& queue) {
    return database.pool().with_connection(
        [&](pg::Connection& connection) { return queue::take_jobs(connection, 10, queue, 0, worker).size(); });
}

}  // namespace

TEST_CASE("in maintenance mode nothing begins, what has begun goes on, and afterwards all that waited begins") {
    SwitchRig rig;
    const std::string waiting = rig.start("waits");
    CHECK(rig.comes_into(waiting, "PAUSED"));
    CHECK(rig.one("select sluice.enter_maintenance('new disks')") == "t");
    CHECK(rig.one("select sluice.enter_maintenance('again')") == "f");
    const std::string late = rig.start("hello");
    rig.run("select sluice.resume_execution('" + waiting + "')");
    CHECK(rig.comes_into(waiting, "SUCCESS"));
    CHECK(rig.one("select string_agg(kind, ',') from sluice.execution_events") == "started");
    CHECK(rig.one("select state from sluice.executions where id = '" + late + "'") == "CREATED");
    CHECK(rig.codes(late) == "EVENT MAINTENANCE");

    CHECK(rig.one("select sluice.exit_maintenance()") == "t");
    CHECK(rig.comes_into(late, "SUCCESS"));
}

TEST_CASE("in maintenance mode workers get only what belongs to a folder of theirs, and no trigger is due") {
    Database database;
    cluster::Membership membership(database.pool(), {.roles = {"worker"}, .host = "test", .version = "1"}, {});
    membership.join();
    const std::string own = "@" + membership.id().text();
    const auto put = [&](const std::string& queue, const std::string& run) {
        database.run("insert into sluice.jobs (worker_group, execution_id, task_run_id, epoch, payload) values ('" +
                     queue + "', sluice.new_id(), '" + run + "', 1, '{}')");
    };
    database.run(
        "insert into sluice.triggers (namespace, flow_id, trigger_id, flow_revision, type, definition, planned, "
        "next_at) "
        "values ('company', 'hello', 'each', 1, 'core.trigger.Schedule', '', true, now())");
    const auto next = [&] {
        return database.pool().with_connection([](pg::Connection& c) { return store::next_trigger(c); });
    };
    CHECK(next().wait == Duration{0});

    database.run("select sluice.enter_maintenance('')");
    put("", "run-a");
    put(own, "run-b");
    CHECK(taken(database, membership.id(), "") == 0);
    CHECK(taken(database, membership.id(), own) == 1);
    CHECK(next().in_maintenance);
    CHECK_FALSE(next().wait.has_value());

    database.run("select sluice.exit_maintenance()");
    CHECK(taken(database, membership.id(), "") == 1);
    CHECK_FALSE(next().in_maintenance);
}

TEST_CASE("a kill switch ends what is there and what begins, says why, and lets go when it is lifted") {
    SwitchRig rig;
    const std::string waiting = rig.start("waits");
    CHECK(rig.comes_into(waiting, "PAUSED"));
    const std::string id = rig.one("select sluice.set_kill_switch('company', null, null, 'it costs too much')");
    CHECK(rig.comes_into(waiting, "KILLED"));
    const std::string next = rig.start("hello");
    CHECK(rig.comes_into(next, "KILLED"));
    CHECK(rig.one("select message from sluice.logs where execution_id = '" + next + "'") ==
          "killed by a kill switch: it costs too much");
    CHECK(rig.one("select count(*) from sluice.task_runs where execution_id = '" + next + "'") == "0");
    // Who restarts it starts nothing.
    rig.run("select sluice.put_event('" + waiting + "', 'restart_requested')");
    CHECK(rig.comes_to("select count(*) from sluice.execution_events", "0"));
    CHECK(rig.comes_into(waiting, "KILLED"));

    CHECK(rig.one("select sluice.lift_kill_switch(" + id + ")") == "t");
    CHECK(rig.comes_into(rig.start("hello"), "SUCCESS"));
}

TEST_CASE("a kill switch is of a namespace with those below it, of one flow, or of one execution") {
    Database database;
    const auto reason = [&](const std::string& name_space, const std::string& flow) {
        return database.one("select sluice.kill_reason('" + name_space + "', '" + flow + "', 'x')");
    };
    database.run(
        "select sluice.set_kill_switch('company', null, null, 'all'), "
        "sluice.set_kill_switch('other', 'one', null, 'flow')");
    CHECK(reason("company", "any") == "all");
    CHECK(reason("company.team", "any") == "all");
    CHECK(reason("companies", "any") == "");
    CHECK(reason("other", "one") == "flow");
    CHECK(reason("other", "two") == "");
    CHECK(reason("other.team", "one") == "");
    CHECK_THROWS(database.run("select sluice.set_kill_switch(null, 'one', null, '')"));
    CHECK_THROWS(database.run("select sluice.set_kill_switch(null, null, 'nowhere', '')"));
}

TEST_CASE("what began while a kill switch was being set is not claimed, and ends") {
    Database database;
    cluster::Membership membership(database.pool(), {.roles = {"worker"}, .host = "test", .version = "1"}, {});
    membership.join();
    database.run(
        "insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, started_at) "
        "values (sluice.new_id(), 'company', 'hello', 1, 'RUNNING', now(), now())");
    const std::string id = database.one("select id from sluice.executions");
    database.run("insert into sluice.jobs (execution_id, task_run_id, epoch, payload) values ('" + id +
                 "', 'run', 1, '{}')");
    database.run("insert into sluice.kill_switches (namespace, reason, created_by) values ('company', '', 'me')");
    CHECK(taken(database, membership.id(), "") == 0);
    const auto enforce = [&] {
        return database.pool().in_transaction([](pg::Transaction& tx) { return queue::kill_unkilled(tx); });
    };
    CHECK(enforce() == std::vector{id});
    CHECK(enforce().empty());
    CHECK(database.one("select kind from sluice.execution_events") == "kill_requested");
}

TEST_CASE("what came to a pause while a kill switch was being set ends, too") {
    Database database;
    database.run("insert into sluice.kill_switches (namespace, reason, created_by) values ('company', '', 'me')");
    database.run(
        "insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, started_at, "
        "ended_at) "
        "values (sluice.new_id(), 'company', 'waits', 1, 'PAUSED', now(), now(), now()), "
        "(sluice.new_id(), 'other', 'waits', 1, 'PAUSED', now(), now(), now())");
    CHECK(database.one("select string_agg(e.namespace, ' ') from sluice.unkilled() u join sluice.executions e "
                       "on e.id = u") == "company");
}

TEST_CASE("announcements are shown within their time, the gravest first") {
    Database database;
    database.run(
        "select sluice.announce('hello'), sluice.announce('down', 'error', now() - interval '1 hour'), "
        "sluice.announce('later', 'INFO', now() + interval '1 hour'), "
        "sluice.announce('over', 'INFO', now() - interval '2 hours', now() - interval '1 hour')");
    const auto shown = [&](bool all) {
        std::string out;
        for (const auto& one :
             database.pool().with_connection([&](pg::Connection& c) { return cluster::announcements(c, all); }))
            out += one.message + " ";
        return out;
    };
    CHECK(shown(false) == "down hello ");
    CHECK(shown(true) == "down over later hello ");
    CHECK_THROWS(database.run("select sluice.announce('x', 'LOUD')"));
}
