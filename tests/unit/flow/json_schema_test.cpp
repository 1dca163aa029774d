#include "flow/json_schema.h"

#include "support/engine_rig.h"

namespace sluice::flow {

TEST_CASE("a category names all its types in front, so that an editor can complete an unfinished one") {
    const Value schema = json_schema(test::test_catalog(), SchemaOf::Flow);
    const Value& task = schema["definitions"]["task"];
    const List& names = task["properties"]["type"]["enum"].as_list();
    CHECK_EQ(names.size(), task["anyOf"].as_list().size());
    CHECK_EQ(names.size(), task["properties"]["type"]["markdownEnumDescriptions"].as_list().size());
    for (const Value& name : names) {
        CAPTURE(name.as_string());
        CHECK_EQ(schema["definitions"][name.as_string()]["properties"]["type"].text("const"), name.as_string());
    }
    CHECK(std::find(names.begin(), names.end(), Value("io.kestra.plugin.core.flow.Pause")) != names.end());
}

}  // namespace sluice::flow
