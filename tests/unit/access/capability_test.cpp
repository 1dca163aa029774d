#include "access/capability.h"

#include "support/test.h"

using namespace sluice;
using namespace sluice::access;
using namespace sluice::test;

namespace {
constexpr Capability kReadFlow{Resource::Flow, Action::Read};
constexpr Capability kWriteFlow{Resource::Flow, Action::Update};
constexpr Capability kReadSecret{Resource::Secret, Action::Read};
}  // namespace

TEST_CASE("capabilities are read with stars for resources and actions") {
    CHECK(ok(Capabilities::parse({"FLOW:READ"})).has(kReadFlow));
    CHECK_FALSE(ok(Capabilities::parse({"FLOW:READ"})).has(kWriteFlow));
    CHECK(ok(Capabilities::parse({"FLOW:*"})).has(kWriteFlow));
    CHECK(ok(Capabilities::parse({"*:READ"})).has(kReadSecret));
    CHECK_FALSE(ok(Capabilities::parse({"*:READ"})).has(kWriteFlow));
    CHECK(ok(Capabilities::parse({"*:*"})).texts().size() == kResources * kActions);
    for (const char* text : {"FLOW", "FLOW:", ":READ", "flow:read", "FLOW:FLY", "", "*"}) {
        CAPTURE(text);
        CHECK_FALSE(Capabilities::parse({text}).has_value());
    }
    CHECK(Capabilities::known_of({"FLOW:READ", "OF_A_NEWER_VERSION:READ"}).has(kReadFlow));
    CHECK(to_text(kReadSecret) == "SECRET:READ");
}

TEST_CASE("a namespace has those below it, and not those that begin alike") {
    CHECK(is_within("a.b", "a.b"));
    CHECK(is_within("a.b.c", "a.b"));
    CHECK_FALSE(is_within("a.bc", "a.b"));
    CHECK_FALSE(is_within("a", "a.b"));
    CHECK(is_within("a", ""));
    CHECK_FALSE(is_within("", "a"));
}

TEST_CASE("what is granted in a namespace is granted nowhere else") {
    Grants grants;
    grants.add(ok(Capabilities::parse({"FLOW:*"})), "team.a");
    grants.add(ok(Capabilities::parse({"FLOW:READ"})), "team.b");
    CHECK(grants.allow(kWriteFlow, "team.a.x"));
    CHECK_FALSE(grants.allow(kWriteFlow, "team.b"));
    CHECK_FALSE(grants.allow(kWriteFlow, "team"));
    CHECK_FALSE(grants.allow_everywhere(kReadFlow));
    CHECK(grants.allow_somewhere(kReadFlow));
    CHECK_FALSE(grants.allow_somewhere(kReadSecret));
    CHECK(grants.scope_of(kReadFlow).namespaces == std::vector<std::string>{"team.a", "team.b"});
    CHECK(grants.scope_of(kReadFlow).has("team.a.x"));
    CHECK(grants.scope_of(kReadSecret).empty());
    CHECK(Grants::of_everything().allow_everywhere(kReadSecret));
}

TEST_CASE("a token reaches no further than its user, nor than itself") {
    Grants grants;
    grants.add(ok(Capabilities::parse({"FLOW:*"})), "team.a");
    const auto readers = ok(Capabilities::parse({"*:READ"}));
    CHECK(grants.narrowed(readers, "").allow(kReadFlow, "team.a"));
    CHECK_FALSE(grants.narrowed(readers, "").allow(kWriteFlow, "team.a"));
    CHECK_FALSE(grants.narrowed(readers, "").allow_somewhere(kReadSecret));
    CHECK(grants.narrowed(readers, "team").allow(kReadFlow, "team.a"));
    CHECK_FALSE(grants.narrowed(readers, "team").allow(kReadFlow, "team.b"));
    CHECK(grants.narrowed(readers, "team.a.x").allow(kReadFlow, "team.a.x"));
    CHECK_FALSE(grants.narrowed(readers, "team.a.x").allow(kReadFlow, "team.a"));
    CHECK(grants.narrowed(readers, "other").all().empty());
}
