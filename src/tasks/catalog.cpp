#include "tasks/catalog.h"

#include "tasks/fs/file_family.h"
#include "tasks/s3/s3_family.h"
#include "tasks/examples/examples.h"

namespace sluice::tasks {

plugin::TaskCatalog builtin_catalog(const Settings& settings) {
    const auto shared = std::make_shared<const Settings>(settings);
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
    catalog.add(core_http_download(settings));
    catalog.add(core_http_request(settings));
    catalog.add(core_http_sse_request(settings));
    catalog.add(core_http_trigger(settings));
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
    catalog.add(compress_archive_compress());
    catalog.add(compress_archive_decompress());
    catalog.add(compress_file_compress());
    catalog.add(compress_file_decompress());
    catalog.add(jdbc_duckdb_queries());
    catalog.add(jdbc_duckdb_query());
    catalog.add(jdbc_postgresql_batch());
    catalog.add(jdbc_postgresql_copy_in());
    catalog.add(jdbc_postgresql_copy_out());
    catalog.add(jdbc_postgresql_queries());
    catalog.add(jdbc_postgresql_query());
    catalog.add(jdbc_postgresql_trigger());
    catalog.add(jdbc_sqlite_batch());
    catalog.add(jdbc_sqlite_queries());
    catalog.add(jdbc_sqlite_query());
    catalog.add(jdbc_sqlite_trigger());
    catalog.add(serdes_csv_csv_to_ion());
    catalog.add(serdes_csv_ion_to_csv());
    catalog.add(serdes_excel_ion_to_excel());
    catalog.add(serdes_json_ion_to_json());
    catalog.add(serdes_json_json_to_ion());
    catalog.add(serdes_xml_ion_to_xml());
    catalog.add(serdes_xml_xml_to_ion());
    catalog.add(serdes_yaml_ion_to_yaml());
    catalog.add(serdes_yaml_yaml_to_ion());
    for (const FileFamily& family : file_families()) {
        catalog.add(fs_delete_type(family, settings));
        catalog.add(fs_download_type(family, settings));
        catalog.add(fs_downloads_type(family, settings));
        catalog.add(fs_list_type(family, settings));
        catalog.add(fs_move_type(family, settings));
        catalog.add(fs_trigger_type(family, settings));
        catalog.add(fs_upload_type(family, settings));
        catalog.add(fs_uploads_type(family, settings));
    }
    catalog.add(fs_local_copy(settings));
    catalog.add(fs_ssh_command(settings));
    for (const S3Family& family : s3_families()) {
        catalog.add(s3_copy_type(family, settings));
        catalog.add(s3_create_bucket_type(family, settings));
        catalog.add(s3_delete_type(family, settings));
        catalog.add(s3_delete_list_type(family, settings));
        catalog.add(s3_download_type(family, settings));
        catalog.add(s3_downloads_type(family, settings));
        catalog.add(s3_list_type(family, settings));
        catalog.add(s3_trigger_type(family, settings));
        catalog.add(s3_upload_type(family, settings));
    }
    catalog.add(ai_agent());
    catalog.add(email_mail_execution());
    catalog.add(email_mail_send());
    catalog.add(git_clone());
    catalog.add(git_namespace_sync_task());
    catalog.add(git_push_flows_task());
    catalog.add(git_push_namespace_files());
    catalog.add(git_sync_flows_task());
    catalog.add(git_sync_namespace_files());
    catalog.add(git_tenant_sync_task());
    catalog.add(sendgrid_mail_execution());
    catalog.add(sendgrid_mail_send());
    catalog.add_code(core_flow_working_directory());
    add_script_types(catalog, shared);
    add_plain_tools(catalog, shared);
    add_cloud_tools(catalog, shared);
    add_dbt_types(catalog, shared);
    catalog.add(ansible_cli(shared));
    catalog.add(cloudquery_sync(shared));
    catalog.add(docker_build_task(shared));
    catalog.add(docker_pull(shared));
    catalog.add(docker_push(shared));
    catalog.add(docker_rm(shared));
    catalog.add(docker_run_task(shared));
    catalog.add(docker_tag(shared));
    add_openai_types(catalog);
    add_ai_completion_types(catalog);
    add_ai_providers(catalog);
    add_alert_types(catalog, settings);
    add_kestra_execution_types(catalog);
    add_kestra_resource_types(catalog);
    catalog.amend_types(add_examples);
    return catalog;
}

}  // namespace sluice::tasks
