#pragma once
#include "databases/session.h"
#include "plugin/task_type.h"

namespace sluice::tasks {

/// What becomes of the rows of a statement.
enum class FetchType { None, One, All, Store };

/// What all query tasks take.
struct QueryProperties {
    std::string sql;
    Value parameters;
    std::string fetch_type = "NONE";
    bool fetch = false, fetch_one = false, store = false;  // the old way to say it
    std::int64_t fetch_size = 10'000;
    std::string after_sql;
    bool transaction = true;
    std::string time_zone_id;
};

/// Errors  Invalid: another word
Result<FetchType> fetch_type_of(const QueryProperties& want);

/// Runs the statements of `sql` in order and gives what they found.
///
/// Query: one transaction if there are several, or `afterSQL`; the outputs are those of the last statement that gives
/// rows: row, rows, uri and size. Queries: `transaction` says whether they are one; `outputs` has an entry for each
/// statement that gives rows. Errors  those of the database, with statement, line and column
Result<Value> run_query(const QueryProperties& want, databases::Session& session, plugin::TaskContext& context);
Result<Value> run_queries(const QueryProperties& want, databases::Session& session, plugin::TaskContext& context);
/// What a trigger finds; null: nothing. `afterSQL` marks what was found: it sees the same rows, and takes effect when
/// the execution is stored. A worker that dies before that finds them again; rows that come meanwhile stay for the next
/// look.
Result<Value> poll_query(const QueryProperties& want, std::shared_ptr<databases::Session> session,
                         plugin::TaskContext& context);
/// Of a trigger's afterSQL.
inline constexpr auto kAboutAfterPolling =
    "Statements that mark what was found. They see the same rows as the query, and take effect when the execution is "
    "stored; when a worker dies in between, the rows are found again";

/// Says where in the script a statement failed.
Error placed(const databases::SqlError& error, std::string_view script, std::size_t offset);

/// The text itself, or that of the stored file that it names.
Result<std::string> sql_text(const std::string& sql, plugin::TaskContext& context);

/// What follows `sql`; where the database is comes from the type itself.
template <class P>
void declare_fetch(plugin::TaskTypeMaker<P>& type) {
    type.property("parameters", &P::parameters,
                  "Values by name, for `:name` in the statements; they are sent apart from the text")
        .shape(flow::Shape::MapOrText)
        .property("fetchType", &P::fetch_type,
                  "NONE, or what becomes of the rows: FETCH_ONE puts the first into `row`, FETCH all into `rows`, "
                  "STORE into a "
                  "file, whose address is `uri`")
        .values({"NONE", "FETCH_ONE", "FETCH", "STORE"})
        .property("fetch", &P::fetch, "Use fetchType: FETCH")
        .outdated()
        .property("fetchOne", &P::fetch_one, "Use fetchType: FETCH_ONE")
        .outdated()
        .property("store", &P::store, "Use fetchType: STORE")
        .outdated()
        .property("fetchSize", &P::fetch_size, "Has no effect: rows are taken one by one, in constant memory")
        .property("timeZoneId", &P::time_zone_id, "Time zone of the session; default UTC");
}

template <class P>
void declare_query(plugin::TaskTypeMaker<P>& type, const char* sql) {
    type.property("sql", &P::sql, sql, plugin::required);
    declare_fetch(type);
}

/// What the rows of one statement become.
template <class P>
void declare_row_outputs(plugin::TaskTypeMaker<P>& type) {
    type.output("row", "The first row (FETCH_ONE)", flow::Shape::Map)
        .output("rows", "All rows (FETCH)", flow::Shape::List)
        .output("uri", "Address of a file of rows (STORE)", flow::Shape::Text)
        .output("size", "How many rows there are", flow::Shape::Integer);
}

}  // namespace sluice::tasks
