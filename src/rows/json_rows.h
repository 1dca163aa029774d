#pragma once
#include <optional>

#include "rows/text_source.h"
#include "value/value.h"

namespace sluice::rows {

/// The rows of a JSON text of any size: the items of a list, or values one after the other with blanks or line breaks
/// in between. Only one row is in memory.
class JsonRows {
  public:
    /// Values: each is a row, also a list. ListOrValues: a list that the text begins with is that of the rows
    enum class Form { Values, ListOrValues };
    JsonRows(TextSource source, Form form) : source_(std::move(source)), form_(form) {}

    /// Empty: the end. Errors  Invalid, with the number of the row
    Result<std::optional<Value>> next();

  private:
    /// Passes blanks. false: the end
    Result<bool> skip_blanks();
    Result<std::string> element();
    Result<bool> begin_element();
    Result<std::optional<Value>> end();

    TextSource source_;
    Form form_;
    std::string text_{};
    std::size_t at_ = 0;
    std::int64_t row_ = 0;
    bool begun_ = false;
    bool in_list_ = false;
    bool over_ = false;
};

}  // namespace sluice::rows
