#include "expr/jq/jq.h"

#include "expr/session.h"
#include "support/environment.h"
#include "value/json.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// All outputs of a program, as a JSON list
std::string outputs(const std::string& program, const char* input = "null") {
    TestEnvironment environment;
    expr::Session session(environment, {});
    try {
        return to_json(Value(expr::jq::run(program, Value(input), session)));
    } catch (const expr::Failure& failure) {
        return failure.text();
    }
}

struct JqCase {
    const char* program;
    const char* input;
    const char* outputs;
};

void check(std::initializer_list<JqCase> cases) {
    for (const JqCase& expected : cases) {
        const std::string program = expected.program;
        CAPTURE(program);
        const std::string wanted = expected.outputs;
        CHECK(outputs(program, expected.input) == wanted);
    }
}

}  // namespace

TEST_CASE("jq: paths lead into values") {
    check({
        {".", "5", "[5]"},
        {".a.b, .\"a\".b, .a[\"b\"]", R"({"a":{"b":1}})", "[1,1,1]"},
        {".[1], .[-1], .[9], .[1:], .[:-1]", "[1,2,3]", "[2,3,null,[2,3],[1,2]]"},
        {".[]", R"({"b":1,"a":2})", "[1,2]"},
        {".a?, (.[0]?)", "5", "[]"},
        {"..", "[[1]]", "[[[1]],[1],1]"},
        {".[\"a\",\"b\"]", R"({"a":1,"b":2})", "[1,2]"},
        {".[2:4] = [\"x\"]", "[0,1,2,3,4]", R"([[0,1,"x",4]])"},
        {".[[1,2]]", "[0,1,2,1,2]", "[[1,3]]"},
    });
}

TEST_CASE("jq: operators calculate, compare and combine") {
    check({
        {"1 + 2 * 3 - 4 / 2", "null", "[5]"},
        {"3.5 * 2, 7 / 2, -7 % 3, 1e3", "null", "[7,3.5,-1,1000.0]"},
        {"[(1,2) + (10,20)]", "null", "[[11,12,21,22]]"},
        {"\"a\" * 3, \"a,b\" / \",\", {a:{b:1}} * {a:{c:2}}", "null", R"(["aaa",["a","b"],{"a":{"b":1,"c":2}}])"},
        {"[1,2,1] - [1], null + 1, {a:1} + {a:2}", "null", R"([[2],1,{"a":2}])"},
        {"1 < 2, \"a\" < \"b\", [] < {}, null < false, [1,2] < [1,3]", "null", "[true,true,true,true,true]"},
        {"(true, false) and (true, false)", "null", "[true,false,false]"},
        {"(null, 1, false, 2) // 9, (empty // 3), (.a.b.c // 4)", "null", "[1,2,3,4]"},
        {"-(1,2)", "null", "[-1,-2]"},
        {"9223372036854775807 + 0, 9007199254740993", "null", "[9223372036854775807,9007199254740993]"},
        {"1 / 0", "null", "jq: number (1) and number (0) cannot be divided because the divisor is zero"},
    });
}

TEST_CASE("jq: values are made of others") {
    check({
        {"{a: 1, \"b\": 2, (\"c\"): 3, d, \"e\", $__v: 1}", "null", "jq: there is no variable $__v"},
        {"{a, b: (1,2)}", R"({"a":0})", R"([{"a":0,"b":1},{"a":0,"b":2}])"},
        {"\"x\\(1 + 1)y\", @json \"v=\\(.)\", @base64 \"\\(\"ab\")\"", "[1]", R"(["x2y","v=[1]","YWI="])"},
        {"1 as $x | [$x, $x + 1]", "null", "[[1,2]]"},
        {". as [$a, {b: $c}] | [$a, $c]", R"([1,{"b":2}])", "[[1,2]]"},
        {". as {$a, b: [$c]} | [$a, $c]", R"({"a":1,"b":[2]})", "[[1,2]]"},
        {"if . > 1 then \"big\" elif . == 1 then \"one\" else \"small\" end", "1", R"(["one"])"},
        {"[.[] | if . then 1 else 2 end]", "[true,null]", "[[1,2]]"},
    });
}

