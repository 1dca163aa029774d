#include "support/environment.h"
#include "value/json.h"

using namespace sluice;
using namespace sluice::test;

namespace {

struct Expected {
    const char* text;
    const char* kind;
    int line;
    int column;
};

}  // namespace

TEST_CASE("every error knows its class, line and column") {
    const Expected cases[] = {
        {"{{ a.b }}", "undefined variable", 1, 4},
        {"é {{ 1 +\n 'x' - 2 }}", "type error", 2, 6},
        {"{{ 5\n | abs\n | join }}", "type error", 3, 4},
        {"\r\n{{ nofn() }}", "unknown function", 2, 4},
        {"{{ 1 is prime }}", "unknown test", 1, 6},
        {"{{ 'a' | default('x', 'y') }}", "bad argument", 1, 10},
        {"{% if [] %}{% endif %}", "type error", 1, 7},
        {"x\n{% for i in 5 %}{% endfor %}", "type error", 2, 4},
        {"{{ (1 }}", "syntax error", 1, 7},
        {"{{ 'a' | 'b' }}", "syntax error", 1, 10},
        {"{% if true %}", "syntax error", 1, 4},
        {"{{ {'a': 1 2} }}", "syntax error", 1, 12},
    };
    for (const Expected& expected : cases) {
        CAPTURE(expected.text);
        const Error error = render_failure(expected.text);
        CHECK(error.kind == expected.kind);
        CHECK(error.place.line == expected.line);
        CHECK(error.place.column == expected.column);
    }
}

TEST_CASE("the place of an error counts in the text as it was written, also behind raw sections") {
    const Error error = render_failure("{% raw %}{{ a long one }}{% endraw %}{{ x }}");
    CHECK(error.place.column == 41);
    CHECK(error.message.find("{% raw %}") != std::string::npos);
}

TEST_CASE("an error of a rendered text names that text, and stands where render() was called") {
    const Error error = render_failure("\n{{ render(t) ?? 'x' }}", Value{{"t", "{{ gone }}"}});
    CHECK(error.kind == "undefined variable");
    CHECK(error.place.line == 2);
    CHECK(error.message.find("Unable to find `gone` used in the expression `{{ gone }}` at line 1") == 0);
}

TEST_CASE("a missing member is told by its name, and a member of null by the name of the null") {
    CHECK(render_failure("{{ a.b.c }}", ok(parse_json(R"({"a":{"b":{}}})"))).message.find("find `c`") !=
          std::string::npos);
    CHECK(render_failure("{{ a.b }}", ok(parse_json(R"({"a":null})"))).message.find("find `a`") != std::string::npos);
}
