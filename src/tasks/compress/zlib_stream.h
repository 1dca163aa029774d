#pragma once
#include <functional>
#include <string_view>

#include "base/error.h"
#include "storage/storage.h"

namespace sluice::tasks {

/// Takes pieces of the result.
using OnBytes = std::function<Result<void>(std::string_view bytes)>;

/// The zlib format (RFC 1950), which others call DEFLATE; what is read may lack its header.
Result<void> deflate_stream(storage::Reader& from, const OnBytes& to);
/// Errors  Invalid: it is not in this format, or breaks off
Result<void> inflate_stream(storage::Reader& from, const OnBytes& to);

}  // namespace sluice::tasks