TEST_CASE("jq: loops, labels and errors") {
    check({
        {"reduce .[] as $x (0; . + $x)", "[1,2,3]", "[6]"},
        {"[foreach .[] as $x (0; . + $x; [$x, .])]", "[1,2]", "[[[1,1],[2,3]]]"},
        {"[label $out | .[] | if . > 1 then ., break $out else . end]", "[1,2,3]", "[[1,2]]"},
        {"[limit(3; range(10))], first(range(5;9)), [range(0;10;4)]", "null", "[[0,1,2],5,[0,4,8]]"},
        {"[.[] | try (if . > 1 then error(\"big\") else . end) catch .]", "[1,2]", R"([[1,"big"]])"},
        {"try error({a: 1}) catch .a", "null", "[1]"},
        {"[(try 1 catch 2) | error(\"behind\")]", "null", "jq: behind"},
        {"[.[] | (.a)?]", R"([{"a":1},5])", "[[1]]"},
        {"def f(x): x * 2; def g($y): $y + 1; f(3), g(4)", "null", "[6,5]"},
        {"def fib: if . < 2 then . else (. - 1 | fib) + (. - 2 | fib) end; 12 | fib", "null", "[144]"},
        {"[recurse(if . < 3 then . + 1 else empty end)]", "0", "[[0,1,2,3]]"},
        {"[1 | until(. > 100; . * 2)], [1 | while(. < 9; . * 2)], [limit(3; 1 | repeat(. * 2))]", "null",
         "[[128],[1,2,4,8],[1,2,4]]"},
        {"reduce range(100000) as $i (0; . + 1)", "null", "[100000]"},
        {"[0 | recurse(if . < 20000 then . + 1 else empty end)] | length", "null", "[20001]"},
    });
}

TEST_CASE("jq: places are changed") {
    check({
        {".a = 1, .a.b = 2, .[\"x\"] |= 3", "{}", R"([{"a":1},{"a":{"b":2}},{"x":3}])"},
        {".[] += 1", "[1,2]", "[[2,3]]"},
        {".a //= 5 | .b //= 6", R"({"a":1})", R"([{"a":1,"b":6}])"},
        {"(.[] | select(. > 1)) |= . * 10", "[1,2,3]", "[[1,20,30]]"},
        {"(.[] | select(. == 2)) |= empty", "[1,2,3]", "[[1,3]]"},
        {"del(.a, .b[0])", R"({"a":1,"b":[1,2],"c":3})", R"([{"b":[2],"c":3}])"},
        {"[paths], [leaf_paths]", R"({"a":[1]})", R"([[["a"],["a",0]],[["a",0]]])"},
        {"path(.a[0].b), getpath([\"a\",\"b\"]), setpath([\"a\"]; 1), delpaths([[\"a\"]])", R"({"a":null})",
         R"([["a",0,"b"],null,{"a":1},{}])"},
        {"with_entries(.value += 1), to_entries, ([{name: \"k\", value: 1}] | from_entries)", R"({"x":1})",
         R"([{"x":2},[{"key":"x","value":1}],{"k":1}])"},
        {"walk(if type == \"number\" then . + 1 else . end), map_values(empty)", "[1,[2]]", "[[2,[3]],[]]"},
        {"(.a, .b) = (1, 2)", "{}", R"([{"a":1,"b":1},{"a":2,"b":2}])"},
        {"first(.[] | select(. > 1)) = 9", "[1,2,3]", "[[1,9,3]]"},
    });
}

