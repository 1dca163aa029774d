#include <fstream>

#include "databases/sqlite_session.h"
#include "plugin/task_files.h"
#include "tasks/catalog.h"
#include "tasks/files/working_files.h"
#include "tasks/jdbc/batch_properties.h"
#include "tasks/jdbc/query_properties.h"

namespace sluice::tasks {
namespace sqlite {

namespace fs = std::filesystem;

struct Connection {
    std::string url, username, password;
    std::string sqlite_file;
    bool output_db_file = false;
};
struct Query : QueryProperties, Connection {};
struct Batch : BatchProperties, Connection {};
struct Trigger : QueryProperties, Connection {
    Trigger() { fetch_type = "FETCH"; }
    Duration interval = 60s;
};

/// Where the database is; a stored one is copied there.
Result<fs::path> placed_file(const Connection& want, plugin::TaskContext& context) {
    auto file = databases::SqliteSession::file_of(want.url);
    if (!file) return file;
    const bool is_ours = file->is_relative() && *file != ":memory:";
    if (is_ours) file = path_within(context.working_directory(), file->string());
    if (!file || want.sqlite_file.empty()) return file;
    if (!is_ours) {
        return invalid(
            "property 'sqliteFile': it is copied into the working directory; 'url' must name a file there, as "
            "in jdbc:sqlite:copy.db");
    }
    if (auto clear = clear_way(*file, context.working_directory()); !clear) return tl::unexpected(clear.error());
    if (auto fetched = plugin::fetch_file(context, want.sqlite_file, *file); !fetched)
        return tl::unexpected(fetched.error());
    return file;
}

/// SQLite looks into a file only when a statement needs it: what is handed out must not be any file of this machine.
bool is_database(const fs::path& file) {
    constexpr std::string_view kMagic("SQLite format 3\0", 16);
    std::string start(kMagic.size(), '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(start.data(), static_cast<std::streamsize>(start.size()));
    return in.gcount() == 0 ? in.eof() : start == kMagic;  // one without a table is empty
}

/// Opens the database, does the work, and stores the file if that is wanted.
template <class Work>
Result<Value> with_database(const Connection& want, plugin::TaskContext& context, const Work& work) {
    const auto file = placed_file(want, context);
    if (!file) return tl::unexpected(file.error());
    if (want.output_db_file && *file == ":memory:") return invalid("property 'outputDbFile': 'url' names no file");
    auto session = databases::SqliteSession::open(*file, context.stop_token());
    if (!session) return tl::unexpected(session.error());
    Result<Value> out = work(**session);
    session->reset();  // the file is complete when it is closed
    if (!out || !want.output_db_file) return out;
    if (!is_database(*file)) return invalid("property 'outputDbFile': what 'url' names is no SQLite database");
    const auto uri = plugin::store_file(context, *file, file->filename().string());
    if (!uri) return tl::unexpected(uri.error());
    if (!out->is_map()) *out = Value(Map());
    out->mutable_map().set("databaseUri", *uri);
    return out;
}

Result<Value> query(const Query& want, plugin::TaskContext& context) {
    return with_database(want, context, [&](databases::Session& session) { return run_query(want, session, context); });
}
Result<Value> queries(const Query& want, plugin::TaskContext& context) {
    return with_database(want, context,
                         [&](databases::Session& session) { return run_queries(want, session, context); });
}
Result<Value> batch(const Batch& want, plugin::TaskContext& context) {
    return with_database(want, context, [&](databases::Session& session) { return run_batch(want, session, context); });
}
/// A trigger has no working directory.
Result<Value> poll(const Trigger& want, plugin::TaskContext& context) {
    const auto file = databases::SqliteSession::file_of(want.url);
    if (!file) return tl::unexpected(file.error());
    if (file->is_relative())
        return invalid("property 'url': a trigger wants an absolute path, as in jdbc:sqlite:/srv/shop.db");
    auto session = databases::SqliteSession::open(*file, context.stop_token());
    if (!session) return tl::unexpected(session.error());
    return poll_query(want, std::move(*session), context);
}

template <class P>
void declare_connection(plugin::TaskTypeMaker<P>& type) {
    type.property("url", &P::url,
                  "jdbc:sqlite:name.db, in the task's working directory; an absolute path is a file of the worker's "
                  "machine",
                  plugin::required)
        .property("username", &P::username, "Has no effect: SQLite has no users")
        .property("password", &P::password, "Has no effect")
        .property("sqliteFile", &P::sqlite_file, "Address of a stored database, which is copied to where `url` points")
        .property("outputDbFile", &P::output_db_file, "Stores the database after the task, as `databaseUri`")
        .output("databaseUri", "Address of the database, with `outputDbFile`", flow::Shape::Text);
}

constexpr auto kAbout =
    R"(Nothing has to be installed: SQLite is part of the program. The file is private to the task, unless tasks share a
WorkingDirectory, or pass it on by `outputDbFile` and `sqliteFile`. `:name` in a statement stands for an entry of `parameters`.)";

}  // namespace sqlite

plugin::TaskType jdbc_sqlite_query() {
    using namespace sqlite;
    plugin::TaskTypeMaker<Query> type("jdbc.sqlite.Query", query);
    type.title("Runs a statement on an SQLite database.")
        .description(kAbout)
        .example("Ask a database that was downloaded", R"(id: ask_sqlite
namespace: company.team
tasks:
  - id: database
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/chinook.db
  - id: albums
    type: io.kestra.plugin.jdbc.sqlite.Query
    url: jdbc:sqlite:chinook.db
    sqliteFile: "{{ outputs.database.uri }}"
    sql: select title from albums where artist_id = :artist
    parameters:
      artist: 1
    fetchType: FETCH
)");
    declare_query(type, "The statement, or the address of a stored file with it");
    type.property("afterSQL", &Query::after_sql, "Statements that run behind it, in the same transaction");
    declare_connection(type);
    declare_row_outputs(type);
    return type;
}

plugin::TaskType jdbc_sqlite_queries() {
    using namespace sqlite;
    plugin::TaskTypeMaker<Query> type("jdbc.sqlite.Queries", queries);
    type.title("Runs several statements on an SQLite database.")
        .description(kAbout)
        .example("Make a database, and hand it on", R"(id: make_sqlite
namespace: company.team
tasks:
  - id: make
    type: io.kestra.plugin.jdbc.sqlite.Queries
    url: jdbc:sqlite:totals.db
    outputDbFile: true
    fetchType: FETCH_ONE
    sql: |
      create table totals (city text primary key, amount integer);
      insert into totals values ('Paris', 17), ('Rome', 25);
      select sum(amount) as amount from totals;
outputs:
  - id: database
    type: FILE
    value: "{{ outputs.make.databaseUri }}"
)");
    declare_query(type, "The statements, or the address of a stored file with them");
    type.property("transaction", &Query::transaction, "All of them or none; false: each takes effect by itself");
    type.property("afterSQL", &Query::after_sql, "Statements that run behind them");
    declare_connection(type);
    return type.output("outputs", "`row`, `rows`, `uri` and `size` of each statement that gives rows, in order",
                       flow::Shape::List);
}

plugin::TaskType jdbc_sqlite_batch() {
    using namespace sqlite;
    plugin::TaskTypeMaker<Batch> type("jdbc.sqlite.Batch", batch);
    type.title("Runs a statement on an SQLite database for each row of a file.")
        .description("The rows stream, in one transaction.")
        .example("Rows of a CSV file into a database", R"(id: csv_to_sqlite
namespace: company.team
tasks:
  - id: file
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/orders.csv
  - id: rows
    type: io.kestra.plugin.serdes.csv.CsvToIon
    from: "{{ outputs.file.uri }}"
  - id: make
    type: io.kestra.plugin.core.flow.WorkingDirectory
    tasks:
      - id: table
        type: io.kestra.plugin.jdbc.sqlite.Query
        url: jdbc:sqlite:orders.db
        sql: create table orders (id integer, city text, amount integer)
      - id: fill
        type: io.kestra.plugin.jdbc.sqlite.Batch
        url: jdbc:sqlite:orders.db
        from: "{{ outputs.rows.uri }}"
        table: orders
        outputDbFile: true
)");
    declare_batch(type);
    declare_connection(type);
    return type;
}

plugin::TaskType jdbc_sqlite_trigger() {
    using namespace sqlite;
    plugin::TaskTypeMaker<Trigger> type("jdbc.sqlite.Trigger", poll);
    type.polling()
        .title("Starts the flow when a query on an SQLite database finds rows.")
        .description(
            "The query runs every `interval` on a worker; `url` has the absolute path of a file that each worker can "
            "read.")
        .example("New rows of another program's database", R"(id: on_new_rows
namespace: company.team
tasks:
  - id: show
    type: io.kestra.plugin.core.log.Log
    message: "{{ trigger.size }} rows"
triggers:
  - id: rows
    type: io.kestra.plugin.jdbc.sqlite.Trigger
    interval: PT5M
    url: jdbc:sqlite:/srv/shop/orders.db
    sql: select id from orders where not seen
    afterSQL: update orders set seen = true
)");
    type.property("interval", &Trigger::interval, "From the end of one query to the next")
        .shape(flow::Shape::Duration)
        .literal();
    declare_query(type, "The query");
    type.property("afterSQL", &Trigger::after_sql, kAboutAfterPolling);
    declare_connection(type);
    declare_row_outputs(type);
    return type;
}

}  // namespace sluice::tasks
