#include "rows/csv.h"
#include "rows/date_texts.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/serdes/convert.h"
#include "value/json.h"

namespace sluice::tasks {
namespace ion_to_csv {

struct Properties {
    std::string from;
    bool header = true;
    std::vector<std::string> columns;
    std::string field_separator = ",";
    std::string text_delimiter = "\"";
    std::string line_delimiter = "\n";
    bool always_delimit_text = false;
    std::string quote_mode = "MINIMAL";
    std::string charset = "UTF-8";
    std::string date_format = rows::DateTexts().date;
    std::string time_format = rows::DateTexts().time;
    std::string date_time_format = rows::DateTexts().date_time;
    std::string time_zone_id;
};

class CsvFile {
  public:
    CsvFile(rows::TextSink sink, const Properties& want, rows::CsvFormat format)
        : sink_(std::move(sink)),
          format_(std::move(format)),
          dates_{want.date_format, want.time_format, want.date_time_format, want.time_zone_id},
          has_header_(want.header),
          names_are_given_(!want.columns.empty()),
          names_(want.columns) {}

    Result<void> write(const Value& row) {
        line_.clear();
        if (row.is_map()) {
            if (names_.empty()) {
                for (const auto& [name, value] : row.as_map()) names_.push_back(name);
            }
            if (auto begun = header(); !begun) return begun;
            if (auto known = only_known_fields(row.as_map()); !known) return known;
            for (const std::string& name : names_) {
                const Value* value = row.as_map().find(name);
                if (auto added = field(value != nullptr ? *value : Value()); !added) return added;
            }
        } else {
            const List items = row.is_list() ? row.as_list() : List{row};
            for (const Value& item : items) {
                if (auto added = field(item); !added) return added;
            }
        }
        return end_line();
    }

    Result<void> commit() {
        if (auto begun = header(); !begun) return begun;
        return sink_.commit();
    }

  private:
    Result<void> header() {
        if (!has_header_ || header_written_ || names_.empty()) return {};
        header_written_ = true;
        std::string line;
        for (const std::string& name : names_) {
            if (!line.empty() || &name != names_.data()) line += format_.separator;
            rows::append_csv_field(line, name, format_);
        }
        return sink_.write(line + format_.line_end);
    }

    Result<void> only_known_fields(const Map& row) const {
        if (names_are_given_) return {};
        for (const auto& [name, value] : row) {
            if (std::find(names_.begin(), names_.end(), name) == names_.end()) {
                return invalid(
                    "it has a field '{}', which the first row has not; name the columns of the file in 'columns'",
                    name);
            }
        }
        return {};
    }

    Result<void> field(const Value& value) {
        if (at_first_)
            at_first_ = false;
        else
            line_ += format_.separator;
        if (value.is_null()) return {};
        auto date = rows::date_text(value, dates_);
        if (!date) return tl::unexpected(date.error());
        rows::append_csv_field(line_, *date ? **date : plugin::text_of(value), format_);
        return {};
    }

    Result<void> end_line() {
        at_first_ = true;
        return sink_.write(line_ + format_.line_end);
    }

    rows::TextSink sink_;
    rows::CsvFormat format_;
    rows::DateTexts dates_;
    bool has_header_;
    bool names_are_given_;
    std::vector<std::string> names_;
    bool header_written_ = false;
    bool at_first_ = true;
    std::string line_{};
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const rows::CsvFormat format{.separator = want.field_separator,
                                 .quote = want.text_delimiter,
                                 .line_end = want.line_delimiter,
                                 .quote_all = want.always_delimit_text || want.quote_mode == "ALL"};
    if (auto good = rows::check(format); !good) return tl::unexpected(good.error());
    const auto address = context.file_address("rows.csv");
    if (!address) return tl::unexpected(address.error());
    auto sink = rows::TextSink::create(context.storage(), *address, want.charset);
    if (!sink) return tl::unexpected(sink.error());
    CsvFile file(std::move(*sink), want, format);
    const auto count = for_each_row(want.from, context, [&](const Value& row) { return file.write(row); });
    if (!count) return tl::unexpected(count.error());
    if (auto done = file.commit(); !done) return tl::unexpected(done.error());
    return converted(*address, *count, context);
}

}  // namespace ion_to_csv

plugin::TaskType serdes_csv_ion_to_csv() {
    using namespace ion_to_csv;
    return plugin::task_type<Properties>("serdes.csv.IonToCsv", run)
        .title("Writes a file of rows as CSV.")
        .description(
            "The columns are the fields of the first row, unless `columns` names them. Null and a missing field are "
            "nothing, "
            "lists and maps stand as JSON.")
        .example("A query as CSV", R"(id: query_to_csv
namespace: company.team
tasks:
  - id: orders
    type: io.kestra.plugin.jdbc.postgresql.Query
    url: jdbc:postgresql://db.example.com:5432/shop
    username: reader
    password: "{{ secret('SHOP_PASSWORD') }}"
    sql: select id, city, amount, ordered_at from orders
    fetchType: STORE
  - id: csv
    type: io.kestra.plugin.serdes.csv.IonToCsv
    from: "{{ outputs.orders.uri }}"
    dateTimeFormat: yyyy-MM-dd HH:mm
)")
        .alias("io.kestra.plugin.serdes.csv.CsvWriter")
        .property("from", &Properties::from, "Address of the file of rows", plugin::required)
        .property("header", &Properties::header, "The first line has the names of the columns")
        .property("columns", &Properties::columns,
                  "Fields of the rows that are written, in this order; default: those of the first row")
        .property("fieldSeparator", &Properties::field_separator, "Between fields; one character")
        .property("textDelimiter", &Properties::text_delimiter,
                  "Around fields that have separators or line breaks in them")
        .property("lineDelimiter", &Properties::line_delimiter, "At the end of each line; default a line feed")
        .property("alwaysDelimitText", &Properties::always_delimit_text, "Around all fields")
        .property("quoteMode", &Properties::quote_mode, "ALL: around all fields; MINIMAL: where it is needed")
        .values({"MINIMAL", "ALL"})
        .property("charset", &Properties::charset, "Of the file")
        .property("dateFormat", &Properties::date_format, "How dates stand in it")
        .property("timeFormat", &Properties::time_format, "How times of the day stand in it")
        .property("dateTimeFormat", &Properties::date_time_format,
                  "How dates with time stand in it; what is in [ ] only with a zone")
        .property("timeZoneId", &Properties::time_zone_id, "Where times with a zone are shown; default: where they say")
        .output("uri", "Address of the CSV file", flow::Shape::Text)
        .output("size", "How many rows there are", flow::Shape::Integer);
}

}  // namespace sluice::tasks
