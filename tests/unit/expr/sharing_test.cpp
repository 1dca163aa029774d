#include <thread>

#include "support/environment.h"
#include "value/json.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// Counts what is asked of it.
class CountingOutputs : public LazyMap {
  public:
    std::optional<Value> find(std::string_view key) const override {
        ++finds;
        if (key == "load") return Value{{"rows", Value(List{Value(3), Value(1)})}};
        return {};
    }
    Value force() const override {
        ++forced;
        return Value{{"load", Value{{"rows", 1}}}};
    }
    mutable int finds = 0;
    mutable int forced = 0;
};

struct Lazy {
    std::shared_ptr<CountingOutputs> outputs = std::make_shared<CountingOutputs>();
    Value context{{"outputs", Value(std::shared_ptr<const LazyMap>(outputs))}};
};

}  // namespace

TEST_CASE("a filter that sorts in place changes what this render sees, and nothing else") {
    const Value context = ok(parse_json(R"({"l":[3,1,2],"m":{"inner":[2,1]}})"));
    CHECK(rendered("{{ l | sort }} {{ l }}", context) == "[1,2,3] [1,2,3]");
    CHECK(rendered("{% set x = m.inner | sort %}{{ m }}", context) == R"({"inner":[1,2]})");
    CHECK(to_json(context) == R"({"l":[3,1,2],"m":{"inner":[2,1]}})");
}

TEST_CASE("a variable that is set hides the context in this render only") {
    const Value context{{"x", 1}};
    CHECK(rendered("{% set x = 2 %}{{ x }}", context) == "2");
    CHECK(rendered("{{ x }}", context) == "1");
}

TEST_CASE("an entry of a lazy map is fetched once, and never the whole map") {
    const Lazy lazy;
    CHECK(rendered("{{ outputs.load.rows | first }} {{ outputs.load.rows[1] }} {{ outputs['load'] is defined }}",
                   lazy.context) == "3 1 true");
    CHECK(rendered("{{ outputs.other ?? 'none' }}", lazy.context) == "none");
    CHECK(lazy.outputs->finds == 2);
    CHECK(lazy.outputs->forced == 0);
}

TEST_CASE("a lazy map is fetched as a whole where the whole is used") {
    const Lazy lazy;
    CHECK(rendered("{{ outputs }} {% for e in outputs %}{{ e.key }}{% endfor %} {{ outputs | keys | length }}",
                   lazy.context) == R"({"load":{"rows":1}} load 1)");
    CHECK(lazy.outputs->forced == 1);
}

TEST_CASE("many threads render one template with one context") {
    const expr::TemplatePtr text = ok(expr::parse("{{ l | sort | join(',') }}{% for x in l %}{{ x }}{% endfor %}"));
    const Value context = ok(parse_json(R"({"l":[3,1,2]})"));
    std::atomic<int> right{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                TestEnvironment environment;
                for (int turn = 0; turn < 50; ++turn) {
                    const auto out = expr::render(*text, context, environment);
                    if (out && *out == "1,2,3123") ++right;
                }
            });
        }
    }
    CHECK(right == 200);
}

TEST_CASE("secrets that were read are reported, so that the caller can mask them") {
    TestEnvironment environment;
    environment.secrets = {{"DB", R"({"password":"pw1"})"}, {"UNUSED", "x"}};
    const Value context{{"flow", Value{{"namespace", "shop"}}}};
    CHECK(ok(expr::render("{{ secret('DB', subkey='password') | upper }}", context, environment)) == "PW1");
    CHECK(environment.secrets_read() == std::vector<std::string>{R"({"password":"pw1"})", "pw1"});
}

TEST_CASE("what an environment does not offer is told by its name") {
    const Error error = render_failure("{{ http('https://example.org') }}");
    CHECK(error.kind == "not available");
    CHECK(error.message.find("http() is not available") != std::string::npos);
}
