#pragma once
#include "flow/type_info.h"

namespace sluice::tasks {

/// A flow that shows scripts.<language>.Script, or .Commands when `is_script` is false.
flow::Example script_example(const std::string& language, bool is_script);

}  // namespace sluice::tasks
