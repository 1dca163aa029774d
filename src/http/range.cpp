#include "http/range.h"

#include <charconv>

#include "http/headers.h"

namespace sluice::http {
namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size()) return {};
    return number;
}

RangeChoice part(std::uint64_t first, std::uint64_t size) {
    return {.kind = RangeChoice::Kind::Part, .first = first, .size = size};
}

}  // namespace

RangeChoice choose_range(std::string_view header, std::uint64_t size) {
    constexpr RangeChoice kWhole{};
    constexpr RangeChoice kUnsatisfiable{.kind = RangeChoice::Kind::Unsatisfiable};
    const auto equals = header.find('=');
    if (equals == std::string_view::npos || !equal_ignoring_case(trimmed(header.substr(0, equals)), "bytes"))
        return kWhole;
    const std::string_view spec = trimmed(header.substr(equals + 1));
    const auto dash = spec.find('-');
    if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return kWhole;
    const std::string_view from = trimmed(spec.substr(0, dash));
    const std::string_view to = trimmed(spec.substr(dash + 1));

    if (from.empty()) {
        const auto last_bytes = parse_number(to);
        if (!last_bytes) return kWhole;
        if (*last_bytes == 0 || size == 0) return kUnsatisfiable;
        const std::uint64_t taken = std::min(*last_bytes, size);
        return part(size - taken, taken);
    }
    const auto first = parse_number(from);
    const auto last = to.empty() ? std::optional<std::uint64_t>(UINT64_MAX) : parse_number(to);
    if (!first || !last || *last < *first) return kWhole;
    if (*first >= size) return kUnsatisfiable;
    return part(*first, std::min(*last, size - 1) - *first + 1);
}

}  // namespace sluice::http
