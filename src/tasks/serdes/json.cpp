#include "value/json.h"

#include "rows/json_rows.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/serdes/convert.h"

namespace sluice::tasks {
namespace serdes_json {

struct Properties {
    std::string from;
    bool new_line = true;
    std::string charset = "UTF-8";
};

/// Lists in lines are rows; a list that is the whole file is many.
Result<Value> json_to_ion(const Properties& want, plugin::TaskContext& context) {
    auto source = rows::TextSource::open(context.storage(), want.from, want.charset);
    if (!source) return tl::unexpected(source.error());
    rows::JsonRows rows(std::move(*source),
                        want.new_line ? rows::JsonRows::Form::Values : rows::JsonRows::Form::ListOrValues);
    return to_rows([&] { return rows.next(); }, context);
}

Result<Value> ion_to_json(const Properties& want, plugin::TaskContext& context) {
    const auto address = context.file_address(want.new_line ? "rows.jsonl" : "rows.json");
    if (!address) return tl::unexpected(address.error());
    auto sink = rows::TextSink::create(context.storage(), *address, want.charset);
    if (!sink) return tl::unexpected(sink.error());
    const char* between = want.new_line ? "" : "[";
    const auto count = for_each_row(want.from, context, [&](const Value& row) {
        const std::string text = between + to_json(row);
        between = want.new_line ? "" : ",";
        return sink->write(want.new_line ? text + "\n" : text);
    });
    if (!count) return tl::unexpected(count.error());
    if (!want.new_line) {
        if (auto written = sink->write(*count == 0 ? "[]" : "]"); !written) return tl::unexpected(written.error());
    }
    if (auto done = sink->commit(); !done) return tl::unexpected(done.error());
    return converted(*address, *count, context);
}

}  // namespace serdes_json

plugin::TaskType serdes_json_json_to_ion() {
    using namespace serdes_json;
    return plugin::task_type<Properties>("serdes.json.JsonToIon", json_to_ion)
        .title("Reads a JSON file into a file of rows.")
        .description(
            "With `newLine`, each value of the file is a row, one behind the other; without, the items of the list "
            "that the file "
            "is. The file streams, whatever its size.")
        .example("The answer of an API as rows", R"(id: json_rows
namespace: company.team
tasks:
  - id: file
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/orders.json
  - id: rows
    type: io.kestra.plugin.serdes.json.JsonToIon
    from: "{{ outputs.file.uri }}"
    newLine: false
)")
        .alias("io.kestra.plugin.serdes.json.JsonReader")
        .property("from", &Properties::from, "Address of the file", plugin::required)
        .property("newLine", &Properties::new_line, "The file has a value in each line; false: it is one list")
        .property("charset", &Properties::charset, "Of the file")
        .output("uri", "Address of the file of rows", flow::Shape::Text)
        .output("size", "How many rows there are", flow::Shape::Integer);
}

plugin::TaskType serdes_json_ion_to_json() {
    using namespace serdes_json;
    return plugin::task_type<Properties>("serdes.json.IonToJson", ion_to_json)
        .title("Writes a file of rows as JSON.")
        .description("With `newLine` a row stands in each line; without, the file is one list.")
        .example("A query as one JSON list", R"(id: query_to_json
namespace: company.team
tasks:
  - id: orders
    type: io.kestra.plugin.jdbc.postgresql.Query
    url: jdbc:postgresql://db.example.com:5432/shop
    username: reader
    password: "{{ secret('SHOP_PASSWORD') }}"
    sql: select id, city, amount from orders
    fetchType: STORE
  - id: json
    type: io.kestra.plugin.serdes.json.IonToJson
    from: "{{ outputs.orders.uri }}"
    newLine: false
)")
        .alias("io.kestra.plugin.serdes.json.JsonWriter")
        .property("from", &Properties::from, "Address of the file of rows", plugin::required)
        .property("newLine", &Properties::new_line, "A row in each line; false: one list")
        .property("charset", &Properties::charset, "Of the file")
        .output("uri", "Address of the JSON file", flow::Shape::Text)
        .output("size", "How many rows there are", flow::Shape::Integer);
}

}  // namespace sluice::tasks
