#include "flow/parse_flow.h"

#include "flow/yaml_document.h"
#include "support/engine_rig.h"

using namespace sluice;
using namespace sluice::test;

TEST_CASE("an id of any length is read and refused, or taken") {
    const std::string yaml = "namespace: n\nid: " + std::string(100'000, 'a') + "\ntasks: [{id: a" +
                             std::string(100'000, 'b') + ", type: t.Work}, {id: -, type: t.Work}]\n";
    const flow::ParsedFlow parsed = flow::parse_flow(yaml, test_catalog());
    REQUIRE(parsed.errors.size() == 2);
    CHECK(parsed.errors[0].message == "size must be between 1 and 100");
    CHECK(parsed.errors[1].message == "must match \"^[a-zA-Z0-9][a-zA-Z0-9_-]*\"");
}

TEST_CASE("a namespace is lower case, an id is not") {
    const auto mistakes = [](const std::string& head) {
        return flow::parse_flow(head + "tasks: [{id: a, type: t.Work}]\n", test_catalog()).errors.size();
    };
    CHECK(mistakes("id: A.b_c-1\nnamespace: a.b_c-1\n") == 0);
    CHECK(mistakes("id: a\nnamespace: a.B\n") == 1);
    CHECK(mistakes("id: .a\nnamespace: _a\n") == 2);
}

TEST_CASE("text in quotes that never ends is told where it begins") {
    const std::string head = "namespace: n\ntasks: [{id: a, type: t.Work}]\n";
    for (const char* open : {"id: \"f\n", "id: 'f\n\n", "id: 'it''s\n", "id: \"f\\\"\n"}) {
        CAPTURE(open);
        const flow::ParsedFlow parsed = flow::parse_flow(head + open, test_catalog());
        REQUIRE(parsed.errors.size() == 1);
        CHECK(parsed.errors[0].place.line == 3);
        CHECK(parsed.errors[0].place.column == 5);
    }
    for (const char* closed :
         {"id: \"f\"", "id: 'f'\n", "id: f\ndescription: 'it''s'", "id: f\ndescription: \"a\\\\\"\n",
          "id: f\ndescription: \"two\n  lines\"\n", "id: f\ndescription: ä \"b\n"}) {
        CAPTURE(closed);
        CHECK(flow::parse_flow(head + closed, test_catalog()).errors.empty());
    }
}

TEST_CASE("a mark of the byte order moves nothing") {
    CHECK(flow::parse_flow("\xEF\xBB\xBF{\"id\": 'f', namespace: n, tasks: [{id: a, type: 't.Work'}]}", test_catalog())
              .errors.empty());
}

TEST_CASE("a misspelt type of any length is told at once") {
    const std::string yaml = "id: f\nnamespace: n\ntasks: [{id: a, type: " + std::string(200'000, 'x') + "}]\n";
    CHECK(flow::parse_flow(yaml, test_catalog()).errors.size() == 1);
}

TEST_CASE("the line of the revision is left out, wherever it stands") {
    CHECK(flow::without_revision("revision: 7\nid: a\r\nrevision:  8 # mine\r\nb: c\nrevision: 9") ==
          "id: a\r\nb: c\n");
    for (const std::string kept :
         {" revision: 7\n", "revision: x\n", "revision:\n", "revision: 7 a\n", "revisions: 7\n"}) {
        CHECK(flow::without_revision(kept) == kept);
    }
    const std::string blanks = "revision: 1" + std::string(1'000'000, ' ') + "x";
    CHECK(flow::without_revision(blanks) == blanks);
}

TEST_CASE("disabled is set where it stands, or at the end") {
    CHECK(flow::with_disabled("id: a\n\n", true) == "id: a\ndisabled: true\n");
    CHECK(flow::with_disabled("disabled : false # why\nid: a", true) == "disabled: true # why\nid: a");
    CHECK(flow::with_disabled("id: a\ndisabled:true\n", false) == "id: a\ndisabled: false\n");
    CHECK(flow::with_disabled("a:\n  disabled: true\n", false) == "a:\n  disabled: true\ndisabled: false\n");
}

TEST_CASE("a number has its sign in front of 0x") {
    const auto read = [](const std::string& text) { return flow::to_value(ok(flow::parse_yaml(text))); };
    CHECK(read("-0x1F") == Value(-31));
    CHECK(read("0x-1F") == Value("0x-1F"));
    CHECK(read("-0x-8000000000000000") == Value("-0x-8000000000000000"));
}
