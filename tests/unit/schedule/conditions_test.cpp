#include "schedule/conditions.h"

#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

namespace {

/// A context in which trigger.date is this, in Berlin.
ConditionContext on(const std::string& date) {
    ConditionContext out;
    out.zone = ok(find_zone("Europe/Berlin"));
    out.date = ZonedTime::in(out.zone, moment(date));
    return out;
}

bool holds(const flow::Condition& condition, const ConditionContext& context) {
    return ok(evaluate(condition, context)).holds;
}
std::string reason(const flow::Condition& condition, const ConditionContext& context) {
    return ok(evaluate(condition, context)).reason;
}

/// The answer is the same from `from` until before `until`, and another at both ends.
void check_same(const flow::Condition& condition, const std::string& date, const std::string& from,
                const std::string& until) {
    CAPTURE(date);
    const Verdict verdict = ok(evaluate(condition, on(date)));
    CHECK(to_iso(Timestamp{verdict.same.from}) == from);
    CHECK(to_iso(Timestamp{verdict.same.until}) == until);
    for (const Timestamp inside : {Timestamp{verdict.same.from}, Timestamp{verdict.same.until - 1s}}) {
        CHECK(holds(condition, on(to_iso(inside))) == verdict.holds);
    }
}

ConditionContext about(const ExecutionFacts& execution) {
    ConditionContext out;
    out.execution = &execution;
    out.flow = {"company.team", "downstream"};
    return out;
}

const ExecutionFacts kFailed{.flow = {"company.team.data", "load"},
                             .state = State::Failed,
                             .labels = {{"env", "prod"}, {"owner", "ann"}},
                             .retried_attempts = {State::Failed, State::Success}};

}  // namespace

TEST_CASE("DayWeek looks at the day in the trigger's zone") {
    const auto sunday = a_condition("DayWeek", {{"dayOfWeek", "SUNDAY"}});
    CHECK_FALSE(holds(sunday, on("2026-01-05T10:00:00Z")));
    CHECK(reason(sunday, on("2026-01-05T10:00:00Z")) == "DayWeek: 2026-01-05 is a MONDAY, wanted SUNDAY");
    CHECK(holds(sunday, on("2026-01-03T23:30:00Z")));  // in Berlin it is Sunday already
    check_same(sunday, "2026-01-05T10:00:00Z", "2026-01-04T23:00:00Z", "2026-01-05T23:00:00Z");
    CHECK(failure(evaluate(a_condition("DayWeek", {{"dayOfWeek", "SONDAY"}}), on("2026-01-05T10:00:00Z"))).message ==
          "DayWeek: 'SONDAY' is not a day of the week; expected MONDAY to SUNDAY; did you mean 'SUNDAY'?");
}

TEST_CASE("a day of the week that an expression names is known for its own date only") {
    const auto rendered = [](const flow::Condition& condition) {
        ConditionContext context = on("2026-01-05T10:00:00Z");
        context.render = [](std::string_view) { return Result<std::string>("MONDAY"); };
        const Verdict verdict = ok(evaluate(condition, context));
        CHECK(verdict.holds);
        CHECK(verdict.same.until - verdict.same.from == 1s);
    };
    rendered(a_condition("DayWeek", {{"dayOfWeek", "{{ vars.day }}"}}));
    CHECK(ok(evaluate(a_condition("DayWeek", {{"dayOfWeek", "MONDAY"}}), on("2026-01-05T10:00:00Z"))).same.until -
              ok(evaluate(a_condition("DayWeek", {{"dayOfWeek", "MONDAY"}}), on("2026-01-05T10:00:00Z"))).same.from ==
          24h);
}

TEST_CASE("DayWeekInMonth counts the weekdays of a month") {
    const auto day = [](const char* which) {
        return a_condition("DayWeekInMonth", {{"dayOfWeek", "MONDAY"}, {"dayInMonth", which}});
    };
    CHECK(holds(day("FIRST"), on("2026-01-05T10:00:00Z")));
    CHECK_FALSE(holds(day("SECOND"), on("2026-01-05T10:00:00Z")));
    CHECK(holds(day("SECOND"), on("2026-01-12T10:00:00Z")));
    CHECK(holds(day("FOURTH"), on("2026-01-26T10:00:00Z")));
    CHECK(holds(day("LAST"), on("2026-01-26T10:00:00Z")));
    // March 2026 has five Mondays
    CHECK(holds(day("FOURTH"), on("2026-03-23T10:00:00Z")));
    CHECK_FALSE(holds(day("LAST"), on("2026-03-23T10:00:00Z")));
    CHECK(holds(day("LAST"), on("2026-03-30T10:00:00Z")));
    CHECK_FALSE(holds(day("FOURTH"), on("2026-03-30T10:00:00Z")));
    CHECK_FALSE(holds(day("FIRST"), on("2026-01-06T10:00:00Z")));
    CHECK(reason(day("FIRST"), on("2026-01-12T10:00:00Z")) ==
          "DayWeekInMonth: 2026-01-12 is MONDAY 2 of its month, wanted the FIRST MONDAY");
    CHECK_FALSE(evaluate(day("FIFTH"), on("2026-01-12T10:00:00Z")));
}

