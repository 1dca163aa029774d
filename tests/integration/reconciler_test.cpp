#include "maintenance/reconciler.h"

#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// Rows planted by hand, and a reconciler that sweeps all the time.
class ReconcilerRig {
  public:
    ReconcilerRig() {
        plant("insert into sluice.services (service_id, roles, state, host, pid, version, lease_until) values "
              "('alive', '{worker}', 'RUNNING', 'here', 1, '1', now() + interval '1 hour')");
        plant("insert into sluice.flows (namespace, flow_id, revision, source, definition) values "
              "('company', 'hello', 1, '', '{\"concurrency\": {\"limit\": 2}}')");
        signals_.start();
    }
    ~ReconcilerRig() {
        reconciler_.stop();
        signals_.stop();
    }

    void plant(const std::string& sql) { database_.run(sql); }
    std::string one(const std::string& sql) { return database_.one(sql); }
    void start() { reconciler_.start(); }

    /// An execution of so long ago.
    std::string execution(const std::string& state, const std::string& age = "10 minutes") {
        const std::string id = one("select sluice.new_id()");
        const bool over = one("select sluice.is_over('" + state + "')") == "t" || state == "PAUSED";
        const std::string at = "now() - interval '" + age + "'";
        plant("insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, ended_at) values ('" + id +
              "', 'company', 'hello', 1, '" + state + "', " + at + ", " + (over ? at : "null") + ")");
        return id;
    }
    void task_run(const std::string& execution, const std::string& id, const std::string& state, int epoch = 1) {
        plant("insert into sluice.task_runs (execution_id, id, ordinal, namespace, flow_id, task_id, state, created_at, "
              "started_at, ended_at, epoch, attempts) values ('" + execution + "', '" + id + "', 1, 'company', 'hello', 'task', '" +
              state + "', now() - interval '10 minutes', now() - interval '10 minutes', now() - interval '10 minutes', " +
              std::to_string(epoch) + ", '[{}, {}]')");
    }
    std::string violations(const std::string& older = "0") {
        return one("select string_agg(distinct invariant, ' ' order by invariant) from sluice.invariants('" + older + "')");
    }
    std::string repaired(const std::string& invariant) {
        return one("select repaired from sluice.repairs where invariant = '" + invariant + "'");
    }

  private:
    Database database_{};
    pg::Signals signals_{{.connection = {.url = database_.url()}}, database_.pool().clock()};
    maintenance::Reconciler reconciler_{database_.pool(), signals_, {.every = 240ms, .piece = 2}};
};

}  // namespace

TEST_CASE("each broken invariant is found by its name, repaired once, and counted") {
    ReconcilerRig rig;
    struct Case {
        const char* invariant;
        std::function<void()> plant;
        std::string then;  // true when it is repaired
    };
    const std::string over = rig.execution("SUCCESS");
    rig.task_run(over, "over", "SUCCESS");
    const std::string old = "now() - interval '10 minutes'";
    const Case cases[] = {
        {"job_has_a_live_task_run",
         [&] {
             rig.plant("insert into sluice.jobs (execution_id, task_run_id, epoch, payload, created_at) values ('" + over +
                       "', 'over', 1, '{}', " + old + ")");
         },
         "select count(*) = 0 from sluice.jobs"},
        {"claim_has_a_live_task_run",
         [&] {
             rig.plant("insert into sluice.claims (execution_id, task_run_id, epoch, service_id, worker_group, payload, claimed_at) "
                       "values ('" + over + "', 'over', 1, 'alive', '', '{}', " + old + ")");
         },
         "select cancelled from sluice.claims"},
        {"slot_has_a_live_owner",
         [&] {
             rig.plant("insert into sluice.concurrency_slots values ('company', 'hello', '" + over + "', " + old + ")");
         },
         "select count(*) = 0 from sluice.concurrency_slots"},
        {"queued_execution_is_live",
         [&] {
             rig.plant("insert into sluice.queued_executions (namespace, flow_id, execution_id, queued_at) values "
                       "('company', 'hello', '" + over + "', " + old + ")");
         },
         "select count(*) = 0 from sluice.queued_executions"},
        {"timer_has_a_live_execution",
         [&] {
             rig.plant("insert into sluice.timers (due_at, execution_id, kind) values (now() + interval '1 hour', '" + over +
                       "', 'pause')");
         },
         "select count(*) = 0 from sluice.timers"},
        {"trigger_waits_for_a_live_execution",
         [&] {
             rig.plant("insert into sluice.triggers (namespace, flow_id, trigger_id, flow_revision, type, definition, execution_id, "
                       "updated_at) values ('company', 'hello', 'daily', 1, 'x', '', '" + over + "', " + old + ")");
         },
         "select execution_id is null from sluice.triggers"},
        {"schedule_has_a_next_date",
         [&] {
             rig.plant("insert into sluice.triggers (namespace, flow_id, trigger_id, flow_revision, type, definition, planned, "
                       "upcoming, updated_at) values ('company', 'hello', 'lost', 1, 'io.kestra.plugin.core.trigger.Schedule', '', "
                       "true, array[now() + interval '1 hour'], " + old + ")");
         },
         "select not planned from sluice.triggers where trigger_id = 'lost'"},
    };
    CHECK(rig.violations() == "");
    rig.start();
    for (const Case& one : cases) {
        CAPTURE(one.invariant);
        one.plant();
        CHECK(eventually([&] { return rig.repaired(one.invariant) == "1"; }));
        CHECK(rig.one(one.then) == "t");
        CHECK(rig.violations() == "");
    }
    CHECK(rig.one("select sum(repaired) from sluice.repairs") == std::to_string(std::size(cases)));
}

