#pragma once
#include "databases/session.h"
#include "plugin/task_type.h"

namespace sluice::tasks {

/// Rows of a file into a table.
struct BatchProperties {
    std::string from;
    std::string sql;
    std::string table;
    std::vector<std::string> columns;
    std::int64_t chunk = 1000;
    std::string time_zone_id;
};

/// Runs the statement for each row of the file, in one transaction.
/// Errors  Invalid: neither `sql` nor `table`, a row without one of the columns; those of the database
Result<Value> run_batch(const BatchProperties& want, databases::Session& session, plugin::TaskContext& context);

template <class P>
void declare_batch(plugin::TaskTypeMaker<P>& type) {
    type.property("from", &P::from, "Address of a file of rows, as STORE writes them", plugin::required)
        .property("sql", &P::sql, "A statement with a `?` for each value of a row; default: an insert into `table`")
        .property("table", &P::table, "Where rows are inserted")
        .property("columns", &P::columns, "Which fields of the rows, in this order; default: those of the first row")
        .property("chunk", &P::chunk, "Rows that are sent at once")
        .output("rowCount", "Rows that were read", flow::Shape::Integer)
        .output("updatedCount", "Rows of the table that were changed", flow::Shape::Integer);
}

}  // namespace sluice::tasks
