#include "expr/render.h"

#include "support/environment.h"
#include "value/json.h"

using namespace sluice;
using namespace sluice::test;

namespace {
Value context_of(const char* json) {
    return ok(parse_json(json));
}
}  // namespace

TEST_CASE("a text without expressions is rendered as it is") {
    CHECK(rendered("plain { text }") == "plain { text }");
    CHECK_FALSE(expr::has_expression("a { b } }}"));
    CHECK(expr::has_expression("a {# b"));
}

TEST_CASE("a template is parsed once and rendered in many contexts") {
    const expr::TemplatePtr hello = ok(expr::parse("Hello {{ inputs.name }}!"));
    TestEnvironment environment;
    CHECK(ok(expr::render(*hello, context_of(R"({"inputs":{"name":"Al"}})"), environment)) == "Hello Al!");
    CHECK(ok(expr::render(*hello, context_of(R"({"inputs":{"name":"Bo"}})"), environment)) == "Hello Bo!");
    CHECK(hello->source() == "Hello {{ inputs.name }}!");
}

TEST_CASE("an error tells what is missing, in which text, with line and column") {
    const Error error = render_failure("one\n{{ 1 }} {{ inputs.nme }}", context_of(R"({"inputs":{}})"));
    CHECK(error.code == ErrorCode::Expression);
    CHECK(error.kind == "undefined variable");
    CHECK(error.message == "Unable to find `nme` used in the expression `one\n{{ 1 }} {{ inputs.nme }}` at line 2");
    CHECK(error.place.line == 2);
    CHECK(error.place.column == 19);
}

TEST_CASE("a syntax error is told when the text is parsed, with its place") {
    const Error error = failure(expr::parse("a\n  {{ 1 + }}"));
    CHECK(error.kind == "syntax error");
    CHECK(error.place.line == 2);
    CHECK(error.place.column == 10);
    CHECK(error.message.find("expected an expression") != std::string::npos);
}

TEST_CASE("an unknown filter is an error only when it is evaluated, and a near name is proposed") {
    CHECK(rendered("{{ true ? 1 : ('a' | uper) }}") == "1");
    const Error error = render_failure("{{ 'a' | uper }}");
    CHECK(error.kind == "unknown filter");
    CHECK(error.message.find("did you mean 'upper'?") != std::string::npos);
}

TEST_CASE("a tree is rendered text by text, and an error says where in the tree it happened") {
    TestEnvironment environment;
    const Value tree = context_of(R"({"a":["{{ x }}",{"{{ x }}":2}],"n":1})");
    CHECK(to_json(ok(expr::render_tree(tree, context_of(R"({"x":"y"})"), environment))) ==
          R"({"a":["y",{"y":2}],"n":1})");
    const Error error = failure(expr::render_tree(tree, Value(Map()), environment));
    CHECK(error.place.property == "a[0]");
}

TEST_CASE("a typed render keeps the type of a lone value") {
    TestEnvironment environment;
    const auto typed = [&](const char* text) {
        return to_json(ok(expr::render_typed(*ok(expr::parse(text)), context_of(R"({"l":[1,2]})"), environment)));
    };
    CHECK(typed("{{ l }}") == "[1,2]");
    CHECK(typed("a{# note #}b") == R"("ab")");
    CHECK(typed("{{ null }}") == "null");
}
