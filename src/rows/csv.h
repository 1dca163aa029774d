#pragma once
#include <optional>
#include <string>
#include <vector>

#include "rows/text_source.h"

namespace sluice::rows {

struct CsvFormat {
    std::string separator = ",";
    std::string quote = "\"";
    std::string line_end = "\n";  // when written; LF, CRLF and CR are read
    bool quote_all = false;
};

/// Errors  Invalid: a separator and a quote that can't be told apart, or are no single character
Result<void> check(const CsvFormat& format);

/// Reads records of RFC 4180: a field that begins with a quote goes on to the closing one, over line breaks, and a
/// doubled quote stands for one.
class CsvReader {
  public:
    CsvReader(TextSource source, CsvFormat format) : source_(std::move(source)), format_(std::move(format)) {}

    /// Empty: the end. A line without anything is a record of one empty field.
    /// Errors  Invalid: a quoted field that is not closed, with the line where it began
    Result<std::optional<std::vector<std::string>>> next();
    /// Where the last record began, from 1
    std::int64_t line() const { return line_; }

  private:
    Result<bool> has(std::size_t bytes);
    Result<bool> take(std::string_view wanted);
    Result<bool> take_line_end();
    Result<void> quoted(std::string& field);
    Result<void> plain(std::string& field);

    TextSource source_;
    CsvFormat format_;
    std::string text_{};
    std::size_t at_ = 0;
    std::int64_t line_ = 0;
    std::int64_t next_line_ = 1;
};

/// Appends a field, quoted where it must be.
void append_csv_field(std::string& out, std::string_view field, const CsvFormat& format);

}  // namespace sluice::rows
