#include "flow/edit_source.h"

#include "support/test.h"

namespace sluice::flow {

TEST_CASE("a task is replaced where it stands, and all other text stays") {
    const std::string source =
        "id: f  # its name\n"
        "tasks:\n"
        "  - id: a\n"
        "    type: t.One  # goes\n"
        "    script: |\n"
        "      id: b\n"
        "\n"
        "      end\n"
        "\n"
        "  # about b\n"
        "  - {id: b, type: t.Two, text: 'it''s }'}\n"
        "  - id: c\n"
        "    type: t.Three\n"
        "    tasks:\n"
        "      - id: d\n"
        "        type: t.Four\n"
        "triggers: []\n";
    const Value one{{"id", "a"}, {"type", "t.New"}, {"n", 1}, {"text", "a: b"}, {"yes", "true"}};
    CHECK(test::ok(with_task(source, "a", one)) ==
          "id: f  # its name\n"
          "tasks:\n"
          "  - id: a\n"
          "    type: t.New\n"
          "    n: 1\n"
          "    text: \"a: b\"\n"
          "    \"yes\": \"true\"\n"
          "\n"
          "  # about b\n" +
              source.substr(source.find("  - {id: b")));
    const std::string second = test::ok(with_task(source, "b", Value{{"id", "b"}, {"type", "t.New"}}));
    CHECK(second.find("  - {\"id\":\"b\",\"type\":\"t.New\"}\n  - id: c\n") != std::string::npos);
    const std::string inner = test::ok(with_task(source, "d", Value{{"id", "d"}, {"type", "t.New"}}));
    CHECK(inner.ends_with("    tasks:\n      - id: d\n        type: t.New\ntriggers: []\n"));
    const std::string tricky =
        "id: f\ntasks:\n  - {id: a, type: t.One, text: it's, # don't {\n     more: [x, 'y ]']}\n  - {id: b, type: "
        "t.Two}\n";
    CHECK(test::ok(with_task(tricky, "a", Value{{"id", "a"}, {"type", "t.New"}})) ==
          "id: f\ntasks:\n  - {\"id\":\"a\",\"type\":\"t.New\"}\n  - {id: b, type: t.Two}\n");
    const std::string shared = "id: f\ntasks:\n  - &x {id: a, type: t.One}\n  - <<: *x\n    id: b\n";
    CHECK(with_task(shared, "a", Value{{"id", "a"}, {"type", "t.New"}}).error().code == ErrorCode::Invalid);
    CHECK(with_task(source, "none", one).error().code == ErrorCode::NotFound);
    CHECK_FALSE(with_task("a: [", "a", one).has_value());
}

TEST_CASE("a part stands in a flow at the line and the column that are told") {
    const std::string flow = flow_around("id: a\ntype: t.One", "tasks");
    CHECK(flow == "id: part\nnamespace: part\ntasks:\n  -\n    id: a\n    type: t.One\n");
}

}  // namespace sluice::flow
