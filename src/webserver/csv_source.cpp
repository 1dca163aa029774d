#include "webserver/csv_source.h"

#include "value/json.h"

namespace sluice::webserver {
namespace {

Value at_path(const Value& row, std::string_view path) {
    const auto dot = path.find('.');
    if (dot == std::string_view::npos) return row[path];
    return at_path(row[path.substr(0, dot)], path.substr(dot + 1));
}

/// Texts as they are, nothing for null, anything else as JSON.
void append_cell(std::string& out, const Value& value) {
    if (value.is_null()) return;
    const std::string text = value.is_string() ? value.as_string() : to_json(value);
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

class CsvSource : public http::BodySource {
  public:
    CsvSource(std::vector<CsvColumn> columns, CsvPages pages, List first)
        : columns_(std::move(columns)), pages_(std::move(pages)), rows_(std::move(first)) {}

    Result<std::optional<std::string>> next() override {
        std::string text = std::exchange(begun_, true) ? "" : head();
        if (text.empty()) {
            auto rows = pages_();
            if (!rows) return tl::unexpected(rows.error());
            rows_ = std::move(*rows);
            if (rows_.empty()) return std::optional<std::string>();
        }
        for (const Value& row : rows_) append_row(text, row);
        return std::optional(std::move(text));
    }

  private:
    std::string head() const {
        std::string out;
        for (const CsvColumn& column : columns_) (out += out.empty() ? "" : ",") += column.name;
        return out + "\r\n";
    }

    void append_row(std::string& out, const Value& row) const {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (i > 0) out += ',';
            append_cell(out, at_path(row, columns_[i].path));
        }
        out += "\r\n";
    }

    const std::vector<CsvColumn> columns_;
    const CsvPages pages_;
    List rows_;
    bool begun_ = false;
};

http::Response csv_head(const std::string& file) {
    http::Response head;
    head.set("Content-Type", "text/csv; charset=utf-8");
    head.set("Content-Disposition", http::as_attachment(file));
    return head;
}

}  // namespace

http::Response csv_of(const std::string& file, const std::vector<std::string>& columns, const List& rows) {
    std::string text;
    const auto append = [&](const auto& value_of) {
        for (const std::string& column : columns) {
            if (&column != &columns.front()) text += ',';
            append_cell(text, value_of(column));
        }
        text += "\r\n";
    };
    append([](const std::string& column) { return Value(column); });
    for (const Value& row : rows) append([&](const std::string& column) { return row[column]; });
    http::Response out = csv_head(file);
    out.body = std::move(text);
    return out;
}

void send_csv(http::Responder responder, const std::string& file, std::vector<CsvColumn> columns, CsvPages pages) {
    auto first = pages();
    if (!first) return responder.fail(first.error());
    responder.stream(csv_head(file),
                     std::make_unique<CsvSource>(std::move(columns), std::move(pages), std::move(*first)));
}

}  // namespace sluice::webserver
