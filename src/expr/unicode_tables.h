#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::expr::unicode {

// All tables are sorted, and begin beyond ASCII.

/// Every step-th character from first to last changes by `delta`.
struct CaseRange {
    char32_t first;
    char32_t last;
    std::int32_t delta;
    std::uint32_t step;
};
struct Range {
    char32_t first;
    char32_t last;
};
struct Expansion {
    char32_t character;
    std::string_view text;
};
struct BaseCharacter {
    char32_t character;
    char base;
};

extern const std::span<const CaseRange> kUpper;
extern const std::span<const CaseRange> kLower;
extern const std::span<const Range> kLetters;
extern const std::span<const Range> kDigits;
extern const std::span<const Range> kTitle;  // character and its title case
extern const std::span<const Expansion> kUpperExpansions;
extern const std::span<const BaseCharacter> kBases;

}  // namespace sluice::expr::unicode
