#pragma once
#include "plugin/task_catalog.h"

namespace sluice::tasks {

/// All built-in types, in one readable list.
plugin::TaskCatalog builtin_catalog();

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
plugin::TaskType ai_agent();
plugin::TaskType email_mail_execution();
plugin::TaskType email_mail_send();
plugin::TaskType git_clone();
plugin::TaskType git_namespace_sync_task();
plugin::TaskType git_push_flows_task();
plugin::TaskType git_push_namespace_files();
plugin::TaskType git_sync_flows_task();
plugin::TaskType git_sync_namespace_files();
plugin::TaskType git_tenant_sync_task();
plugin::TaskType sendgrid_mail_execution();
plugin::TaskType sendgrid_mail_send();

// Types that the language declares.
plugin::TaskType core_flow_working_directory();

// A family of types: a row for each language in scripts/languages.cpp.
void add_script_types(plugin::TaskCatalog& catalog);
// A row for each service in notifications/chat_services.cpp and incident_services.cpp.
void add_alert_types(plugin::TaskCatalog& catalog);
// Models: who runs them, and what they are asked.
void add_ai_providers(plugin::TaskCatalog& catalog);
void add_ai_completion_types(plugin::TaskCatalog& catalog);
void add_openai_types(plugin::TaskCatalog& catalog);
// Calls to the API of a server.
void add_kestra_execution_types(plugin::TaskCatalog& catalog);
void add_kestra_resource_types(plugin::TaskCatalog& catalog);

}  // namespace sluice::tasks
