#pragma once
#include <cstddef>

namespace sluice::rows {

/// What is read and written at once
inline constexpr std::size_t kPieceBytes = 256 * 1024;

}  // namespace sluice::rows
