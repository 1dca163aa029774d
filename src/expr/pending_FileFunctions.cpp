#include "expr/builtin_tables.h"
namespace sluice::expr {
const std::span<const BuiltinRow> kFileFunctions{};
}
