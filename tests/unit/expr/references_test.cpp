#include "expr/references.h"

#include "expr/catalogue.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;
using expr::References;

namespace {

References references_of(const char* text) {
    return expr::references(*ok(expr::parse(text)));
}

std::vector<std::string> names_of(const std::vector<References::Used>& used) {
    std::vector<std::string> names;
    for (const auto& one : used) names.push_back(one.name);
    return names;
}

}  // namespace

TEST_CASE("the members that a template reads are told by their roots") {
    const References found = references_of("{{ outputs.load.rows }} {{ outputs['a-b'].x ?? inputs.day }}");
    CHECK(found.roots.at("outputs").members == std::set<std::string>{"a-b", "load"});
    CHECK_FALSE(found.roots.at("outputs").is_used_as_a_whole);
    CHECK(found.roots.at("inputs").members == std::set<std::string>{"day"});
    CHECK(found.may_read("outputs", "load"));
    CHECK_FALSE(found.may_read("outputs", "other"));
}

TEST_CASE("a root that is used dynamically or passed on counts as a whole") {
    CHECK(references_of("{{ outputs[x] }}").roots.at("outputs").is_used_as_a_whole);
    CHECK(references_of("{{ outputs | toJson }}").roots.at("outputs").is_used_as_a_whole);
    CHECK(references_of("{{ parentOutput().x }}").may_read("outputs", "anything"));
    CHECK(references_of("{{ render(vars.text) }}").may_read("outputs", "anything"));
}

TEST_CASE("names of the template itself are no references") {
    const References found = references_of(
        "{% set sum = inputs.n %}{{ sum }}{% for item in inputs.list %}{{ item.a }}{{ loop.index }}{% endfor %}"
        "{% macro f(arg) %}{{ arg.x }}{% endmacro %}{{ f(vars.v) }}");
    CHECK(found.roots.size() == 2);
    CHECK(found.roots.at("inputs").members == std::set<std::string>{"list", "n"});
    CHECK(found.roots.at("vars").members == std::set<std::string>{"v"});
    CHECK(found.functions.empty());
}

TEST_CASE("filters, functions and tests are told, and unknown ones with the nearest name and their place") {
    const auto text = ok(expr::parse("{{ now() | date('yyyy') }}\n{{ x is defned or (x | uper) }}"));
    const References found = expr::references(*text);
    CHECK(names_of(found.functions) == std::vector<std::string>{"now"});
    CHECK(names_of(found.filters) == std::vector<std::string>{"date", "uper"});
    const std::vector<Error> unknown = expr::unknown_names(*text);
    REQUIRE(unknown.size() == 2);
    CHECK(unknown[0].message == "there is no filter 'uper'; did you mean 'upper'?");
    CHECK(unknown[0].place.line == 2);
    CHECK(unknown[0].place.column == 24);
    CHECK(unknown[1].kind == "unknown test");
}

TEST_CASE("the catalogue has every filter, function and test with its arguments") {
    std::size_t filters = 0;
    for (const expr::Described& one : expr::catalogue()) {
        CHECK_FALSE(one.summary.empty());
        filters += one.kind == "filter" ? 1 : 0;
        if (one.name == "replace")
            CHECK(one.parameter_names == std::vector<std::string_view>{"replace_pairs", "regexp"});
    }
    CHECK(filters >= 60);
}
