#pragma once
#include "plugin/task_catalog.h"
#include "tasks/settings.h"

namespace sluice::tasks {

struct FileFamily;
struct S3Family;

/// All built-in types, in one readable list.
plugin::TaskCatalog builtin_catalog(const Settings& settings = {});

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
plugin::TaskType core_http_download(const Settings& settings);
plugin::TaskType core_http_request(const Settings& settings);
plugin::TaskType core_http_sse_request(const Settings& settings);
plugin::TaskType core_http_trigger(const Settings& settings);
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
plugin::TaskType compress_archive_compress();
plugin::TaskType compress_archive_decompress();
plugin::TaskType compress_file_compress();
plugin::TaskType compress_file_decompress();
plugin::TaskType jdbc_duckdb_queries();
plugin::TaskType jdbc_duckdb_query();
plugin::TaskType jdbc_postgresql_batch();
plugin::TaskType jdbc_postgresql_copy_in();
plugin::TaskType jdbc_postgresql_copy_out();
plugin::TaskType jdbc_postgresql_queries();
plugin::TaskType jdbc_postgresql_query();
plugin::TaskType jdbc_postgresql_trigger();
plugin::TaskType jdbc_sqlite_batch();
plugin::TaskType jdbc_sqlite_queries();
plugin::TaskType jdbc_sqlite_query();
plugin::TaskType jdbc_sqlite_trigger();
plugin::TaskType serdes_csv_csv_to_ion();
plugin::TaskType serdes_csv_ion_to_csv();
plugin::TaskType serdes_excel_ion_to_excel();
plugin::TaskType serdes_json_ion_to_json();
plugin::TaskType serdes_json_json_to_ion();
plugin::TaskType serdes_xml_ion_to_xml();
plugin::TaskType serdes_xml_xml_to_ion();
plugin::TaskType serdes_yaml_ion_to_yaml();
plugin::TaskType serdes_yaml_yaml_to_ion();
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

// Files of a place: a row for each in fs/file_family.cpp.
plugin::TaskType fs_delete_type(const FileFamily& family, const Settings& settings);
plugin::TaskType fs_download_type(const FileFamily& family, const Settings& settings);
plugin::TaskType fs_downloads_type(const FileFamily& family, const Settings& settings);
plugin::TaskType fs_list_type(const FileFamily& family, const Settings& settings);
plugin::TaskType fs_move_type(const FileFamily& family, const Settings& settings);
plugin::TaskType fs_trigger_type(const FileFamily& family, const Settings& settings);
plugin::TaskType fs_upload_type(const FileFamily& family, const Settings& settings);
plugin::TaskType fs_uploads_type(const FileFamily& family, const Settings& settings);
plugin::TaskType fs_local_copy(const Settings& settings);
plugin::TaskType fs_ssh_command(const Settings& settings);

// Object stores: a row for each in s3/s3_family.cpp.
plugin::TaskType s3_copy_type(const S3Family& family, const Settings& settings);
plugin::TaskType s3_create_bucket_type(const S3Family& family, const Settings& settings);
plugin::TaskType s3_delete_type(const S3Family& family, const Settings& settings);
plugin::TaskType s3_delete_list_type(const S3Family& family, const Settings& settings);
plugin::TaskType s3_download_type(const S3Family& family, const Settings& settings);
plugin::TaskType s3_downloads_type(const S3Family& family, const Settings& settings);
plugin::TaskType s3_list_type(const S3Family& family, const Settings& settings);
plugin::TaskType s3_trigger_type(const S3Family& family, const Settings& settings);
plugin::TaskType s3_upload_type(const S3Family& family, const Settings& settings);

// A row for each service in notifications/chat_services.cpp and incident_services.cpp.
void add_alert_types(plugin::TaskCatalog& catalog, const Settings& settings);
// Models: who runs them, and what they are asked.
void add_ai_providers(plugin::TaskCatalog& catalog);
void add_ai_completion_types(plugin::TaskCatalog& catalog);
void add_openai_types(plugin::TaskCatalog& catalog);
// Calls to the API of a server.
void add_kestra_execution_types(plugin::TaskCatalog& catalog);
void add_kestra_resource_types(plugin::TaskCatalog& catalog);

// What runs programs.
plugin::TaskType ansible_cli(const SettingsPtr& settings);
plugin::TaskType cloudquery_sync(const SettingsPtr& settings);
plugin::TaskType docker_build_task(const SettingsPtr& settings);
plugin::TaskType docker_pull(const SettingsPtr& settings);
plugin::TaskType docker_push(const SettingsPtr& settings);
plugin::TaskType docker_rm(const SettingsPtr& settings);
plugin::TaskType docker_run_task(const SettingsPtr& settings);
plugin::TaskType docker_tag(const SettingsPtr& settings);

// Families of types: a row for each language in scripts/language.cpp, for each program in cli/plain_tools.cpp …
void add_script_types(plugin::TaskCatalog& catalog, const SettingsPtr& settings);
void add_plain_tools(plugin::TaskCatalog& catalog, const SettingsPtr& settings);
void add_cloud_tools(plugin::TaskCatalog& catalog, const SettingsPtr& settings);
void add_dbt_types(plugin::TaskCatalog& catalog, const SettingsPtr& settings);

}  // namespace sluice::tasks
