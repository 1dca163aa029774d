#pragma once
#include "plugin/task_catalog.h"
#include "tasks/settings.h"

namespace sluice::tasks {

/// All built-in types, in one readable list.
plugin::TaskCatalog builtin_catalog(const TaskSettings& settings = {});

// One function a type; each in a file of its own.
plugin::TaskType core_log_fetch();
plugin::TaskType core_log_log();
plugin::TaskType core_log_purge_logs();
plugin::TaskType core_debug_echo();
plugin::TaskType core_debug_return();
plugin::TaskType core_output_output_values();
plugin::TaskType core_execution_assert();
plugin::TaskType core_execution_count();
plugin::TaskType core_execution_exit();
plugin::TaskType core_execution_fail();
plugin::TaskType core_execution_labels();
plugin::TaskType core_execution_purge_executions();
plugin::TaskType core_execution_resume();
plugin::TaskType core_execution_set_variables();
plugin::TaskType core_execution_unset_variables();
plugin::TaskType core_flow_for_each_item_merge();
plugin::TaskType core_flow_for_each_item_split();
plugin::TaskType core_flow_sleep();
plugin::TaskType core_http_download();
plugin::TaskType core_http_request();
plugin::TaskType core_http_trigger();
plugin::TaskType core_kv_delete();
plugin::TaskType core_kv_get();
plugin::TaskType core_kv_get_keys();
plugin::TaskType core_kv_set();
plugin::TaskType core_metric_publish();
plugin::TaskType core_namespace_delete_files();
plugin::TaskType core_namespace_download_files();
plugin::TaskType core_namespace_upload_files();
plugin::TaskType core_state_delete();
plugin::TaskType core_state_get();
plugin::TaskType core_state_set();
plugin::TaskType core_storage_concat();
plugin::TaskType core_storage_deduplicate_items();
plugin::TaskType core_storage_delete();
plugin::TaskType core_storage_filter_items();
plugin::TaskType core_storage_local_files();
plugin::TaskType core_storage_purge_current_execution_files();
plugin::TaskType core_storage_reverse();
plugin::TaskType core_storage_size();
plugin::TaskType core_storage_split();
plugin::TaskType core_storage_write();
plugin::TaskType core_trigger_toggle();

// Types that the language declares.
plugin::TaskType core_flow_working_directory();

// What depends on the configuration.
plugin::TaskType ansible_cli(const TaskSettingsPtr& settings);
plugin::TaskType cloudquery_sync(const TaskSettingsPtr& settings);
plugin::TaskType docker_build_task(const TaskSettingsPtr& settings);
plugin::TaskType docker_pull(const TaskSettingsPtr& settings);
plugin::TaskType docker_push(const TaskSettingsPtr& settings);
plugin::TaskType docker_rm(const TaskSettingsPtr& settings);
plugin::TaskType docker_run_task(const TaskSettingsPtr& settings);
plugin::TaskType docker_tag(const TaskSettingsPtr& settings);

// Families of types: a row for each language in scripts/language.cpp, for each program in cli/plain_tools.cpp …
void add_script_types(plugin::TaskCatalog& catalog, const TaskSettingsPtr& settings);
void add_plain_tools(plugin::TaskCatalog& catalog, const TaskSettingsPtr& settings);
void add_cloud_tools(plugin::TaskCatalog& catalog, const TaskSettingsPtr& settings);
void add_dbt_types(plugin::TaskCatalog& catalog, const TaskSettingsPtr& settings);

}  // namespace sluice::tasks
