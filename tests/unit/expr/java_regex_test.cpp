#include "expr/java_regex.h"

#include "expr/failure.h"
#include "support/environment.h"

using namespace sluice;
using namespace sluice::test;

TEST_CASE("Java's syntax is translated where PCRE2's differs") {
    CHECK(expr::translated_regex("\\u00e9+") == "\\x{e9}+");
    CHECK(expr::translated_regex("\\uD83D\\uDE80") == "\\x{1f680}");
    CHECK(expr::translated_regex("\\p{Alpha}\\P{Digit}") == "[[:alpha:]][^[:digit:]]");
    CHECK(expr::translated_regex("[\\p{IsLatin}x]") == "[\\p{Latin}x]");
    CHECK(expr::translated_regex("[a-z&&[^aeiou]]") == "(?:(?=[^aeiou])[a-z])");
    CHECK(expr::translated_regex("[a[bc]]") == "(?:[a]|[bc])");
    CHECK(expr::translated_regex("\\Qa.b\\E.") == "\\x{61}\\x{2e}\\x{62}.");
    CHECK(expr::translated_regex("(?<year>\\d{4})-\\k<year>") == "(?<year>\\d{4})-\\k<year>");
    CHECK(expr::translated_regex("(?iu)a") == "(?i)a");
    CHECK(expr::translated_regex("\\0101") == "\\o{101}");
}

TEST_CASE("what Java does not know, or we do not support, is refused") {
    for (const char* pattern :
         {"(?R)", "(*ACCEPT)", "\\K", "(?(1)a)", "(?U)a", "\\p{InGreek}", "[a", "a\\", "(?P<n>a)", "\\y"}) {
        CAPTURE(pattern);
        CHECK_THROWS_AS(expr::translated_regex(pattern), expr::Failure);
    }
}

TEST_CASE("replacements go on behind an empty match as in Java") {
    CHECK(rendered("{{ 'abxc' | regexReplace('x*', '-') }}") == "-a-b--c-");
    CHECK(rendered("{{ 'a1b2' | regexReplace('(?<l>[a-z])(\\d)', '$2${l}') }}") == "1a2b");
    CHECK(rendered("{{ 'ab' | regexReplace('(a)', '$12') }}") == "a2b");
    CHECK(rendered("{{ 'a' | regexReplace('a', '\\$1') }}") == "$1");
    CHECK(render_failure("{{ 'a' | regexReplace('a', '$1') }}").kind == "regex error");
}

TEST_CASE("a pattern that backtracks without end is stopped") {
    const Value context{{"text", std::string(50, 'a') + "!"}};
    CHECK(render_failure("{{ text | regexMatch('^(a|a)*$') }}", context).kind == "render limit");
}
