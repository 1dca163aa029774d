#include "flow/namespace_settings.h"

#include "support/engine_rig.h"
#include "value/json.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// "line:column property: message" of the first mistake
std::string mistake_in(const Result<Value>& read) {
    REQUIRE_FALSE(read);
    REQUIRE_FALSE(read.error().details.empty());
    const Error& one = read.error().details.front();
    return fmt::format("{}:{} {}: {}", one.place.line, one.place.column, one.place.property, one.message);
}

}  // namespace

TEST_CASE("variables of a namespace are a map of names to anything") {
    const Value read = ok(flow::parse_variables("region: eu  # where\nsizes: [1, 2]\nbucket: {name: a}\n"));
    CHECK(read.text("region") == "eu");
    CHECK(read["sizes"].as_list().size() == 2);
    CHECK(ok(flow::parse_variables("")) == Value(Map()));
    CHECK(ok(flow::parse_variables("# nothing\n")) == Value(Map()));
    CHECK(mistake_in(flow::parse_variables("\n- a\n")).starts_with("2:1 "));
    CHECK(mistake_in(flow::parse_variables("a: 1\na: 2\n")).starts_with("2:"));
    CHECK(mistake_in(flow::parse_variables("a: \"b\n")).starts_with("1:"));
}

TEST_CASE("plugin defaults of a namespace are checked as those of a flow are") {
    const auto read = [](const std::string& yaml) { return flow::parse_plugin_defaults(yaml, test_catalog()); };
    const Value found =
        ok(read("- type: t.Work\n  values: {description: d}\n- {type: t, forced: true, values: {a: 1}}\n"));
    REQUIRE(found.as_list().size() == 2);
    const std::vector<flow::PluginDefault> defaults = flow::plugin_defaults_of(found);
    REQUIRE(defaults.size() == 2);
    CHECK(defaults[0].type == "t.Work");
    CHECK_FALSE(defaults[0].forced);
    CHECK(defaults[1].forced);
    CHECK(ok(read("")) == Value(List()));
    CHECK(mistake_in(read("- type: t.Work\n  values:\n    colour: red\n")).starts_with("3:5 "));
    CHECK(mistake_in(read("- values: {a: b}\n")).find("No 'type'") != std::string::npos);
    CHECK(mistake_in(read("- type: t.Work\n")).find("No 'values'") != std::string::npos);
    CHECK(mistake_in(read("a: b\n")).starts_with("1:1 "));
}

TEST_CASE("what stands in a row and is no plugin default gives none") {
    const Value rows = ok(
        parse_json(R"([1, {"type": "x"}, {"values": {}}, {"type": "x", "values": [1]}, {"type": "y", "values": {}}])"));
    const std::vector<flow::PluginDefault> read = flow::plugin_defaults_of(rows);
    REQUIRE(read.size() == 1);
    CHECK(read[0].type == "y");
    CHECK(flow::plugin_defaults_of(Value("text")).empty());
}

TEST_CASE(
    "defaults of the namespace stand between those of the flow and of the instance, and forced ones turn the order "
    "round") {
    const auto one = [](const char* text, bool forced) {
        return flow::PluginDefault{"t.Work", forced, Value{{"description", text}}};
    };
    flow::ParseOptions options;
    std::vector<flow::PluginDefault> of_namespace{one("namespace", false)};
    options.defaults = {one("instance", false)};
    options.namespace_defaults = [&](const std::string& name_space) {
        return name_space == "n" ? of_namespace : std::vector<flow::PluginDefault>();
    };
    const auto seen = [&](const std::string& name_space, const std::string& more = "") {
        const auto parsed = flow::parse_flow(
            "id: f\nnamespace: " + name_space + "\ntasks: [{id: a, type: t.Work}]\n" + more, test_catalog(), options);
        REQUIRE(parsed.ok());
        return parsed.flow->tasks().front().description;
    };
    const std::string own = "pluginDefaults: [{type: t.Work, values: {description: flow}}]\n";
    CHECK(seen("n") == "namespace");
    CHECK(seen("other") == "instance");
    CHECK(seen("n", own) == "flow");
    of_namespace = {one("namespace", true)};
    CHECK(seen("n", own) == "namespace");
    of_namespace = {one("near", true), one("far", true)};
    CHECK(seen("n", own) == "far");
    options.defaults = {one("instance", true)};
    CHECK(seen("n", own) == "instance");
}

TEST_CASE("a namespace's name is one that a flow may write") {
    for (const char* good : {"a", "company.team", "a_b-c.1"}) CHECK(flow::is_namespace(good));
    for (const char* bad : {"", "A", "a b", "a/b", ".a", "ä"}) CHECK_FALSE(flow::is_namespace(bad));
    CHECK_FALSE(flow::is_namespace(std::string(151, 'a')));
}
