#include "databases/duckdb_session.h"
#include "plugin/task_files.h"
#include "tasks/catalog.h"
#include "tasks/files/working_files.h"
#include "tasks/jdbc/query_properties.h"

namespace sluice::tasks {
namespace duckdb {

namespace fs = std::filesystem;

constexpr auto kOwnFile = "database.duckdb";

struct Properties : QueryProperties {
    std::string url = "jdbc:duckdb:";
    std::string username, password;
    Value input_files;
    std::vector<std::string> output_files;
    std::string database_uri;
    bool output_db_file = false;
};

/// What `url` names; empty: a database in memory
Result<fs::path> named_file(const std::string& url) {
    std::string_view name = url;
    if (name.starts_with("jdbc:")) name.remove_prefix(5);
    if (!name.starts_with("duckdb:"))
        return invalid("property 'url': expected jdbc:duckdb: or jdbc:duckdb:/path/file.duckdb");
    name.remove_prefix(7);
    name = name.substr(0, name.find('?'));
    return name == ":memory:" ? fs::path() : fs::path(name);
}

/// The file that is opened: a stored one is copied into the working directory, and one that is to be stored is made
/// there.
Result<fs::path> database_file(const Properties& want, plugin::TaskContext& context) {
    auto file = named_file(want.url);
    if (!file) return file;
    if (file->empty() && want.database_uri.empty() && !want.output_db_file) return file;
    if (file->empty()) *file = kOwnFile;
    const bool is_ours = file->is_relative();
    if (is_ours) file = path_within(context.working_directory(), file->string());
    if (!file || want.database_uri.empty()) return file;
    if (!is_ours) {
        return invalid(
            "property 'databaseUri': it is copied into the working directory; 'url' must name a file there, as "
            "in jdbc:duckdb:copy.duckdb");
    }
    if (auto clear = clear_way(*file, context.working_directory()); !clear) return tl::unexpected(clear.error());
    if (auto fetched = plugin::fetch_file(context, want.database_uri, *file); !fetched)
        return tl::unexpected(fetched.error());
    return file;
}

/// The statements may name the working directory, and the files that they are to write.
Result<std::string> rendered_sql(const Properties& want, plugin::TaskContext& context) {
    const fs::path folder = context.working_directory();
    Map files;
    for (const std::string& name : want.output_files) files.set(name, (folder / name).string());
    return context.render(want.sql, Map{{"workingDir", folder.string()}, {"outputFiles", Value(std::move(files))}});
}

std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + "'";
}

Result<std::unique_ptr<databases::DuckSession>> opened(const Properties& want, const fs::path& file,
                                                       plugin::TaskContext& context) {
    auto session = databases::DuckSession::open(file, want.time_zone_id, context.stop_token());
    if (!session) return session;
    const std::string folder = quoted(context.working_directory().string());
    for (const char* setting : {"file_search_path", "home_directory", "temp_directory"}) {
        const auto set = (*session)->run(fmt::format("set {} = {}", setting, folder));
        if (!set) return tl::unexpected(set.error().error);
    }
    return session;
}

using Run = Result<Value> (*)(const QueryProperties&, databases::Session&, plugin::TaskContext&);

Result<Value> run_with(Run run, const Properties& asked, plugin::TaskContext& context) {
    Properties want = asked;
    const fs::path folder = context.working_directory();
    if (auto put = put_files({want.input_files, {}, {}}, folder, context); !put) return tl::unexpected(put.error());
    const auto file = database_file(want, context);
    if (!file) return tl::unexpected(file.error());
    auto sql = rendered_sql(want, context);
    if (!sql) return tl::unexpected(sql.error());
    want.sql = std::move(*sql);
    auto session = opened(want, *file, context);
    if (!session) return tl::unexpected(session.error());
    Result<Value> out = run(want, **session, context);
    if (!out) return out;
    session->reset();  // the file is complete when it is closed
    if (!out->is_map()) *out = Value(Map());
    if (!want.output_files.empty()) {
        auto files = collect_files(want.output_files, folder, {}, context);
        if (!files) return files;
        out->mutable_map().set("outputFiles", std::move(*files));
    }
    if (want.output_db_file) {
        const auto uri = plugin::store_file(context, *file, file->filename().string());
        if (!uri) return tl::unexpected(uri.error());
        out->mutable_map().set("databaseUri", *uri);
    }
    if (out->as_map().empty()) return Value();
    return out;
}

Result<Value> query(const Properties& want, plugin::TaskContext& context) {
    return run_with(&run_query, want, context);
}
Result<Value> queries(const Properties& want, plugin::TaskContext& context) {
    return run_with(&run_queries, want, context);
}

constexpr auto kAbout =
    R"(DuckDB reads and writes CSV, JSON and Parquet files: `inputFiles` are in the working directory, where
`read_csv('orders.csv')` finds them, and `copy … to '{{ workingDir }}/totals.parquet'` writes one that `outputFiles` names.

DuckDB's library is no part of Debian and has to be put on each worker: `libduckdb.so` in /usr/local/lib (run `ldconfig`), or at
the path that the environment variable `SLUICE_DUCKDB_LIBRARY` has. It is in each release of DuckDB (libduckdb-linux-amd64.zip) and
in the npm package @duckdb/node-bindings-linux-x64.)";

