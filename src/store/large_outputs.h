#pragma once
#include <string>
#include <vector>

#include "engine/execution.h"
#include "store/environment.h"

namespace sluice::store {

/// Outputs that take more than about a mebibyte go into a file of the internal storage; the row has its address.
bool is_large(const Value& outputs);

/// What stands in a row for outputs in a file.
Value outputs_in_file(const std::string& address, std::size_t size_bytes);

bool stand_in_a_file(const Value& outputs);

/// Puts the outputs in place of addresses, for expressions.
/// Errors  expr::Failure (thrown), as for any name that can't be found: the file is gone. StorageError: the disk
void fetch_outputs(std::vector<engine::TaskRun>& runs, Environment& environment);

}  // namespace sluice::store
