// Charts read every field that may be named, by every condition.
#include "store/chart_rows.h"

#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

std::string value_for(flow::ChartField::Kind kind) {
    if (kind == flow::ChartField::Kind::Number) return "1.5";
    return kind == flow::ChartField::Kind::Time ? "2026-01-31T10:00:00Z" : "it's";
}

store::Found<Value> rows_of(Database& database, flow::ChartData data) {
    store::ChartQuestion question{.data = std::move(data)};
    question.until = database.pool().clock().now() + 1h;
    question.from = question.until - 24h;
    return ok(database.pool().with_connection(
        [&](pg::Connection& connection) { return store::chart_rows(connection, question); }));
}

}  // namespace

TEST_CASE("charts read every field of every source, alone, gathered and under every condition") {
    Database database;
    using enum flow::ChartSource;
    for (const flow::ChartSource source : {Executions, Logs, Metrics, Flows, Triggers}) {
        for (const flow::ChartField& field : flow::fields_of(source)) {
            const std::string name(field.name);
            CAPTURE(name);
            const flow::ChartColumn column{.name = "a", .field = name, .label_key = "team"};
            flow::ChartData data{.source = source, .columns = {column}, .order_by = {{0, true}}};
            for (const char* type : {"EQUAL_TO", "NOT_EQUAL_TO", "GREATER_THAN", "GREATER_THAN_OR_EQUAL_TO",
                                     "LESS_THAN", "LESS_THAN_OR_EQUAL_TO", "IN", "NOT_IN", "IS_NULL", "IS_NOT_NULL",
                                     "IS_TRUE", "IS_FALSE", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "REGEX"}) {
                data.where.push_back(
                    {.type = type, .field = name, .label_key = "team", .values = {value_for(field.kind)}});
            }
            data.where.push_back({.type = "OR", .any_of = {data.where.front(), data.where.back()}});
            CHECK(rows_of(database, data).total.rows == 0);
            data.columns.push_back({.name = "n", .aggregation = "COUNT"});
            data.columns.push_back({.name = "most", .field = name, .aggregation = "MAX", .label_key = "team"});
            data.order_by = {{1, true}, {2, false}};
            CHECK(rows_of(database, data).rows.empty());
        }
    }
}

TEST_CASE("rows of a chart are gathered by day, and its page knows how many there are") {
    Database database;
    database.run(
        "insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, ended_at) "
        "select sluice.lowest_id(at), 'company', 'flow_' || n % 3, 1, 'SUCCESS', at, at + interval '2 seconds' "
        "from (select n, now() - interval '30 minutes' + n * interval '1 second' as at from generate_series(1, 30) n) "
        "m");
    flow::ChartData data{.columns = {{.name = "flow", .field = "FLOW_ID"},
                                     {.name = "n", .aggregation = "COUNT"},
                                     {.name = "seconds", .field = "DURATION", .aggregation = "AVG"}}};
    store::ChartQuestion question{.data = data, .size = 2};
    question.until = database.pool().clock().now();
    question.from = question.until - 24h;
    const auto read = [&] {
        return ok(database.pool().with_connection(
            [&](pg::Connection& connection) { return store::chart_rows(connection, question); }));
    };
    const auto page = read();
    CHECK(page.total.rows == 3);
    REQUIRE(page.rows.size() == 2);
    CHECK(page.rows.front()["flow"] == Value("flow_0"));
    CHECK(page.rows.front()["n"].if_integer() == 10);
    CHECK(page.rows.front()["seconds"].as_double() == doctest::Approx(2));
    question.data.columns.erase(question.data.columns.begin());
    question.size = 1;
    const auto all = read();
    CHECK(all.total.rows == 1);
    CHECK(all.rows.front()["n"].if_integer() == 30);
}