TEST_CASE("Weekend is Saturday and Sunday") {
    const auto weekend = a_condition("Weekend");
    CHECK_FALSE(holds(weekend, on("2026-01-09T22:59:59Z")));
    CHECK(holds(weekend, on("2026-01-09T23:00:00Z")));
    CHECK(holds(weekend, on("2026-01-11T22:59:59Z")));
    CHECK_FALSE(holds(weekend, on("2026-01-11T23:00:00Z")));
    CHECK(reason(weekend, on("2026-01-05T10:00:00Z")) == "Weekend: 2026-01-05 is a MONDAY");
}

TEST_CASE("PublicHoliday asks the calendar of a country or its part") {
    const auto in = [](const char* country, const char* part) {
        return a_condition("PublicHoliday", {{"country", country}, {"subDivision", part}});
    };
    CHECK(holds(in("DE", ""), on("2026-12-25T10:00:00Z")));
    CHECK_FALSE(holds(in("DE", ""), on("2026-01-06T10:00:00Z")));
    CHECK(holds(in("DE", "BY"), on("2026-01-06T10:00:00Z")));
    CHECK(reason(in("DE", "BY"), on("2026-01-06T10:00:00Z")) == "PublicHoliday: 2026-01-06 is Epiphany in DE BY");
    CHECK(reason(in("FR", ""), on("2026-01-06T10:00:00Z")) == "PublicHoliday: 2026-01-06 is no public holiday in FR");
    CHECK(failure(evaluate(in("XX", ""), on("2026-01-06T10:00:00Z"))).message.find("country 'XX'; known are AT, AU") !=
          std::string::npos);
    CHECK(failure(evaluate(a_condition("PublicHoliday"), on("2026-01-06T10:00:00Z"))).message ==
          "PublicHoliday: set `country`, for example DE");
    ConditionContext german = on("2026-12-25T10:00:00Z");
    german.default_country = "DE";
    CHECK(holds(a_condition("PublicHoliday"), german));
}

TEST_CASE("DateTimeBetween is strictly between, with one bound or two") {
    const auto between = a_condition("DateTimeBetween",
                                     {{"after", "2026-01-05T10:00:00+01:00"}, {"before", "2026-01-05T12:00:00+01:00"}});
    CHECK_FALSE(holds(between, on("2026-01-05T09:00:00Z")));
    CHECK(holds(between, on("2026-01-05T09:00:01Z")));
    CHECK(holds(between, on("2026-01-05T10:59:59Z")));
    CHECK_FALSE(holds(between, on("2026-01-05T11:00:00Z")));
    check_same(between, "2026-01-05T10:00:00Z", "2026-01-05T09:00:01Z", "2026-01-05T11:00:00Z");
    CHECK(reason(between, on("2026-01-05T11:00:00Z")) ==
          "DateTimeBetween: 2026-01-05T12:00:00+01:00 is not after 2026-01-05T10:00:00+01:00 and before "
          "2026-01-05T12:00:00+01:00");
    CHECK(holds(a_condition("DateTimeBetween", {{"after", "2026-01-05T10:00:00+01:00"}}), on("2030-01-01T00:00:00Z")));
    CHECK(holds(a_condition("DateTimeBetween", {{"before", "2026-01-05"}}), on("2020-01-01T00:00:00Z")));
    CHECK(failure(evaluate(a_condition("DateTimeBetween"), on("2020-01-01T00:00:00Z"))).message ==
          "DateTimeBetween: Invalid condition with no before nor after");
}

TEST_CASE("TimeBetween holds the time of the day against bounds with an offset or without") {
    const auto office = a_condition("TimeBetween", {{"after", "08:00:00+01:00"}, {"before", "18:00:00+01:00"}});
    CHECK_FALSE(holds(office, on("2026-01-05T07:00:00Z")));
    CHECK(holds(office, on("2026-01-05T07:00:01Z")));
    CHECK_FALSE(holds(office, on("2026-01-05T17:00:00Z")));
    CHECK(holds(office, on("2026-07-05T16:59:00Z")));  // 18:59 in summer: the bound has winter's offset
    check_same(office, "2026-01-05T03:00:00Z", "2026-01-04T23:00:00Z", "2026-01-05T07:00:01Z");
    check_same(office, "2026-01-05T10:00:00Z", "2026-01-05T07:00:01Z", "2026-01-05T17:00:00Z");
    check_same(office, "2026-01-05T20:00:00Z", "2026-01-05T17:00:00Z", "2026-01-05T23:00:00Z");

    const auto local = a_condition("TimeBetween", {{"after", "08:00"}, {"before", "18:00"}});
    CHECK_FALSE(holds(local, on("2026-07-05T16:59:00Z")));
    CHECK(holds(local, on("2026-07-05T06:30:00Z")));
    CHECK(reason(local, on("2026-07-05T16:59:00Z")) ==
          "TimeBetween: 2026-07-05T18:59:00+02:00 is not after 08:00:00 and before 18:00:00");
    // on the day of a change nothing is foretold
    const Verdict changing = ok(evaluate(local, on("2026-03-29T10:00:00Z")));
    CHECK(changing.same.until - changing.same.from == 1s);
}

