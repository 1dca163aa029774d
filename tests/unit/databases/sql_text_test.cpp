#include "databases/sql_text.h"

#include "support/test.h"

namespace sluice::databases {
namespace {

std::string split(const std::string& script) {
    std::string out;
    for (const ScriptPart& part : split_statements(script)) out += "[" + std::string(part.text) + "]";
    return out;
}

std::string bound(const std::string& sql) {
    return bind_names(sql, '$', [](std::string_view name) { return name == "a" || name == "b2"; }).text;
}

}  // namespace

TEST_CASE("a script is divided at semicolons, but not within texts, names, comments and dollar quotes") {
    CHECK(split("select 1; select 2;") == "[select 1][select 2]");
    CHECK(split(" ;; -- nothing\n ; /* nothing; */ ") == "");
    CHECK(split("select 'a;''b'; select \"c;\"") == "[select 'a;''b'][select \"c;\"]");
    CHECK(split("select E'it\\'s;'; select 2") == "[select E'it\\'s;'][select 2]");
    CHECK(split("select U&'\\0041;'; select 'x\\'; select 3") == "[select U&'\\0041;'][select 'x\\'][select 3]");
    CHECK(split("do $$ begin; end $$; do $x$ $$;$$ $x$; select $1") ==
          "[do $$ begin; end $$][do $x$ $$;$$ $x$][select $1]");
    CHECK(split("select 1 -- one; two\n; select /* a /* b; */ c; */ 2") == "[select 1][select /* a /* b; */ c; */ 2]");
    CHECK(split("select a$b$c; select 2") == "[select a$b$c][select 2]");
    CHECK(split("select 'never closed; select 2") == "[select 'never closed; select 2]");
}

TEST_CASE("the body of a function or trigger belongs to its statement") {
    const std::string function =
        "create or replace function f() returns int begin atomic select 1; select case when true then 2 end; end";
    CHECK(split(function + "; select 3") == "[" + function + "][select 3]");
    const std::string trigger = "create trigger t after insert on x begin update y set n = 1; delete from z; end";
    CHECK(split(trigger + "; select 3") == "[" + trigger + "][select 3]");
    CHECK(split("begin; insert into t values (1); end; select 1") ==
          "[begin][insert into t values (1)][end][select 1]");
}

TEST_CASE("names with a colon become placeholders, where they are none of something else") {
    CHECK(bound("select :a, :b2, :a") == "select $1, $2, $1");
    CHECK(bound("select x::a, y[1:a], ':a', \":a\" -- :a\n, $$ :a $$ /* :a */") ==
          "select x::a, y[1$1], ':a', \":a\" -- :a\n, $$ :a $$ /* :a */");
    CHECK(bound("select :unknown, :ab, a := 1, y[1:n]") == "select :unknown, :ab, a := 1, y[1:n]");
    CHECK(bound("select :a::date") == "select $1::date");
    const BoundText text = bind_names("select :a, nix", '$', [](std::string_view) { return true; });
    CHECK(text.names == std::vector<std::string>{"a"});
    CHECK(text.source_offset(text.text.find("nix")) == 11);
    CHECK(text.source_offset(3) == 3);
}

TEST_CASE("question marks become placeholders; two of them stand for the operator") {
    const BoundText text = bind_question_marks("insert into t values (?, '?', ?) -- ?\n where j ?? 'k'", '$');
    CHECK(text.text == "insert into t values ($1, '?', $2) -- ?\n where j ? 'k'");
    CHECK(text.names.size() == 2);
}

TEST_CASE("a place in a script counts lines and characters") {
    CHECK(place_in("ab\ncd", 4) == Place{.line = 2, .column = 2});
    CHECK(place_in("é x", 3) == Place{.line = 1, .column = 3});
    CHECK(place_in("x", 9) == Place{.line = 1, .column = 2});
}

}  // namespace sluice::databases
