#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "base/error.h"
#include "rows/date_texts.h"
#include "value/value.h"

namespace sluice::rows {

/// Writes an Excel workbook (.xlsx), row by row in constant memory; what Excel can't hold is refused.
class ExcelWriter {
  public:
    /// scratch  where parts of it are kept until close()
    ExcelWriter(const std::filesystem::path& file, const std::filesystem::path& scratch);
    ~ExcelWriter();
    ExcelWriter(const ExcelWriter&) = delete;
    ExcelWriter& operator=(const ExcelWriter&) = delete;

    /// Further rows go into this sheet. Errors  Invalid: a name that Excel refuses
    Result<void> begin_sheet(const std::string& name, bool header);
    /// Errors  Invalid: more rows, columns or characters than a sheet has
    Result<void> write(const Value& row);
    /// Errors  Invalid. Throws OutsideError: the disk
    Result<void> close();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sluice::rows