TEST_CASE("jq: built-in functions") {
    check({
        {"length, keys, keys_unsorted, has(\"a\"), ([.[]] | add)", R"({"b":1,"a":2})",
         R"([2,["a","b"],["b","a"],true,3])"},
        {"sort, sort_by(-.), unique, reverse, min, max", "[3,1,3]", "[[1,3,3],[3,3,1],[1,3],[3,1,3],1,3]"},
        {"group_by(.a) | map(length)", R"([{"a":1},{"a":2},{"a":1}])", "[[2,1]]"},
        {"unique_by(.a), min_by(.a), max_by(.a)", R"([{"a":2},{"a":1},{"a":2,"b":0}])",
         R"([[{"a":1},{"a":2}],{"a":1},{"a":2,"b":0}])"},
        {"flatten, flatten(1), transpose", "[[1,[2]],[3,4]]", "[[1,2,3,4],[1,[2],3,4],[[1,3],[[2],4]]]"},
        {"any, all, any(. > 2), all(. > 0)", "[1,2]", "[true,true,false,true]"},
        {"index(\"b\"), rindex(\"b\"), indices(\"b\")", R"("abcb")", "[1,3,[1,3]]"},
        {"inside([1,2]), contains([1])", "[1]", "[true,true]"},
        {"ascii_upcase, explode, (explode | implode), startswith(\"a\"), ltrimstr(\"a\"), rtrimstr(\"c\")", R"("abc")",
         R"(["ABC",[97,98,99],"abc",true,"bc","ab"])"},
        {"split(\", \"), join(\"-\")?, test(\"B\"; \"i\"), [match(\"b\").offset]", R"("a, b")",
         R"([["a","b"],true,[3]])"},
        {"capture(\"(?<y>\\\\d+)-(?<m>\\\\d+)\"), [scan(\"\\\\d\")]", R"("25-6")",
         R"([{"y":"25","m":"6"},["2","5","6"]])"},
        {"sub(\"(?<x>b+)\"; \"<\\(.x)>\"), gsub(\"[ac]\"; \"\"), [splits(\"b+\")]", R"("abbc")",
         R"(["a<bb>c","bb",["a","c"]])"},
        {"tostring, tojson, (tojson | fromjson), type", "[1]", R"(["[1]","[1]",[1],"array"])"},
        {"map(tonumber), join(\",\")", R"(["1","2.5"])", R"([[1,2.5],"1,2.5"])"},
        {"floor, sqrt, pow(.; 2), round", "4", "[4.0,2.0,16,4.0]"},
        {"[combinations]", "[[1,2],[3]]", "[[[1,3],[2,3]]]"},
        {"@csv, @tsv, @sh", R"([1,"a b"])", R"(["1,\"a b\"","1\ta b","1 'a b'"])"},
        {"@html, @uri, @base64, (@base64 | @base64d)", R"("<&é")", R"(["&lt;&amp;é","%3C%26%C3%A9","PCbDqQ==","<&é"])"},
        {"nan | isnan, (infinite | isinfinite)", "null", "[true,true]"},
        {"[.[] | values], [.[] | scalars]", "[1,null,[2]]", "[[1,[2]],[1,null]]"},
        {"nth(1), first, last, nth(1; .[])", "[1,2,3]", "[2,1,3,2]"},
        {"INDEX(.id) | keys", R"([{"id":"a"},{"id":"b"}])", R"([["a","b"]])"},
    });
}

TEST_CASE("jq: what is wrong is told") {
    CHECK(outputs(".[").find("jq: expected") == 0);
    CHECK(outputs("nofn(1)") == "jq: there is no function nofn/1");
    CHECK(outputs(".a", "5") == "jq: Cannot index number with \"a\"");
    CHECK(outputs("env").find("no function env/0") != std::string::npos);
    CHECK(outputs("input").find("no function input/0") != std::string::npos);
    CHECK(outputs("import \"a\" as a; 1").find("jq: expected") == 0);
    CHECK(outputs("[-1] | implode").find("codepoint") != std::string::npos);
}
