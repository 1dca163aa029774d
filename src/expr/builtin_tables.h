#pragma once
#include <array>
#include <span>

#include "expr/builtin.h"

namespace sluice::expr {

// Each table stands at the end of the file that has its functions.

extern const std::span<const BuiltinRow> kCaseFilters;
extern const std::span<const BuiltinRow> kTextFilters;
extern const std::span<const BuiltinRow> kRegexFilters;
extern const std::span<const BuiltinRow> kEncodingFilters;
extern const std::span<const BuiltinRow> kNumberFilters;
extern const std::span<const BuiltinRow> kCollectionFilters;
extern const std::span<const BuiltinRow> kListFilters;
extern const std::span<const BuiltinRow> kDataFilters;
extern const std::span<const BuiltinRow> kDateFilters;

extern const std::span<const BuiltinRow> kValueFunctions;
extern const std::span<const BuiltinRow> kDataFunctions;
extern const std::span<const BuiltinRow> kRenderFunctions;
extern const std::span<const BuiltinRow> kIdFunctions;
extern const std::span<const BuiltinRow> kCryptoFunctions;
extern const std::span<const BuiltinRow> kStoreFunctions;
extern const std::span<const BuiltinRow> kFileFunctions;
extern const std::span<const BuiltinRow> kFlowFunctions;
extern const std::span<const BuiltinRow> kCalendarFunctions;

extern const std::span<const BuiltinRow> kTests;

inline auto filter_tables() {
    return std::array{kCaseFilters,       kTextFilters, kRegexFilters, kEncodingFilters, kNumberFilters,
                      kCollectionFilters, kListFilters, kDataFilters,  kDateFilters};
}

inline auto function_tables() {
    return std::array{kValueFunctions, kDataFunctions, kRenderFunctions, kIdFunctions,      kCryptoFunctions,
                      kStoreFunctions, kFileFunctions, kFlowFunctions,   kCalendarFunctions};
}

}  // namespace sluice::expr
