#include "expr/template_cache.h"

#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

TEST_CASE("a text is parsed once while it is in the cache") {
    expr::TemplateCache cache;
    const auto first = ok(cache.get("{{ 1 }}"));
    CHECK(ok(cache.get("{{ 1 }}")) == first);
    CHECK(failure(cache.get("{{ 1 ")).kind == "syntax error");
    CHECK(cache.size() == 1);
}

TEST_CASE("the cache keeps the most recently used texts and no more") {
    expr::TemplateCache cache(64);
    for (int i = 0; i < 1000; ++i) ok(cache.get("{{ " + std::to_string(i) + " }}"));
    CHECK(cache.size() <= 64);
    CHECK(cache.size() > 32);
}
