#include "tasks/catalog.h"

namespace sluice::tasks {

plugin::TaskCatalog builtin_catalog() {
    plugin::TaskCatalog catalog;
    catalog.add(core_log_log());
    catalog.add(core_debug_return());
    catalog.add(core_debug_echo());
    catalog.add(core_output_output_values());
    catalog.add(core_execution_fail());
    catalog.add(core_execution_labels());
    catalog.add(core_flow_sleep());
    catalog.add(core_http_request());
    catalog.add(core_http_download());
    add_script_types(catalog);
    return catalog;
}

}  // namespace sluice::tasks
