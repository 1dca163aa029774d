#include "schedule/check_trigger.h"

#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

namespace {

using Texts = std::vector<std::string>;

Texts places(const flow::Trigger& trigger) {
    Texts out;
    for (const Error& detail : failure(check_trigger(trigger)).details) out.push_back(detail.place.property);
    return out;
}

}  // namespace

TEST_CASE("a good trigger of each kind passes") {
    ok(check_trigger(a_trigger("Schedule", {{"cron", "0 9 * * MON-FRI"}, {"timezone", "Europe/Berlin"}},
                               {a_condition("PublicHoliday", {{"country", "DE"}})})));
    ok(check_trigger(a_trigger("Schedule", {{"cron", "*/5 * * * * *"}, {"withSeconds", true}})));
    ok(check_trigger(a_trigger("ScheduleOnDates", {{"dates", Value(List{Value("2026-01-05T10:00:00Z")})}})));
    ok(check_trigger(a_trigger("ScheduleOnDates", {{"dates", "{{ vars.dates }}"}})));
    ok(check_trigger(a_trigger("ScheduleOnDates", {{"dates", Value(List{Value("{{ vars.date }}")})}})));
    ok(check_trigger(a_trigger("Flow", {}, {a_condition("ExecutionFlow", {{"namespace", "a"}, {"flowId", "b"}})})));
    ok(check_trigger(a_trigger("Webhook", {{"key", "k"}}, {a_condition("Expression", {{"expression", "{{ 1 }}"}})})));
}

TEST_CASE("every mistake of a trigger is found at once, with its property") {
    CHECK(
        places(a_trigger(
            "Schedule",
            {{"cron", "0 25 * * *"}, {"timezone", "Europe/Berln"}, {"lateMaximumDelay", "soon"}, {"interval", "PT1M"}},
            {a_condition("ExecutionStatus"), a_condition("DateTimeBetween")})) ==
        Texts{"cron", "timezone", "lateMaximumDelay", "interval", "conditions[0]", "conditions[1]"});
    CHECK(places(a_trigger("ScheduleOnDates", {{"dates", Value(List{Value("2026-01-05"), Value("later")})}})) ==
          Texts{"dates[1]"});
    CHECK(places(a_trigger("Schedule", {})) == Texts{"cron"});
    flow::Condition multiple = a_condition("MultipleCondition", {{"id", "m"}, {"timeWindow", Value{{"window", "x"}}}},
                                           {a_condition("DayWeek", {{"dayOfWeek", "SOMEDAY"}})});
    CHECK(places(a_trigger("Flow", {}, {multiple})) ==
          Texts{"conditions[0].timeWindow.window", "conditions[0].conditions.0.dayOfWeek"});
    CHECK(places(a_trigger("Flow", {}, {a_condition("Not", {}, {a_condition("MultipleCondition", {{"id", "m"}})})})) ==
          Texts{"conditions[0].conditions[0]"});
    CHECK(failure(check_trigger(a_trigger("Schedule", {{"cron", "0 25 * * *"}}))).details[0].message ==
          "invalid cron expression '0 25 * * *': hour '25' is out of range: allowed are 0-23");
}
