#include "tasks/catalog.h"
#include "tasks/jdbc/postgresql/connection.h"
#include "tasks/jdbc/query_properties.h"

namespace sluice::tasks {
namespace postgresql_query {

struct Properties : QueryProperties, PostgresConnection {};

Result<Value> query(const Properties& want, plugin::TaskContext& context) {
    auto session = connect(want, want.time_zone_id, context);
    if (!session) return tl::unexpected(session.error());
    return run_query(want, **session, context);
}

Result<Value> queries(const Properties& want, plugin::TaskContext& context) {
    auto session = connect(want, want.time_zone_id, context);
    if (!session) return tl::unexpected(session.error());
    return run_queries(want, **session, context);
}

struct TriggerProperties : QueryProperties, PostgresConnection {
    TriggerProperties() { fetch_type = "FETCH"; }
    Duration interval = 60s;
};

/// Null: nothing was found
Result<Value> poll(const TriggerProperties& want, plugin::TaskContext& context) {
    auto session = connect(want, want.time_zone_id, context);
    if (!session) return tl::unexpected(session.error());
    return poll_query(want, std::move(*session), context);
}

constexpr auto kAboutRows =
    R"(Rows are maps of their columns. Numbers keep all digits, JSON and arrays are what they hold, dates
and times are dates and times; `bytea` is base64, an interval like P1DT2H. With `fetchType: STORE` rows stream into a file, whatever
their number.

`:name` in a statement stands for an entry of `parameters`, which is sent apart from the text: nothing has to be quoted. Casts
(`::date`), texts and comments are left alone.)";

}  // namespace postgresql_query

plugin::TaskType jdbc_postgresql_query() {
    using namespace postgresql_query;
    plugin::TaskTypeMaker<Properties> type("jdbc.postgresql.Query", query);
    type.title("Runs a statement on PostgreSQL.")
        .description(std::string(kAboutRows) +
                     "\n\nSeveral statements run in one transaction; the outputs are those of the last one "
                     "that gives rows.")
        .example("Orders of a day, as a file", R"(id: orders_of_a_day
namespace: company.team
inputs:
  - id: day
    type: DATE
    defaults: 2026-01-05
tasks:
  - id: orders
    type: io.kestra.plugin.jdbc.postgresql.Query
    url: jdbc:postgresql://db.example.com:5432/shop
    username: reader
    password: "{{ secret('SHOP_PASSWORD') }}"
    sql: select id, city, amount from orders where ordered_at::date = :day::date
    parameters:
      day: "{{ inputs.day }}"
    fetchType: STORE
  - id: csv
    type: io.kestra.plugin.serdes.csv.IonToCsv
    from: "{{ outputs.orders.uri }}"
)");
    declare_query(type, "The statement, or the address of a stored file with it");
    type.property("afterSQL", &Properties::after_sql, "Statements that run behind it, in the same transaction");
    declare_postgres(type);
    declare_row_outputs(type);
    return type;
}

plugin::TaskType jdbc_postgresql_queries() {
    using namespace postgresql_query;
    plugin::TaskTypeMaker<Properties> type("jdbc.postgresql.Queries", queries);
    type.title("Runs several statements on PostgreSQL.")
        .description(std::string(kAboutRows) +
                     "\n\nStatements end with a semicolon, but not with one in a text, in a comment, between "
                     "dollar quotes, or in a body BEGIN ATOMIC … END.")
        .example("Refresh a table in one transaction", R"(id: refresh_totals
namespace: company.team
tasks:
  - id: totals
    type: io.kestra.plugin.jdbc.postgresql.Queries
    url: jdbc:postgresql://db.example.com:5432/shop
    username: loader
    password: "{{ secret('SHOP_PASSWORD') }}"
    fetchType: FETCH_ONE
    sql: |
      truncate totals;
      insert into totals select city, sum(amount) from orders group by city;
      select count(*) as cities from totals;
  - id: tell
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.totals.outputs[0].row.cities }} cities"
)");
    declare_query(type, "The statements, or the address of a stored file with them");
    type.property("transaction", &Properties::transaction, "All of them or none; false: each takes effect by itself");
    type.property("afterSQL", &Properties::after_sql, "Statements that run behind them");
    declare_postgres(type);
    return type.output("outputs", "`row`, `rows`, `uri` and `size` of each statement that gives rows, in order",
                       flow::Shape::List);
}

plugin::TaskType jdbc_postgresql_trigger() {
    using namespace postgresql_query;
    plugin::TaskTypeMaker<TriggerProperties> type("jdbc.postgresql.Trigger", poll);
    type.polling()
        .title("Starts the flow when a query on PostgreSQL finds rows.")
        .description(
            "The query runs every `interval` on a worker. `afterSQL` runs in the same transaction when it has found "
            "what it "
            "has, and marks or removes the rows, so that they start one execution only.")
        .example("Work through a queue table", R"(id: new_orders
namespace: company.team
tasks:
  - id: show
    type: io.kestra.plugin.core.log.Log
    message: "{{ trigger.size }} new orders, the first is {{ trigger.rows[0].id }}"
triggers:
  - id: orders
    type: io.kestra.plugin.jdbc.postgresql.Trigger
    interval: PT1M
    url: jdbc:postgresql://db.example.com:5432/shop
    username: loader
    password: "{{ secret('SHOP_PASSWORD') }}"
    sql: select id, amount from orders where not seen
    afterSQL: update orders set seen = true where not seen
    fetchType: FETCH
)");
    type.property("interval", &TriggerProperties::interval, "From the end of one query to the next")
        .shape(flow::Shape::Duration)
        .literal();
    declare_query(type, "The query");
    type.property("afterSQL", &TriggerProperties::after_sql, kAboutAfterPolling);
    declare_postgres(type);
    declare_row_outputs(type);
    return type;
}

}  // namespace sluice::tasks
