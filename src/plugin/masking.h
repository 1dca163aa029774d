#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/task_type.h"

namespace sluice::plugin {

/// The text with every occurrence of a secret replaced; see expr/mask.h.
std::string masked(std::string text, const std::vector<std::string>& secrets);

/// Whether what stands in a property of this name is a credential, also when its declaration does not say so.
bool is_credential(std::string_view property_name);

/// Tells the context of every credential among the rendered properties, so that it stays out of logs.
void hide_credentials(const std::vector<flow::Property>& declared, const Value& rendered, TaskContext& context);

}  // namespace sluice::plugin
