// Plugin defaults of namespaces, as two processes know them: one is told of a change, the other looks by itself.
#include "pg/signals.h"
#include "store/environment.h"
#include "store/flows.h"
#include "store/namespaces.h"
#include "support/database.h"
#include "support/test.h"
#include "tasks/catalog.h"

using namespace sluice;
using namespace sluice::test;

namespace {

const flow::FlowId kFlow{"company.team", "greets"};

struct NamespaceRig {
    Database database{};
    plugin::TaskCatalog catalog = tasks::builtin_catalog();
    store::Flows flows{catalog.types(), {}};
    store::Flows other{catalog.types(), {}};
    store::Instance instance{};

    NamespaceRig() {
        const std::string source = "id: greets\nnamespace: company.team\ntasks: [{id: say, type: core.debug.Return}]\n";
        database.pool().in_transaction([&](pg::Transaction& tx) {
            ok(store::save_flow(tx, flows.parse(source), source, store::Save::Either, "", instance));
        });
    }
    void say(const std::string& name_space, const std::string& format) {
        database.pool().in_transaction([&](pg::Transaction& tx) {
            store::NamespaceRow row{.name = name_space};
            row.plugin_defaults = Value(
                List{Value{{"type", "core.debug.Return"}, {"forced", false}, {"values", Value{{"format", format}}}}});
            store::put_namespace(tx, row);
        });
    }
    std::string format_by(store::Flows& some) {
        return database.pool().with_connection([&](pg::Connection& connection) {
            const flow::FlowPtr read = ok(some.get(connection, kFlow, 1));
            return read->tasks().front().properties.text("format");
        });
    }
};

}  // namespace

TEST_CASE("who is told of a change of a namespace reads the next flow with its new defaults, the nearest first") {
    NamespaceRig rig;
    CHECK(rig.format_by(rig.flows).empty());
    rig.say("company", "from above");
    rig.flows.doubt_namespaces();
    CHECK(rig.format_by(rig.flows) == "from above");
    rig.say("company.team", "near");
    rig.say("company.teammates", "of others");
    rig.flows.doubt_namespaces();
    CHECK(rig.format_by(rig.flows) == "near");
    rig.database.pool().in_transaction(
        [&](pg::Transaction& tx) { CHECK(store::delete_namespace(tx, "company.team")); });
    rig.flows.doubt_namespaces();
    CHECK(rig.format_by(rig.flows) == "from above");
    CHECK(rig.format_by(rig.other) == "from above");
}

TEST_CASE("a change of another namespace does not make a flow be read anew") {
    NamespaceRig rig;
    rig.say("company", "from above");
    const auto read = [&] {
        return rig.database.pool().with_connection(
            [&](pg::Connection& connection) { return ok(rig.flows.get(connection, kFlow, 1)); });
    };
    const flow::FlowPtr before = read();
    rig.say("elsewhere", "of others");
    rig.flows.doubt_namespaces();
    CHECK(read() == before);
}

TEST_CASE(
    "a change of a namespace is told to every process, in SQL too, and its texts never say what it no longer holds") {
    NamespaceRig rig;
    pg::Signals signals{{.connection = {.url = rig.database.url()}}, rig.database.pool().clock()};
    signals.subscribe(pg::kNamespacesChannel, [&](const auto&) { rig.flows.doubt_namespaces(); });
    signals.start();
    CHECK(rig.format_by(rig.flows).empty());
    REQUIRE(eventually([&] { return signals.connected(); }));
    rig.database.run(
        R"(insert into sluice.namespaces (namespace, plugin_defaults, plugin_defaults_source) values ('company',
        '[{"type": "core.debug.Return", "values": {"format": "sql"}}]', 'as written'))");
    CHECK(eventually([&] { return rig.format_by(rig.flows) == "sql"; }));
    CHECK(rig.database.one("select plugin_defaults_source from sluice.namespaces") == "as written");
    rig.database.run("update sluice.namespaces set description = 'd'");
    CHECK(rig.database.one("select plugin_defaults_source from sluice.namespaces") == "as written");
    rig.database.run("update sluice.namespaces set plugin_defaults = '[]'");
    CHECK(rig.database.one("select plugin_defaults_source is null from sluice.namespaces") == "t");
    CHECK(eventually([&] { return rig.format_by(rig.flows).empty(); }));
    CHECK_THROWS(rig.database.run("update sluice.namespaces set plugin_defaults = '{}'"));
    CHECK_THROWS(rig.database.run("update sluice.namespaces set variables = '[]'"));
    signals.stop();
}

TEST_CASE("of two variables with the same name the nearer one counts, and neighbours see nothing") {
    NamespaceRig rig;
    rig.database.run(
        R"(insert into sluice.namespaces (namespace, variables) values ('company', '{"a": 1, "b": {"c": 2}}'),
        ('company.team', '{"a": "near"}'), ('company.teammates', '{"x": 1}'))");
    const auto seen = [&](const std::string& name) {
        return rig.database.pool().with_connection(
            [&](pg::Connection& connection) { return Value(store::namespace_variables(connection, name)); });
    };
    CHECK(seen("company.team.deep").text("a") == "near");
    CHECK(seen("company.team")["b"]["c"].as_integer() == 2);
    CHECK(seen("company.team")["x"].is_null());
    CHECK(seen("elsewhere").as_map().empty());
}