TEST_CASE("a condition takes its own date, rendered, and then foretells nothing") {
    ConditionContext context = on("2026-01-05T10:00:00Z");
    context.render = [](std::string_view text) -> Result<std::string> {
        if (text == "{{ trigger.date }}") return "2026-01-05T10:00:00Z";
        return "2026-01-11T10:00:00+01:00";
    };
    const auto sunday = a_condition("DayWeek", {{"dayOfWeek", "SUNDAY"}, {"date", "{{ outputs.day }}"}});
    const Verdict verdict = ok(evaluate(sunday, context));
    CHECK(verdict.holds);
    CHECK(verdict.same.until - verdict.same.from == 1s);
    context.date.reset();
    CHECK_FALSE(holds(a_condition("DayWeek", {{"dayOfWeek", "SUNDAY"}}), context));
    context.render = {};
    CHECK(failure(evaluate(a_condition("Weekend"), context)).message == "Weekend: there is no date here: set `date`");
}

TEST_CASE("Expression holds unless it renders blank or false") {
    ConditionContext context = on("2026-01-05T10:00:00Z");
    std::string result;
    context.render = [&](std::string_view) -> Result<std::string> { return result; };
    const auto expression = a_condition("Expression", {{"expression", "{{ x }}"}});
    for (const char* yes : {"true", "0", "no", "False", "x"}) {
        CAPTURE(yes);
        result = yes;
        CHECK(holds(expression, context));
    }
    for (const char* no : {"", "  \n", "false", " false\n"}) {
        CAPTURE(no);
        result = no;
        CHECK_FALSE(holds(expression, context));
    }
    CHECK(reason(expression, context) == "Expression: {{ x }} is ' false\n'");
    context.render = [](std::string_view) -> Result<std::string> { return refuse(ErrorCode::Expression, "no x"); };
    const Error error = failure(evaluate(expression, context));
    CHECK(error.code == ErrorCode::Expression);
    CHECK(error.message == "Expression: no x");
}

TEST_CASE("execution conditions look at state, flow, namespace, labels and attempts") {
    const auto test = [](const flow::Condition& condition) { return holds(condition, about(kFailed)); };
    const auto words = [](std::vector<Value> list) { return Value(List(list.begin(), list.end())); };
    CHECK(test(a_condition("ExecutionStatus", {{"in", words({"FAILED", "KILLED"})}})));
    CHECK_FALSE(test(a_condition("ExecutionStatus", {{"in", words({"SUCCESS"})}})));
    CHECK_FALSE(test(a_condition("ExecutionStatus", {{"notIn", words({"FAILED"})}})));
    CHECK(test(a_condition("ExecutionStatus", {{"notIn", words({"SUCCESS"})}})));
    CHECK(reason(a_condition("ExecutionStatus", {{"in", words({"SUCCESS", "WARNING"})}}), about(kFailed)) ==
          "ExecutionStatus: state is FAILED, wanted in [SUCCESS, WARNING]");
    CHECK(test(a_condition("ExecutionFlow", {{"namespace", "company.team.data"}, {"flowId", "load"}})));
    CHECK_FALSE(test(a_condition("ExecutionFlow", {{"namespace", "company.team"}, {"flowId", "load"}})));
    CHECK(test(a_condition("ExecutionNamespace", {{"namespace", "company.team.data"}})));
    CHECK_FALSE(test(a_condition("ExecutionNamespace", {{"namespace", "company"}})));
    CHECK(test(a_condition("ExecutionNamespace", {{"namespace", "company"}, {"comparison", "PREFIX"}})));
    CHECK(test(a_condition("ExecutionNamespace", {{"namespace", "company"}, {"prefix", true}})));
    CHECK(test(a_condition("ExecutionNamespace", {{"namespace", ".data"}, {"comparison", "SUFFIX"}})));
    CHECK(test(a_condition("ExecutionLabels", {{"labels", Value{{"env", "prod"}}}})));
    CHECK_FALSE(test(a_condition("ExecutionLabels", {{"labels", Value{{"env", "prod"}, {"owner", "bob"}}}})));
    CHECK(test(a_condition("HasRetryAttempt", {{"in", words({"FAILED"})}})));
    CHECK_FALSE(test(a_condition("HasRetryAttempt", {{"in", words({"KILLED"})}})));
    CHECK_FALSE(test(a_condition("ExecutionOutputs", {{"expression", "{{ true }}"}})));
    CHECK(test(a_condition("FlowCondition", {{"namespace", "company.team"}, {"flowId", "downstream"}})));
    CHECK(test(a_condition("FlowNamespaceCondition", {{"namespace", "company"}, {"prefix", true}})));
    CHECK(failure(evaluate(a_condition("ExecutionStatus"), on("2026-01-05T10:00:00Z")))
              .message.find("it looks at an execution, and there is none here") != std::string::npos);
}

