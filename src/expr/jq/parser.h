#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "expr/jq/ast.h"

namespace sluice::expr::jq {

/// Throws  Failure: a jq error
std::shared_ptr<const Program> parse(std::string_view text);

/// A text of definitions only.
std::vector<std::shared_ptr<const Function>> parse_definitions(std::string_view text);

}  // namespace sluice::expr::jq
