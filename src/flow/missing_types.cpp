#include "flow/missing_types.h"

#include <algorithm>

namespace sluice::flow {
namespace {

constexpr MissingType kMissing[] = {
    {Category::Task, "core.flow.Template", "io.kestra.core.tasks.flows.Template",
     "put its tasks into a flow and call it by core.flow.Subflow"},
    {Category::Task, "core.kv.PurgeKV", "", "give keys a ttl: what has expired is removed by itself"},
    {Category::Task, "core.namespace.PurgeFiles", "", "core.namespace.DeleteFiles"},
    {Category::Task, "core.templating.TemplatedTask", "io.kestra.core.tasks.templating.TemplatedTask",
     "core.flow.Switch between the tasks that it may become"},
    {Category::Task, "jdbc.mariadb.Query", "", "a script with the server's own client"},
    {Category::Task, "jdbc.mysql.Query", "", "a script with the server's own client"},
    {Category::Task, "serdes.avro.AvroToIon", "", "a Python script; no library of Debian keeps Avro's logical types"},
    {Category::Task, "serdes.avro.IonToAvro", "", "a Python script; no library of Debian keeps Avro's logical types"},
    {Category::Task, "serdes.excel.ExcelToIon", "", "a Python script, or jdbc.duckdb.Query with read_xlsx()"},
    {Category::Task, "serdes.parquet.IonToParquet", "", "jdbc.duckdb.Queries with copy … to 'x.parquet'"},
    {Category::Task, "serdes.parquet.ParquetToIon", "", "jdbc.duckdb.Query with read_parquet()"},
};

}  // namespace

std::span<const MissingType> missing_types() {
    return kMissing;
}

const MissingType* missing_type(std::string_view name) {
    const bool full = name.starts_with(kTypePrefix);
    const std::string_view in_short = full ? name.substr(kTypePrefix.size()) : name;
    const auto found = std::ranges::find_if(kMissing, [&](const MissingType& one) {
        return one.name == in_short || (!name.empty() && one.old_name == name);
    });
    return found != std::end(kMissing) ? found : nullptr;
}

}  // namespace sluice::flow