void declare(plugin::TaskTypeMaker<Properties>& type, const char* sql) {
    type.property("sql", &Properties::sql, sql, plugin::required).unrendered();
    declare_fetch(type);
    type.property("url", &Properties::url, "jdbc:duckdb: for a database in memory, or jdbc:duckdb:/path/file.duckdb")
        .property("username", &Properties::username, "Has no effect: DuckDB has no users")
        .property("password", &Properties::password, "Has no effect")
        .property("inputFiles", &Properties::input_files,
                  "Files that are put into the working directory: contents or addresses by path")
        .shape(flow::Shape::MapOrText)
        .property("outputFiles", &Properties::output_files,
                  "Files of the working directory that are stored: paths or globs; "
                  "`{{ outputFiles.name }}` is the path of one in the statements")
        .property("databaseUri", &Properties::database_uri, "Address of a stored database to begin with")
        .property("outputDbFile", &Properties::output_db_file, "Stores the database after the task, as `databaseUri`")
        .output("outputFiles", "Addresses of stored files by path", flow::Shape::Map)
        .output("databaseUri", "Address of the database, with `outputDbFile`", flow::Shape::Text);
}

}  // namespace duckdb

plugin::TaskType jdbc_duckdb_query() {
    using namespace duckdb;
    plugin::TaskTypeMaker<Properties> type("jdbc.duckdb.Query", query);
    type.title("Runs a statement on DuckDB.").description(kAbout).example("Totals of a CSV file", R"(id: totals_of_csv
namespace: company.team
tasks:
  - id: file
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/orders.csv
  - id: totals
    type: io.kestra.plugin.jdbc.duckdb.Query
    inputFiles:
      orders.csv: "{{ outputs.file.uri }}"
    sql: select city, sum(amount) as amount from read_csv('orders.csv') group by city order by city
    fetchType: FETCH
)");
    declare(type, "The statement");
    type.property("afterSQL", &Properties::after_sql, "Statements that run behind it, in the same transaction");
    declare_row_outputs(type);
    return type;
}

plugin::TaskType jdbc_duckdb_queries() {
    using namespace duckdb;
    plugin::TaskTypeMaker<Properties> type("jdbc.duckdb.Queries", queries);
    type.title("Runs several statements on DuckDB.")
        .description(kAbout)
        .example("CSV into Parquet", R"(id: csv_to_parquet
namespace: company.team
tasks:
  - id: file
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/orders.csv
  - id: convert
    type: io.kestra.plugin.jdbc.duckdb.Queries
    inputFiles:
      orders.csv: "{{ outputs.file.uri }}"
    outputFiles:
      - orders.parquet
    sql: |
      create table orders as select * from read_csv('orders.csv');
      copy orders to '{{ workingDir }}/orders.parquet' (format parquet);
)");
    declare(type, "The statements");
    type.property("transaction", &Properties::transaction, "All of them or none; false: each takes effect by itself");
    type.property("afterSQL", &Properties::after_sql, "Statements that run behind them");
    return type.output("outputs", "`row`, `rows`, `uri` and `size` of each statement that gives rows, in order",
                       flow::Shape::List);
}

}  // namespace sluice::tasks