TEST_CASE("each broken invariant is listed with a sentence and the row's id") {
    ReconcilerRig rig;
    const std::string over = rig.execution("FAILED");
    rig.plant("insert into sluice.timers (due_at, execution_id, kind) values (now(), '" + over + "', 'retry')");
    CHECK(rig.one("select id from sluice.invariants()") == over);
    CHECK(contains(rig.one("select finding from sluice.invariants()"), "belongs to execution " + over + ", which is over"));
    CHECK(rig.one("select severity from sluice.doctor() where \"check\" = 'invariants'") == "ERROR");
}

TEST_CASE("an execution without a reason to wake gets the event that was lost") {
    ReconcilerRig rig;
    const std::string created = rig.execution("CREATED");
    const std::string running = rig.execution("RUNNING");
    const std::string without_job = rig.execution("RUNNING");
    rig.task_run(without_job, "jobless", "CREATED", 3);
    const std::string retrying = rig.execution("RETRYING");
    rig.task_run(retrying, "sleepless", "RETRYING");
    const std::string queued = rig.execution("QUEUED");
    CHECK(rig.one("select count(*) from sluice.invariants() where invariant = 'execution_has_a_reason_to_wake'") == "5");
    rig.start();
    CHECK(eventually([&] { return rig.repaired("execution_has_a_reason_to_wake") == "5"; }));
    const auto event_of = [&](const std::string& id) {
        return rig.one("select string_agg(concat_ws(' ', kind, task_run_id, payload ->> 'epoch', payload -> 'payload' ->> 'attempt'), ',') "
                       "from sluice.execution_events where execution_id = '" + id + "' and kind <> 'slot_given'");
    };
    CHECK(event_of(created) == "started");
    CHECK(event_of(running) == "continued");
    CHECK(event_of(without_job) == "worker_lost jobless 3");
    CHECK(event_of(retrying) == "timer_fired sleepless 2");
    // It waits in the queue again, and gets a slot that is free once it has waited a while.
    CHECK(event_of(queued) == "");
    CHECK(rig.one("select count(*) from sluice.queued_executions where execution_id = '" + queued + "'") == "1");
}

TEST_CASE("slots that are free go to those that wait longest, and no more than there are") {
    ReconcilerRig rig;
    std::vector<std::string> waiting;
    for (int i = 0; i < 3; ++i) {
        waiting.push_back(rig.execution("QUEUED"));
        rig.plant("insert into sluice.queued_executions (namespace, flow_id, execution_id, queued_at) values "
                  "('company', 'hello', '" + waiting.back() + "', now() - interval '10 minutes')");
    }
    CHECK(rig.violations() == "slots_are_used");
    rig.start();
    CHECK(eventually([&] { return rig.repaired("slots_are_used") == "2"; }));
    CHECK(rig.violations() == "");
    CHECK(rig.one("select execution_id from sluice.queued_executions") == waiting[2]);
    CHECK(rig.one("select string_agg(execution_id, ' ' order by seq) from sluice.execution_events where kind = 'slot_given'") ==
          waiting[0] + " " + waiting[1]);
}

TEST_CASE("a claim of a service that is no more becomes an event of its execution") {
    ReconcilerRig rig;
    const std::string running = rig.execution("RUNNING");
    rig.plant("insert into sluice.claims (execution_id, task_run_id, epoch, service_id, worker_group, payload, claimed_at) values ('" +
              running + "', 'run', 2, 'nobody', '', '{}', now() - interval '10 minutes')");
    rig.task_run(running, "run", "CREATED", 2);
    CHECK(rig.violations() == "claim_has_a_living_owner");
    rig.start();
    CHECK(eventually([&] { return rig.repaired("claim_has_a_living_owner") == "1"; }));
    CHECK(rig.one("select kind || task_run_id || (payload ->> 'epoch') from sluice.execution_events") == "worker_lostrun2");
}

TEST_CASE("whatever an execution may wait for is a reason, and what is broken for a moment only is left alone") {
    ReconcilerRig rig;
    const std::string fresh = rig.execution("RUNNING", "1 second");
    const std::string marker = rig.execution("RUNNING");
    const std::string later = "(due_at, execution_id, kind) values (now() + interval '1 hour', '";
    for (const std::string reason : {"timers", "event", "parked", "child", "paused", "held"}) {
        const std::string id = rig.execution("RUNNING");
        if (reason == "timers") rig.plant("insert into sluice.timers " + later + id + "', 'sla:x')");
        if (reason == "event") rig.plant("insert into sluice.execution_events (execution_id, kind) values ('" + id + "', 'continued')");
        if (reason == "parked")
            rig.plant("insert into sluice.parked_events (queue, execution_id, content, error) values ('execution_events', '" + id +
                      "', '{}', 'e')");
        if (reason == "child") {
            const std::string child = rig.execution("PAUSED");
            rig.task_run(child, "approval", "PAUSED");
            rig.plant("update sluice.executions set caller_id = '" + id + "', caller_task_run_id = 'r' where id = '" + child + "'");
        }
        if (reason == "paused") rig.task_run(id, "waits", "PAUSED");
        if (reason == "held") rig.plant("update sluice.executions set progress = '{\"held\": true}' where id = '" + id + "'");
    }
    CHECK(rig.one("select string_agg(id, ' ' order by id) from sluice.invariants()") == fresh + " " + marker);
    rig.start();
    CHECK(eventually([&] { return rig.repaired("execution_has_a_reason_to_wake") == "1"; }));
    CHECK(rig.one("select last_id from sluice.repairs where repaired > 0") == marker);
    CHECK(rig.violations("0") == "execution_has_a_reason_to_wake");
    CHECK(rig.violations("1 minute") == "");
}
