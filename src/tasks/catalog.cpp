#include "tasks/catalog.h"

namespace sluice::tasks {

plugin::TaskCatalog builtin_catalog(const TaskSettings& configured) {
    const auto settings = std::make_shared<const TaskSettings>(configured);
    plugin::TaskCatalog catalog;
    catalog.add(core_log_fetch());
    catalog.add(core_log_log());
    catalog.add(core_log_purge_logs());
    catalog.add(core_debug_echo());
    catalog.add(core_debug_return());
    catalog.add(core_output_output_values());
    catalog.add(core_execution_assert());
    catalog.add(core_execution_count());
    catalog.add(core_execution_exit());
    catalog.add(core_execution_fail());
    catalog.add(core_execution_labels());
    catalog.add(core_execution_purge_executions());
    catalog.add(core_execution_resume());
    catalog.add(core_execution_set_variables());
    catalog.add(core_execution_unset_variables());
    catalog.add(core_flow_for_each_item_merge());
    catalog.add(core_flow_for_each_item_split());
    catalog.add(core_flow_sleep());
    catalog.add(core_http_download());
    catalog.add(core_http_request());
    catalog.add(core_http_trigger());
    catalog.add(core_kv_delete());
    catalog.add(core_kv_get());
    catalog.add(core_kv_get_keys());
    catalog.add(core_kv_set());
    catalog.add(core_metric_publish());
    catalog.add(core_namespace_delete_files());
    catalog.add(core_namespace_download_files());
    catalog.add(core_namespace_upload_files());
    catalog.add(core_state_delete());
    catalog.add(core_state_get());
    catalog.add(core_state_set());
    catalog.add(core_storage_concat());
    catalog.add(core_storage_deduplicate_items());
    catalog.add(core_storage_delete());
    catalog.add(core_storage_filter_items());
    catalog.add(core_storage_local_files());
    catalog.add(core_storage_purge_current_execution_files());
    catalog.add(core_storage_reverse());
    catalog.add(core_storage_size());
    catalog.add(core_storage_split());
    catalog.add(core_storage_write());
    catalog.add(core_trigger_toggle());
    catalog.add_code(core_flow_working_directory());
    add_script_types(catalog, settings);
    add_plain_tools(catalog, settings);
    add_cloud_tools(catalog, settings);
    add_dbt_types(catalog, settings);
    catalog.add(ansible_cli(settings));
    catalog.add(cloudquery_sync(settings));
    catalog.add(docker_build_task(settings));
    catalog.add(docker_pull(settings));
    catalog.add(docker_push(settings));
    catalog.add(docker_rm(settings));
    catalog.add(docker_run_task(settings));
    catalog.add(docker_tag(settings));
    return catalog;
}

}  // namespace sluice::tasks