TEST_CASE("ExecutionOutputs is rendered when the execution has outputs") {
    ExecutionFacts facts = kFailed;
    facts.has_outputs = true;
    ConditionContext context = about(facts);
    context.render = [](std::string_view) -> Result<std::string> { return "true"; };
    CHECK(holds(a_condition("ExecutionOutputs", {{"expression", "{{ trigger.outputs.ok }}"}}), context));
}

TEST_CASE("Not wants none, Or wants one, and both foretell what their parts do") {
    const auto monday = a_condition("DayWeek", {{"dayOfWeek", "MONDAY"}});
    const auto tuesday = a_condition("DayWeek", {{"dayOfWeek", "TUESDAY"}});
    const auto either = a_condition("Or", {}, {monday, tuesday});
    const auto neither = a_condition("Not", {}, {monday, tuesday});
    CHECK(holds(either, on("2026-01-06T10:00:00Z")));
    CHECK_FALSE(holds(either, on("2026-01-07T10:00:00Z")));
    CHECK_FALSE(holds(neither, on("2026-01-06T10:00:00Z")));
    CHECK(holds(neither, on("2026-01-07T10:00:00Z")));
    check_same(neither, "2026-01-06T10:00:00Z", "2026-01-05T23:00:00Z", "2026-01-06T23:00:00Z");
    check_same(either, "2026-01-07T10:00:00Z", "2026-01-06T23:00:00Z", "2026-01-07T23:00:00Z");
    CHECK(reason(neither, on("2026-01-05T10:00:00Z")) ==
          "Not: it holds that DayWeek: 2026-01-05 is a MONDAY, wanted MONDAY");
    CHECK(reason(either, on("2026-01-07T10:00:00Z")) == "Or: none of its conditions holds");
}

TEST_CASE("all conditions must hold, and the first that does not gives the reason") {
    const std::vector<flow::Condition> both{a_condition("Weekend"), a_condition("DayWeek", {{"dayOfWeek", "SUNDAY"}})};
    CHECK(ok(evaluate_all(both, on("2026-01-11T10:00:00Z"))).holds);
    CHECK(ok(evaluate_all(both, on("2026-01-10T10:00:00Z"))).reason.starts_with("DayWeek: 2026-01-10 is a SATURDAY"));
    CHECK(ok(evaluate_all(both, on("2026-01-09T10:00:00Z"))).reason.starts_with("Weekend:"));
    CHECK(ok(evaluate_all({}, on("2026-01-09T10:00:00Z"))).holds);
}

TEST_CASE("mistakes in conditions are found before they run, with the place of each") {
    const std::vector<flow::Condition> conditions{
        a_condition("DateTimeBetween", {{"after", "yesterday"}}),
        a_condition("Or", {}, {a_condition("PublicHoliday", {{"country", "DE"}, {"subDivision", "XY"}})}),
        a_condition("ExecutionStatus"),
        a_condition("DayWeek", {{"dayOfWeek", "MONDAY"}, {"date", "{{ any.thing }}"}}),
        a_condition("TimeBetween", {{"before", "25:00"}}),
        a_condition("TimeBetween"),
    };
    const Error error = failure(check_conditions(conditions, Occasion::NoExecution));
    std::vector<std::string> places;
    for (const Error& detail : error.details) places.push_back(detail.place.property);
    CHECK(places == std::vector<std::string>{"conditions[0].after", "conditions[1].conditions[0].subDivision",
                                             "conditions[2]", "conditions[4].before", "conditions[5]"});
    CHECK(error.details[1].message.find("known are BB BE BW BY") != std::string::npos);
    CHECK(failure(check_conditions(conditions, Occasion::ExecutionEvent)).details.size() == 4);
    ok(check_conditions({a_condition("Weekend"), a_condition("Not", {}, {a_condition("Weekend")})},
                        Occasion::NoExecution));
}
