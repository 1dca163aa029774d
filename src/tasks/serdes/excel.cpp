#include "plugin/task_files.h"
#include "rows/excel_writer.h"
#include "tasks/catalog.h"
#include "tasks/serdes/convert.h"

namespace sluice::tasks {
namespace serdes_excel {

struct Properties {
    Value from;
    std::string sheets_title = "Sheet";
    bool header = true;
};

/// Sheets and their files: one, or as many as the map has.
Result<std::vector<std::pair<std::string, std::string>>> sheets_of(const Properties& want) {
    std::map<std::string, std::string> many;
    if (want.from.is_string() && !want.from.as_string().starts_with('{')) {
        return std::vector<std::pair<std::string, std::string>>{{want.sheets_title, want.from.as_string()}};
    }
    if (auto done = plugin::convert(want.from, many); !done) {
        return invalid("property 'from': expected the address of a file, or a map of sheets and addresses");
    }
    if (many.empty()) return invalid("property 'from': there is no sheet in the map");
    return std::vector<std::pair<std::string, std::string>>(many.begin(), many.end());
}

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const auto sheets = sheets_of(want);
    if (!sheets) return tl::unexpected(sheets.error());
    const auto file = context.scratch_directory() / "rows.xlsx";
    rows::ExcelWriter writer(file, context.scratch_directory());
    std::int64_t size = 0;
    for (const auto& [name, from] : *sheets) {
        if (auto begun = writer.begin_sheet(name, want.header); !begun) return tl::unexpected(begun.error());
        const auto count = for_each_row(from, context, [&](const Value& row) { return writer.write(row); });
        if (!count) return tl::unexpected(count.error());
        size += *count;
    }
    if (auto closed = writer.close(); !closed) return tl::unexpected(closed.error());
    const auto uri = plugin::store_file(context, file, "rows.xlsx");
    if (!uri) return tl::unexpected(uri.error());
    context.metric("records", "counter", static_cast<double>(size));
    return Value{{"uri", *uri}, {"size", size}};
}

}  // namespace serdes_excel

plugin::TaskType serdes_excel_ion_to_excel() {
    using namespace serdes_excel;
    return plugin::task_type<Properties>("serdes.excel.IonToExcel", run)
        .title("Writes files of rows as an Excel workbook.")
        .description(
            "Numbers, booleans and dates are cells of their kind; numbers of more than 15 digits are text, because "
            "Excel would "
            "round them. A sheet holds 1,048,576 rows.")
        .example("A query for people who use Excel", R"(id: query_to_excel
namespace: company.team
tasks:
  - id: orders
    type: io.kestra.plugin.jdbc.postgresql.Query
    url: jdbc:postgresql://db.example.com:5432/shop
    username: reader
    password: "{{ secret('SHOP_PASSWORD') }}"
    sql: select id, city, amount, ordered_at from orders
    fetchType: STORE
  - id: excel
    type: io.kestra.plugin.serdes.excel.IonToExcel
    from: "{{ outputs.orders.uri }}"
    sheetsTitle: Orders
)")
        .property("from", &Properties::from, "Address of a file of rows, or a map of sheets and such addresses",
                  plugin::required)
        .shape(flow::Shape::MapOrText)
        .property("sheetsTitle", &Properties::sheets_title, "Name of the sheet, when there is one")
        .property("header", &Properties::header, "The first row has the names of the fields")
        .output("uri", "Address of the workbook", flow::Shape::Text)
        .output("size", "How many rows there are", flow::Shape::Integer);
}

}  // namespace sluice::tasks
