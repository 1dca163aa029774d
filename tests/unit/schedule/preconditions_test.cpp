#include "schedule/preconditions.h"

#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

namespace {

using Texts = std::vector<std::string>;

ExecutionFacts execution(const char* flow_id, State state, std::vector<flow::Label> labels = {}) {
    return {.flow = {"company.team", flow_id}, .state = state, .labels = std::move(labels)};
}

Value filter(const char* field, const char* type, Value value, Value values = {}) {
    Map out{{"field", field}, {"type", type}};
    if (!value.is_null()) out.set("value", std::move(value));
    if (!values.is_null()) out.set("values", std::move(values));
    return Value(std::move(out));
}

Value group(const char* id, const char* operand, List filters) {
    return Value{{"id", id}, {"operand", operand}, {"filters", Value(std::move(filters))}};
}

flow::Trigger flow_trigger(List flows, List where = {}, Map more = {}) {
    Map definition{{"id", "window"}, {"flows", Value(std::move(flows))}, {"where", Value(std::move(where))}};
    for (const auto& [key, value] : more) definition.set(key, value);
    return a_trigger("Flow", {{"preconditions", Value(std::move(definition))}});
}

Preconditions only_one(const flow::Trigger& trigger) {
    const auto all = ok(preconditions_of(trigger));
    REQUIRE(all.size() == 1);
    return all.front();
}

Texts met(const Preconditions& preconditions, const ExecutionFacts& facts) {
    ConditionContext context;
    context.execution = &facts;
    context.render = [](std::string_view text) -> Result<std::string> { return std::string(text.substr(2)); };
    const MatchesWhole matches = [](std::string_view pattern, std::string_view text) -> Result<bool> {
        return pattern == "l.*" && text.starts_with("l");
    };
    std::vector<Error> problems;
    const Texts out = met_by(preconditions, context, matches, problems);
    CHECK(problems.empty());
    return out;
}

/// Whether a flow called "load" that FAILED passes one filter.
bool passes(Value one) {
    const flow::Trigger trigger = flow_trigger({}, {group("g", "AND", {std::move(one)})});
    return !met(only_one(trigger), execution("load", State::Failed)).empty();
}

}  // namespace

TEST_CASE("an execution meets the upstream flows that name it, its state and its labels") {
    const flow::Trigger trigger = flow_trigger({
        Value{{"namespace", "company.team"}, {"flowId", "load"}, {"states", Value(List{Value("SUCCESS")})}},
        Value{{"namespace", "company.team"}},
        Value{{"namespace", "company.team"}, {"flowId", "load"}, {"labels", Value{{"env", "prod"}}}},
        Value{{"namespace", "company"}},
    });
    const Preconditions preconditions = only_one(trigger);
    CHECK(preconditions.keys == Texts{"condition_0", "condition_1", "condition_2", "condition_3"});
    CHECK(met(preconditions, execution("load", State::Success)) == Texts{"condition_0", "condition_1"});
    CHECK(met(preconditions, execution("load", State::Failed, {{"env", "prod"}})) ==
          Texts{"condition_1", "condition_2"});
    CHECK(met(preconditions, execution("other", State::Success)) == Texts{"condition_1"});
}

TEST_CASE("an upstream flow without states takes those of the trigger") {
    flow::Trigger trigger = flow_trigger({Value{{"namespace", "company.team"}}});
    trigger.properties.mutable_map().set("states", Value(List{Value("SUCCESS")}));
    CHECK(met(only_one(trigger), execution("load", State::Failed)).empty());
    CHECK(met(only_one(trigger), execution("load", State::Success)).size() == 1);
}

TEST_CASE("filters of each type") {
    const Value words(List{Value("load"), Value("store")});
    CHECK(passes(filter("FLOW_ID", "EQUAL_TO", "load")));
    CHECK_FALSE(passes(filter("FLOW_ID", "NOT_EQUAL_TO", "load")));
    CHECK(passes(filter("FLOW_ID", "IN", {}, words)));
    CHECK_FALSE(passes(filter("FLOW_ID", "NOT_IN", {}, words)));
    CHECK(passes(filter("NAMESPACE", "STARTS_WITH", "company.")));
    CHECK(passes(filter("NAMESPACE", "ENDS_WITH", ".team")));
    CHECK(passes(filter("NAMESPACE", "CONTAINS", "any.te")));
    CHECK(passes(filter("FLOW_ID", "REGEX", "l.*")));
    CHECK(passes(filter("STATE", "EQUAL_TO", "FAILED")));
    // the rig renders an expression to what follows its first two characters
    CHECK(passes(filter("EXPRESSION", "IS_TRUE", "{{true")));
    CHECK(passes(filter("EXPRESSION", "IS_FALSE", "{{false")));
    CHECK(passes(filter("EXPRESSION", "IS_NULL", "{{")));
    CHECK(passes(filter("EXPRESSION", "IS_NOT_NULL", "{{x")));
}

