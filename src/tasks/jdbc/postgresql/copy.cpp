#include "databases/sql_text.h"
#include "rows/piece.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/jdbc/postgresql/connection.h"
#include "tasks/jdbc/query_properties.h"

namespace sluice::tasks {
namespace postgresql_copy {

/// The words of COPY's WITH (…). Empty: not said
struct Options {
    std::string format = "TEXT";
    std::optional<bool> header;
    std::optional<std::string> delimiter, null_text, quote, escape, encoding;
    std::vector<std::string> force_quote, force_not_null, force_null;
    std::optional<bool> freeze;
};
struct CopyIn : PostgresConnection, Options {
    std::string from, table;
    std::vector<std::string> columns;
};
struct CopyOut : PostgresConnection, Options {
    std::string sql;
};

std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

std::string with(const Options& want, const databases::PostgresSession& session) {
    std::string out = " with (format " + want.format;
    const auto text = [&](const char* name, const std::optional<std::string>& value) {
        if (value) out += fmt::format(", {} {}", name, session.quoted(*value));
    };
    const auto flag = [&](const char* name, const std::optional<bool>& value) {
        if (value) out += fmt::format(", {} {}", name, *value);
    };
    const auto names = [&](const char* name, const std::vector<std::string>& columns) {
        if (columns.size() == 1 && columns[0] == "*")
            out += fmt::format(", {} *", name);
        else if (!columns.empty())
            out += fmt::format(", {} ({})", name, joined(columns));
    };
    // header false is the default, and TEXT had none before PostgreSQL 15
    if (want.header.value_or(false)) flag("header", want.header);
    flag("freeze", want.freeze);
    text("delimiter", want.delimiter);
    text("null", want.null_text);
    text("quote", want.quote);
    text("escape", want.escape);
    text("encoding", want.encoding);
    names("force_quote", want.force_quote);
    names("force_not_null", want.force_not_null);
    names("force_null", want.force_null);
    return out + ")";
}

Result<Value> copy_in(const CopyIn& want, plugin::TaskContext& context) {
    const auto uri = storage::Uri::parse(want.from);
    if (!uri) return tl::unexpected(uri.error());
    auto reader = context.storage().open(*uri);
    if (!reader) return tl::unexpected(reader.error());
    auto session = connect(want, "", context);
    if (!session) return tl::unexpected(session.error());
    const std::string columns = want.columns.empty() ? "" : " (" + joined(want.columns) + ")";
    const std::string sql = "copy " + want.table + columns + " from stdin" + with(want, **session);
    const auto copied = (*session)->copy_in(sql, [&] {
        std::string piece(rows::kPieceBytes, '\0');
        piece.resize((*reader)->read(piece));
        return piece;
    });
    if (!copied) return tl::unexpected(placed(copied.error(), sql, 0));
    context.metric("rows", "counter", static_cast<double>(*copied));
    return Value{{"rowCount", *copied}};
}

const char* file_name(const std::string& format) {
    return format == "CSV" ? "copy.csv" : format == "BINARY" ? "copy.bin" : "copy.txt";
}

Result<Value> copy_out(const CopyOut& want, plugin::TaskContext& context) {
    const auto script = sql_text(want.sql, context);
    if (!script) return tl::unexpected(script.error());
    const auto parts = databases::split_statements(*script);
    if (parts.size() != 1) return invalid("property 'sql': expected one query, found {} statements", parts.size());
    const auto address = context.file_address(file_name(want.format));
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    auto session = connect(want, "", context);
    if (!session) return tl::unexpected(session.error());
    std::string pending;
    const std::string before = "copy (";
    const std::string sql = before + std::string(parts[0].text) + "\n) to stdout" + with(want, **session);
    const auto copied = (*session)->copy_out(sql, [&](std::string_view piece) {
        pending += piece;
        if (pending.size() < rows::kPieceBytes) return;
        (*writer)->write(pending);
        pending.clear();
    });
    if (!copied) {
        databases::SqlError error = copied.error();
        if (error.offset) *error.offset -= std::min(*error.offset, before.size());
        return tl::unexpected(placed(error, *script, parts[0].offset));
    }
    (*writer)->write(pending);
    if (auto done = (*writer)->commit(); !done) return tl::unexpected(done.error());
    context.metric("rows", "counter", static_cast<double>(*copied));
    return Value{{"uri", address->text()}, {"rowCount", *copied}};
}

template <class P>
void declare_options(plugin::TaskTypeMaker<P>& type) {
    type.property("format", &P::format, "Of the file")
        .values({"TEXT", "CSV", "BINARY"})
        .property("header", &P::header, "The first line has the names of the columns")
        .property("delimiter", &P::delimiter, "Between columns; default a tab in TEXT, a comma in CSV")
        .property("nullString", &P::null_text, "What stands for null; default \\N in TEXT, nothing in CSV")
        .also_called("nullAs")
        .property("quote", &P::quote, "Around values in CSV; default \"")
        .property("escape", &P::escape, "Before a quote in CSV; default: the quote itself")
        .property("encoding", &P::encoding, "Charset of the file; default UTF8");
}

}  // namespace postgresql_copy

plugin::TaskType jdbc_postgresql_copy_in() {
    using namespace postgresql_copy;
    plugin::TaskTypeMaker<CopyIn> type("jdbc.postgresql.CopyIn", copy_in);
    type.title("Loads a file into a table of PostgreSQL.")
        .description(
            "The file streams through COPY, the fastest way into a table. All of its rows are loaded, or none.")
        .example("A CSV file from the web into a table", R"(id: load_orders
namespace: company.team
tasks:
  - id: file
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/orders.csv
  - id: load
    type: io.kestra.plugin.jdbc.postgresql.CopyIn
    url: jdbc:postgresql://db.example.com:5432/shop
    username: loader
    password: "{{ secret('SHOP_PASSWORD') }}"
    from: "{{ outputs.file.uri }}"
    table: staging_orders
    columns: [id, city, amount]
    format: CSV
    header: true
)");
    type.property("from", &CopyIn::from, "Address of the file", plugin::required)
        .property("table", &CopyIn::table, "Where it is loaded, as in SQL: shop.orders", plugin::required)
        .property("columns", &CopyIn::columns,
                  "Columns in the order of the file, as in SQL; default: all of the table");
    declare_options(type);
    type.property("forceNotNull", &CopyIn::force_not_null, "CSV: columns in which nothing is an empty text")
        .property("forceNull", &CopyIn::force_null, "CSV: columns in which a quoted `nullString` is null, too")
        .property("freeze", &CopyIn::freeze,
                  "Rows are frozen at once; the table must be made or emptied in the same transaction");
    declare_postgres(type);
    return type.output("rowCount", "Rows that were loaded", flow::Shape::Integer);
}

plugin::TaskType jdbc_postgresql_copy_out() {
    using namespace postgresql_copy;
    plugin::TaskTypeMaker<CopyOut> type("jdbc.postgresql.CopyOut", copy_out);
    type.title("Writes the rows of a query on PostgreSQL to a file.")
        .description("The rows stream through COPY, as CSV, text or PostgreSQL's binary format.")
        .example("A report as CSV", R"(id: report
namespace: company.team
tasks:
  - id: totals
    type: io.kestra.plugin.jdbc.postgresql.CopyOut
    url: jdbc:postgresql://db.example.com:5432/shop
    username: reader
    password: "{{ secret('SHOP_PASSWORD') }}"
    sql: select city, sum(amount) as amount from orders group by city order by city
    format: CSV
    header: true
outputs:
  - id: report
    type: FILE
    value: "{{ outputs.totals.uri }}"
)");
    type.property("sql", &CopyOut::sql, "The query, or the address of a stored file with it", plugin::required);
    declare_options(type);
    type.property("forceQuote", &CopyOut::force_quote, "CSV: columns whose values are always quoted; `*` for all");
    declare_postgres(type);
    return type.output("uri", "Address of the file", flow::Shape::Text)
        .output("rowCount", "Rows in it", flow::Shape::Integer);
}

}  // namespace sluice::tasks
