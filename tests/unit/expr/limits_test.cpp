#include "support/environment.h"
#include "value/json.h"

using namespace sluice;
using namespace sluice::test;

namespace {

Error limited(const char* text, const expr::Limits& limits, const Value& context = Value(Map())) {
    TestEnvironment environment;
    return failure(expr::render(std::string_view(text), context, environment, limits));
}

}  // namespace

TEST_CASE("a render that writes too much is stopped") {
    const expr::Limits limits{.text_bytes = 1000};
    CHECK(limited("{% for i in 1..1000 %}{{ i }}{% endfor %}", limits).kind == "render limit");
    CHECK(limited("{% set s = 'ab' %}{% for i in 1..20 %}{% set s = s ~ s %}{% endfor %}", limits).kind ==
          "render limit");
    CHECK(limited("{{ 'a' | indent(2) ~ ('x' | nindent(100000)) }}", limits).kind == "bad argument");
}

TEST_CASE("a render that takes too many steps or too long is stopped") {
    const char* loops = "{% for i in 1..1000 %}{% for j in 1..1000 %}{% set x = i %}{% endfor %}{% endfor %}";
    CHECK(limited(loops, {.steps = 10'000}).kind == "render limit");
    CHECK(limited(loops, {.time = 0us}).message.find("stopped after") != std::string::npos);
}

TEST_CASE("lists that grow without end are stopped") {
    const char* doubling = "{% set l = [1] %}{% for i in 1..60 %}{% set l = l + l %}{% endfor %}";
    CHECK(limited(doubling, {}).kind == "render limit");
    const char* nesting = "{% set l = [] %}{% for i in 1..100000 %}{% set l = [l] %}{% endfor %}";
    CHECK(limited(nesting, {}).kind == "render limit");
    const char* entries =
        "{% set l = 1 %}{% for i in 1..100000 %}{% for e in {'k': l} %}{% set l = e %}{% endfor %}{% endfor %}";
    CHECK(limited(entries, {}).kind == "render limit");
}

TEST_CASE("recursion ends at the limit, however it comes about") {
    CHECK(limited("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", {}).kind == "render limit");
    CHECK(limited("{{ render(x) }}", {}, Value{{"x", "{{ render(x) }}"}}).kind == "render limit");
    CHECK(limited("{{ 1 | jq('def f: f | .; f') }}", {}).kind == "render limit");
}

TEST_CASE("a deep nesting is refused when the text is parsed") {
    const auto nested = [](std::size_t depth) {
        return "{{ " + std::string(depth, '(') + "1" + std::string(depth, ')') + " }}";
    };
    CHECK(rendered(nested(100)) == "1");
    CHECK(failure(expr::parse(nested(100'000))).kind == "syntax error");
    std::string chain = "{{ 1";
    for (int i = 0; i < 100'000; ++i) chain += " + 1";
    CHECK(failure(expr::parse(chain + " }}")).kind == "syntax error");
    std::string blocks;
    for (int i = 0; i < 100'000; ++i) blocks += "{% if true %}";
    CHECK(failure(expr::parse(blocks)).kind == "syntax error");
}