TEST_CASE("a group wants all of its filters, or one of them") {
    const Value load = filter("FLOW_ID", "EQUAL_TO", "load"), success = filter("STATE", "EQUAL_TO", "SUCCESS");
    const flow::Trigger trigger =
        flow_trigger({}, {group("all", "AND", {load, success}), group("any", "OR", {load, success})});
    CHECK(met(only_one(trigger), execution("load", State::Failed)) == Texts{"condition_1_any"});
    CHECK(met(only_one(trigger), execution("load", State::Success)) == Texts{"condition_0_all", "condition_1_any"});
    CHECK(met(only_one(trigger), execution("other", State::Failed)).empty());
}

TEST_CASE("two flows that end in one window start a third") {
    const flow::Trigger trigger = flow_trigger(
        {Value{{"namespace", "company.team"}, {"flowId", "a"}}, Value{{"namespace", "company.team"}, {"flowId", "b"}}});
    const Preconditions preconditions = only_one(trigger);
    std::vector<Error> problems;
    const auto step = [&](const std::optional<WindowState>& before, const char* flow_id, const char* time) {
        const ExecutionFacts facts = execution(flow_id, State::Success);
        ConditionContext context;
        context.execution = &facts;
        return step_preconditions(preconditions, before, context, {}, at(time), problems);
    };
    const WindowStep first = step({}, "a", "08:00:00");
    CHECK_FALSE(first.fires);
    CHECK(step(first.after, "b", "09:00:00").fires);
    CHECK_FALSE(step(first.after, "c", "09:00:00").fires);
}

TEST_CASE("a MultipleCondition is the same with conditions, and tells what it could not test") {
    flow::Condition multiple = a_condition("MultipleCondition", {{"id", "old"}, {"window", "PT2H"}});
    multiple.nested = {{"good", a_condition("ExecutionFlow", {{"namespace", "company.team"}, {"flowId", "load"}})},
                       {"bad", a_condition("Expression", {{"expression", "{{ x }}"}})}};
    const flow::Trigger trigger = a_trigger("Flow", {}, {multiple});
    const Preconditions preconditions = only_one(trigger);
    CHECK(preconditions.id == "old");
    CHECK(preconditions.window.window == 2h);
    CHECK(preconditions.keys == Texts{"good", "bad"});
    const ExecutionFacts facts = execution("load", State::Success);
    ConditionContext context;
    context.execution = &facts;
    std::vector<Error> problems;
    CHECK(met_by(preconditions, context, {}, problems) == Texts{"good"});
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].message.starts_with("Expression:"));
}

TEST_CASE("mistakes in preconditions are told with their places") {
    const flow::Trigger trigger = flow_trigger(
        {Value{{"flowId", "load"}, {"states", Value(List{Value("DONE")})}}},
        {group("g", "XOR",
               {filter("FLOW", "EQUAL_TO", "x"), filter("FLOW_ID", "IN", "x"), filter("FLOW_ID", "EQUAL_TO", {}),
                filter("FLOW_ID", "EQUALS", "x"), filter("FLOW_ID", "EQUAL_TO", "x", Value(List{}))})},
        {{"timeWindow", Value{{"type", "DAILY_TIME_DEADLINE"}}}});
    Texts found;
    for (const Error& detail : failure(preconditions_of(trigger)).details) {
        found.push_back(detail.place.property + ": " + detail.message);
    }
    CHECK(found == Texts{
                       "preconditions.timeWindow.deadline: Time window of type `DAILY_TIME_DEADLINE` must have a "
                       "deadline.",
                       "preconditions.flows[0].namespace: must not be null",
                       "preconditions.flows[0].states: 'DONE' is not a state",
                       "preconditions.where[0].operand: must be AND or OR",
                       "preconditions.where[0].filters[0]: `field` 'FLOW' is not one of FLOW_ID, NAMESPACE, STATE, "
                       "EXPRESSION",
                       "preconditions.where[0].filters[1]: `values` cannot be null for type IN",
                       "preconditions.where[0].filters[2]: `value` cannot be null for type EQUAL_TO",
                       "preconditions.where[0].filters[3]: `type` 'EQUALS' is not one of EQUAL_TO, NOT_EQUAL_TO, IN, "
                       "NOT_IN, IS_TRUE, IS_FALSE, IS_NULL, IS_NOT_NULL, STARTS_WITH, ENDS_WITH, REGEX, CONTAINS",
                       "preconditions.where[0].filters[4]: `values` must be null for type EQUAL_TO",
                   });
}
