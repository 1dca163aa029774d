#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// A daily schedule with a date to come, and a scheduler that leads.
struct Daily : Database {
    Daily() {
        run("insert into sluice.flows (namespace, flow_id, revision, source, definition) values ('company', 'hello', 1, '', "
            "'{\"triggers\": [{\"id\": \"daily\", \"stopAfter\": [\"FAILED\"]}]}')");
        run("insert into sluice.triggers (namespace, flow_id, trigger_id, flow_revision, type, definition, planned, next_at) "
            "values ('company', 'hello', 'daily', 1, 'io.kestra.plugin.core.trigger.Schedule', '', true, now() + interval '1 hour')");
        run("insert into sluice.services (service_id, roles, state, host, pid, version, lease_until) values "
            "('one', '{scheduler}', 'RUNNING', 'here', 1, '1', now() + interval '1 hour')");
        run("insert into sluice.leadership (role, service_id, epoch) values ('scheduler', 'one', 1)");
    }
    void change(const std::string& set) { run("update sluice.triggers set " + set); }
    std::string codes() {
        return one("select string_agg(code, ' ') from sluice.why_trigger('company', 'hello', 'daily')");
    }
    std::string reason(const std::string& code) {
        return one("select reason from sluice.why_trigger('company', 'hello', 'daily') where code = '" + code + "'");
    }
    std::string fired(const std::string& state) {
        const std::string id = one("select sluice.new_id()");
        run("insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, ended_at) values ('" + id +
            "', 'company', 'hello', 1, '" + state + "', now(), case when sluice.is_over('" + state + "') then now() end)");
        run("insert into sluice.fires (namespace, flow_id, trigger_id, scheduled_at, fate, execution_id, epoch) values "
            "('company', 'hello', 'daily', now(), 'FIRED', '" + id + "', 1)");
        return id;
    }
};

}  // namespace

TEST_CASE("why_trigger tells the next date of a trigger that nothing stops, and what became of the last one") {
    Daily daily;
    CHECK(daily.codes() == "NEXT");
    const std::string id = daily.fired("SUCCESS");
    CHECK(daily.codes() == "NEXT LAST");
    CHECK(contains(daily.reason("LAST"), "was FIRED: execution " + id + ", SUCCESS"));
    daily.change("next_at = now() - interval '1 second'");
    CHECK(daily.codes() == "DUE LAST");
    CHECK_THROWS(daily.one("select * from sluice.why_trigger('company', 'hello', 'none')"));
}

TEST_CASE("why_trigger names what stops a trigger") {
    Daily daily;
    const std::string id = daily.fired("RUNNING");
    daily.change("execution_id = '" + id + "'");
    CHECK(daily.codes() == "LOCKED NEXT LAST");
    CHECK(contains(daily.reason("LOCKED"), "execution " + id + ", which is RUNNING, must end"));
    daily.change("execution_id = 'purged'");
    CHECK(contains(daily.reason("LOCKED"), "which is no more"));
    daily.change("execution_id = null, error = 'no such zone'");
    CHECK(daily.codes() == "ERROR NEXT LAST");
    daily.change("error = null, planned = false");
    CHECK(daily.codes() == "NOT_PLANNED LAST");
    daily.change("planned = true, next_at = null");
    CHECK(daily.codes() == "NO_DATE LAST");
    daily.change("disabled = true");
    CHECK(contains(daily.reason("DISABLED"), "a person or a Toggle task"));
    daily.run("update sluice.executions set state = 'FAILED', ended_at = now()");
    CHECK(contains(daily.reason("DISABLED"), "its stopAfter names FAILED, and execution " + id));
    daily.run("update sluice.services set lease_until = now()");
    CHECK(contains(daily.reason("NO_LEADER"), "no scheduler is alive"));
    daily.run("update sluice.flows set disabled = true");
    CHECK(daily.codes() == "FLOW_DISABLED DISABLED NO_LEADER LAST");
    daily.run("update sluice.triggers set type = 'io.kestra.plugin.core.http.Trigger', disabled = false, next_at = now()");
    CHECK(contains(daily.reason("NEXT"), "a worker evaluates it at"));
    daily.run("update sluice.flows set deleted = true");
    CHECK(contains(daily.reason("FLOW_DELETED"), "is deleted"));
}
