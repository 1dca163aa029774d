#include "rows/csv.h"
#include "tasks/catalog.h"
#include "tasks/serdes/convert.h"

namespace sluice::tasks {
namespace csv_to_ion {

struct Properties {
    std::string from;
    bool header = true;
    bool skip_empty_rows = false;
    std::int64_t skip_rows = 0;
    std::int64_t max_rows = 0;
    bool error_on_different_field_count = false;
    std::string field_separator = ",";
    std::string text_delimiter = "\"";
    std::string charset = "UTF-8";
};

/// Records as rows: maps when there is a header, else lists.
class Records {
  public:
    Records(rows::CsvReader reader, const Properties& want) : reader_(std::move(reader)), want_(want) {}

    Result<std::optional<Value>> next() {
        if (want_.max_rows > 0 && given_ >= want_.max_rows) return std::optional<Value>();
        while (true) {
            auto record = reader_.next();
            if (!record) return tl::unexpected(record.error());
            if (!*record) return std::optional<Value>();
            if (skipped_ < want_.skip_rows) {
                ++skipped_;
                continue;
            }
            const bool empty = (*record)->size() == 1 && (*record)->front().empty();
            if (empty && want_.skip_empty_rows) continue;
            if (want_.header && names_.empty()) {
                if (auto named = take_header(std::move(**record)); !named) return tl::unexpected(named.error());
                continue;
            }
            return row_of(std::move(**record));
        }
    }

  private:
    Result<void> take_header(std::vector<std::string> record) {
        for (std::size_t i = 1; i < record.size(); ++i) {
            if (std::find(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(i), record[i]) ==
                record.begin() + static_cast<std::ptrdiff_t>(i))
                continue;
            return invalid("line {}: the header has '{}' twice; read the file with header: false", reader_.line(),
                           record[i]);
        }
        names_ = std::move(record);
        return {};
    }

    Result<std::optional<Value>> row_of(std::vector<std::string> record) {
        const std::size_t wanted = want_.header ? names_.size() : (width_ == 0 ? record.size() : width_);
        width_ = wanted;
        if (record.size() != wanted &&
            (want_.error_on_different_field_count || (want_.header && record.size() > wanted))) {
            return invalid("line {}: expected {} fields, found {}", reader_.line(), wanted, record.size());
        }
        ++given_;
        if (!want_.header) {
            List out;
            for (std::string& field : record) out.emplace_back(std::move(field));
            return std::optional(Value(std::move(out)));
        }
        Map out;
        out.reserve(names_.size());
        for (std::size_t i = 0; i < record.size(); ++i) out.set(names_[i], std::move(record[i]));
        return std::optional(Value(std::move(out)));
    }

    rows::CsvReader reader_;
    const Properties& want_;
    std::vector<std::string> names_{};
    std::size_t width_ = 0;
    std::int64_t skipped_ = 0;
    std::int64_t given_ = 0;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const rows::CsvFormat format{.separator = want.field_separator, .quote = want.text_delimiter};
    if (auto good = rows::check(format); !good) return tl::unexpected(good.error());
    auto source = rows::TextSource::open(context.storage(), want.from, want.charset);
    if (!source) return tl::unexpected(source.error());
    Records records(rows::CsvReader(std::move(*source), format), want);
    return to_rows([&] { return records.next(); }, context);
}

}  // namespace csv_to_ion

plugin::TaskType serdes_csv_csv_to_ion() {
    using namespace csv_to_ion;
    return plugin::task_type<Properties>("serdes.csv.CsvToIon", run)
        .title("Reads a CSV file into a file of rows.")
        .description(
            "A row is a map by the names of the header, or a list of fields without one. All values are texts. A "
            "record with "
            "fewer fields than the header lacks the rest; one with more is a mistake.")
        .example("From the web into rows", R"(id: csv_rows
namespace: company.team
tasks:
  - id: file
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/orders.csv
  - id: rows
    type: io.kestra.plugin.serdes.csv.CsvToIon
    from: "{{ outputs.file.uri }}"
    fieldSeparator: ";"
)")
        .alias("io.kestra.plugin.serdes.csv.CsvReader")
        .property("from", &Properties::from, "Address of the file", plugin::required)
        .property("header", &Properties::header, "The first record has the names of the fields")
        .property("skipEmptyRows", &Properties::skip_empty_rows, "Lines without anything are no rows")
        .property("skipRows", &Properties::skip_rows, "Records at the start that are passed over, before the header")
        .property("maxRows", &Properties::max_rows, "So many rows at most; 0: all")
        .property("errorOnDifferentFieldCount", &Properties::error_on_different_field_count,
                  "A record with fewer fields than the others is a mistake, too")
        .property("fieldSeparator", &Properties::field_separator, "Between fields; one character")
        .property("textDelimiter", &Properties::text_delimiter,
                  "Around fields that have separators or line breaks in them")
        .property("charset", &Properties::charset, "Of the file")
        .output("uri", "Address of the file of rows", flow::Shape::Text)
        .output("size", "How many rows there are", flow::Shape::Integer);
}

}  // namespace sluice::tasks
