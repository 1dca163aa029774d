#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "value/value.h"

namespace sluice::rows {

/// Rows as they stand in the lines of data files: Ion text, one value a line. JSON is read, too.
/// Threads  one at a time
class RowCodec {
  public:
    RowCodec();
    ~RowCodec();
    RowCodec(RowCodec&&) noexcept;
    RowCodec& operator=(RowCodec&&) noexcept;

    /// Errors  Invalid: it is neither Ion nor JSON
    Result<Value> read(std::string_view line);
    /// The value as Ion text in one line, without a line break behind it.
    std::string text_of(const Value& row);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sluice::rows
