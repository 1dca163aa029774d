#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::TaskRig;

const plugin::KeyValue& stored(TaskRig& rig, const std::string& key) {
    const auto found = rig.keys.rows.find("company.team/" + key);
    if (found == rig.keys.rows.end()) FAIL("there is no key " << key);
    return found->second;
}

}  // namespace

TEST_CASE("a key keeps the type of its value, or gets the one that is asked for") {
    TaskRig rig;
    rig.names = Value{{"map", Value{{"a", 1}}}, {"n", 7}};
    const auto set = [&](const std::string& yaml) { test::ok(rig.run("core.kv.Set", "key: k\n" + yaml)); };
    set("value: text");
    CHECK(stored(rig, "k").kind == "STRING");
    set("value: \"{{ map }}\"");
    CHECK(stored(rig, "k").kind == "JSON");
    CHECK(stored(rig, "k").value == Value{{"a", 1}});
    set("value: \"{{ n }}\"");
    CHECK(stored(rig, "k").kind == "NUMBER");
    set("value: \"17\"\nkvType: NUMBER");
    CHECK(stored(rig, "k").value == Value(17));
    set("value: \"{{ n }}\"\nkvType: STRING");
    CHECK(stored(rig, "k").value == Value("7"));
    set("value: \"true\"\nkvType: BOOLEAN");
    CHECK(stored(rig, "k").value == Value(true));
    set("value: '[1, 2]'\nkvType: JSON");
    CHECK(stored(rig, "k").value == Value(List{Value(1), Value(2)}));
    set("value: PT90M\nkvType: DURATION");
    CHECK(stored(rig, "k").value == Value("PT1H30M"));
    set("value: '2026-01-31'\nkvType: DATE");
    CHECK(stored(rig, "k").kind == "DATE");
    test::failure(rig.run("core.kv.Set", "key: k\nvalue: soon\nkvType: DATETIME"));
    test::failure(rig.run("core.kv.Set", "key: k\nvalue: x\nkvType: NUMBER"));
}

TEST_CASE("a key is set for a time, and not over another one unless allowed") {
    TaskRig rig;
    test::ok(rig.run("core.kv.Set", "key: k\nvalue: a\nttl: PT5M\nkvDescription: why"));
    CHECK(rig.keys.last_ttl == 5min);
    CHECK(stored(rig, "k").description == "why");
    const Error error = test::failure(rig.run("core.kv.Set", "key: k\nvalue: b\noverwrite: false"));
    CHECK(error.message == "Cannot set value for key 'k'. Key already exists and `overwrite` is set to `false`.");
    CHECK(test::failure(rig.run("core.kv.Set", "key: '-k'\nvalue: b")).code == ErrorCode::Invalid);
    test::ok(rig.run("core.kv.Set", "key: k\nvalue: b\nnamespace: other"));
    CHECK(rig.keys.rows.at("other/k").value == Value("b"));
}

TEST_CASE("a key is read, missed, or has expired") {
    TaskRig rig;
    rig.keys.rows["company.team/k"] = {"k", "NUMBER", Value(3), "", false};
    rig.keys.rows["company.team/old"] = {"old", "NUMBER", Value(3), "", true};
    CHECK(test::ok(rig.run("core.kv.Get", "key: k"))["value"] == Value(3));
    CHECK(test::ok(rig.run("core.kv.Get", "key: none"))["value"].is_null());
    CHECK(test::failure(rig.run("core.kv.Get", "key: none\nerrorOnMissing: true")).message ==
          "No value found for key 'none' in namespace 'company.team' and `errorOnMissing` is set to true");
    CHECK(test::ok(rig.run("core.kv.Get", "key: old"))["value"].is_null());
    CHECK(test::failure(rig.run("core.kv.Get", "key: old\nerrorOnMissing: true")).code == ErrorCode::Gone);
}

TEST_CASE("keys are listed by prefix, and deleted") {
    TaskRig rig;
    for (const char* key : {"a1", "a2", "b"}) {
        rig.keys.rows[std::string("company.team/") + key] = {key, "STRING", Value("x"), "", false};
    }
    CHECK(test::ok(rig.run("core.kv.GetKeys", "prefix: a"))["keys"] == Value(List{Value("a1"), Value("a2")}));
    CHECK(test::ok(rig.run("core.kv.Delete", "key: a1"))["deleted"] == Value(true));
    CHECK(test::ok(rig.run("core.kv.Delete", "key: a1"))["deleted"] == Value(false));
    CHECK(test::failure(rig.run("core.kv.Delete", "key: a1\nerrorOnMissing: true")).code == ErrorCode::NotFound);
}

TEST_CASE("a state is merged into what is there, by flow and by value of a loop") {
    TaskRig rig;
    test::ok(rig.run("core.state.Set", "data: {a: 1, deep: {x: 1}}"));
    const Value out = test::ok(rig.run("core.state.Set", "data: {b: 2, deep: {y: 2}}"));
    CHECK(out["count"] == Value(3));
    CHECK(out.text("key") == "f_states_tasks-states_default");
    const Value data = test::ok(rig.run("core.state.Get", "name: default"))["data"];
    CHECK(data["a"] == Value(1));
    CHECK(data["deep"] == Value{{"x", 1}, {"y", 2}});
    rig.names = Value{{"taskrun", Value{{"value", "v"}}}};
    CHECK(test::ok(rig.run("core.state.Get", "name: default"))["count"] == Value(0));
    test::failure(rig.run("core.state.Get", "name: default\nerrorOnMissing: true"));
    CHECK(test::ok(rig.run("core.state.Delete", "taskrunValue: false"))["deleted"] == Value(true));
    CHECK(test::ok(rig.run("core.state.Set", "namespace: true\ntaskrunValue: false\ndata: {}")).text("key") ==
          "states_tasks-states_default");
}

}  // namespace sluice::tasks
