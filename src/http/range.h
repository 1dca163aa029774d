#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::http {

/// What a Range header asks of a body.
struct RangeChoice {
    enum class Kind { Whole, Part, Unsatisfiable };
    Kind kind = Kind::Whole;
    std::uint64_t first = 0;
    std::uint64_t size = 0;
};

/// Reads "bytes=0-99", "bytes=100-" and "bytes=-100". What is malformed, of another unit, or asks for several
/// parts is answered with the whole, as RFC 9110 allows.
RangeChoice choose_range(std::string_view header, std::uint64_t size);

}  // namespace sluice::http
