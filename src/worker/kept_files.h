#pragma once
#include <optional>

#include "storage/storage.h"
#include "value/value.h"

namespace sluice::worker {

/// The first file that a value names, at any depth, and that is not there: what was kept of a run is worth nothing
/// without its files.
std::optional<storage::Uri> missing_file(const Value& value, const storage::Storage& storage);

}  // namespace sluice::worker
