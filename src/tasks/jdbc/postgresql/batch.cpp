#include "tasks/catalog.h"
#include "tasks/jdbc/batch_properties.h"
#include "tasks/jdbc/postgresql/connection.h"

namespace sluice::tasks {
namespace postgresql_batch {

struct Properties : BatchProperties, PostgresConnection {};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    auto session = connect(want, want.time_zone_id, context);
    if (!session) return tl::unexpected(session.error());
    return run_batch(want, **session, context);
}

}  // namespace postgresql_batch

plugin::TaskType jdbc_postgresql_batch() {
    using namespace postgresql_batch;
    plugin::TaskTypeMaker<Properties> type("jdbc.postgresql.Batch", run);
    type.title("Runs a statement on PostgreSQL for each row of a file.")
        .description(
            "The rows stream, `chunk` of them in each round trip, in one transaction. What is base64 becomes `bytea` "
            "where the "
            "statement wants that, lists become arrays. For files of CSV, `CopyIn` is faster.")
        .example("From one database into another", R"(id: copy_orders
namespace: company.team
tasks:
  - id: read
    type: io.kestra.plugin.jdbc.postgresql.Query
    url: jdbc:postgresql://db.example.com:5432/shop
    username: reader
    password: "{{ secret('SHOP_PASSWORD') }}"
    sql: select id, city, amount from orders
    fetchType: STORE
  - id: write
    type: io.kestra.plugin.jdbc.postgresql.Batch
    url: jdbc:postgresql://warehouse.example.com:5432/facts
    username: loader
    password: "{{ secret('FACTS_PASSWORD') }}"
    from: "{{ outputs.read.uri }}"
    sql: insert into orders (id, city, amount) values (?, ?, ?) on conflict (id) do update set amount = excluded.amount
)");
    declare_batch(type);
    declare_postgres(type);
    type.property("timeZoneId", &Properties::time_zone_id, "Time zone of the session; default UTC");
    return type;
}

}  // namespace sluice::tasks
