#pragma once
#include "plugin/task_catalog.h"

namespace sluice::tasks {

/// All built-in types, in one readable list.
plugin::TaskCatalog builtin_catalog();

// One function a type; each in a file of its own.
plugin::TaskType core_log_log();
plugin::TaskType core_debug_return();
plugin::TaskType core_debug_echo();
plugin::TaskType core_output_output_values();
plugin::TaskType core_execution_fail();
plugin::TaskType core_execution_labels();
plugin::TaskType core_flow_sleep();
plugin::TaskType core_http_request();
plugin::TaskType core_http_download();

// A family of types: a row for each language in scripts/languages.cpp.
void add_script_types(plugin::TaskCatalog& catalog);

}  // namespace sluice::tasks
