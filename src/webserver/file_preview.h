#pragma once
#include "expr/environment.h"
#include "storage/storage.h"
#include "value/value.h"

namespace sluice::webserver {

/// The beginning of a file as the page shows it: {"extension", "type", "content", "maxLine", "truncated"}. Tables (ion,
/// jsonl, csv) are rows, pictures and PDF base64, anything else text.
/// Errors  NotFound; Invalid: not to be read as what its name says, too large to be shown
Result<Value> preview_of(const storage::Storage& storage, const storage::Uri& uri, std::int64_t max_rows,
                         expr::Environment& environment);

/// Rows of a CSV text; the first one names the columns. `complete`: the text does not break off in the last row
List csv_rows(std::string_view text, std::size_t most, bool complete);

}  // namespace sluice::webserver
