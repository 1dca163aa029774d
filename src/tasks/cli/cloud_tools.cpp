// The command line programs of clouds: their logins are properties.
#include "tasks/catalog.h"
#include "tasks/scripts/programs.h"
#include "tasks/scripts/script_run.h"

namespace sluice::tasks {
namespace cloud_tools {

using flow::Shape;

void set_if_given(ScriptRun& run, const char* name, const std::string& value) {
    if (!value.empty()) run.set_variable(name, value);
}

// ------------------------------------------------------------------------------------------------ AWS

struct Aws : ScriptProperties {
    std::string access_key_id;
    std::string secret_key_id;
    std::string session_token;
    std::string region;
    std::string endpoint;
    std::string output_format = "JSON";
};

const Language& aws_program() {
    static const Language all{
        .name = "aws", .title = "AWS", .program = "aws", .install = "awscli (Debian)", .image = "amazon/aws-cli"};
    return all;
}

Result<void> prepare_aws(const Aws& want, plugin::TaskContext&, ScriptRun& run) {
    set_if_given(run, "AWS_ACCESS_KEY_ID", want.access_key_id);
    set_if_given(run, "AWS_SECRET_ACCESS_KEY", want.secret_key_id);
    set_if_given(run, "AWS_SESSION_TOKEN", want.session_token);
    set_if_given(run, "AWS_DEFAULT_REGION", want.region);
    set_if_given(run, "AWS_ENDPOINT_URL", want.endpoint);
    std::string format = want.output_format;
    for (char& c : format) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    run.set_variable("AWS_DEFAULT_OUTPUT", format);
    return {};
}

plugin::TaskType aws(const SettingsPtr& settings) {
    auto type = script_task<Aws>("aws.cli.AwsCLI", aws_program(), settings, prepare_aws);
    type.title("Runs commands of the AWS command line program.")
        .description(
            "`aws` must be on the worker, or in the image of a container. Keys and region reach it as variables.")
        .example("List buckets", R"(id: list_buckets
namespace: company.team
tasks:
  - id: list
    type: io.kestra.plugin.aws.cli.AwsCLI
    accessKeyId: "{{ secret('AWS_ACCESS_KEY_ID') }}"
    secretKeyId: "{{ secret('AWS_SECRET_KEY_ID') }}"
    region: eu-central-1
    commands:
      - aws s3api list-buckets > buckets.json
    outputFiles:
      - buckets.json
)")
        .property("accessKeyId", &Aws::access_key_id, "Access key")
        .property("secretKeyId", &Aws::secret_key_id, "Its secret")
        .property("sessionToken", &Aws::session_token, "Of temporary keys")
        .property("region", &Aws::region, "For example eu-central-1")
        .property("endpointOverride", &Aws::endpoint, "Of services that are compatible")
        .property("outputFormat", &Aws::output_format, "How results are written")
        .values({"JSON", "TABLE", "TEXT", "YAML"});
    declare_script(type, MainPart::Commands);
    return type;
}

// ------------------------------------------------------------------------------------------------ Google Cloud

struct Gcloud : ScriptProperties {
    std::string service_account;
    std::string project_id;
};

const Language& gcloud_program() {
    static const Language all{.name = "gcloud",
                              .title = "Google Cloud",
                              .program = "gcloud",
                              .install = "google-cloud-cli (https://cloud.google.com/sdk)",
                              .image = "google/cloud-sdk"};
    return all;
}

Result<void> prepare_gcloud(const Gcloud& want, plugin::TaskContext&, ScriptRun& run) {
    set_if_given(run, "CLOUDSDK_CORE_PROJECT", want.project_id);
    run.set_variable("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
    if (want.service_account.empty()) return {};
    const std::string file = run.put_private_file("service-account.json", want.service_account).string();
    run.set_variable("GOOGLE_APPLICATION_CREDENTIALS", file);
    run.set_variable("CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE", file);
    return {};
}

plugin::TaskType gcloud(const SettingsPtr& settings) {
    auto type = script_task<Gcloud>("gcp.cli.GCloudCLI", gcloud_program(), settings, prepare_gcloud);
    type.title("Runs commands of the Google Cloud command line program.")
        .description(
            "`gcloud` must be on the worker, or in the image of a container. The service account reaches it as a "
            "file that goes with the task.")
        .example("List buckets", R"(id: list_buckets
namespace: company.team
tasks:
  - id: list
    type: io.kestra.plugin.gcp.cli.GCloudCLI
    projectId: my-project
    serviceAccount: "{{ secret('GCP_SERVICE_ACCOUNT') }}"
    commands:
      - gcloud storage ls
)")
        .property("serviceAccount", &Gcloud::service_account, "The JSON text of its key")
        .property("projectId", &Gcloud::project_id, "Project");
    declare_script(type, MainPart::Commands);
    return type;
}

// ------------------------------------------------------------------------------------------------ Azure

struct Azure : ScriptProperties {
    std::string username;
    std::string password;
    std::string tenant;
    bool service_principal = false;
};

const Language& az_program() {
    static const Language all{.name = "az",
                              .title = "Azure",
                              .program = "az",
                              .install = "azure-cli (Debian)",
                              .image = "mcr.microsoft.com/azure-cli"};
    return all;
}

/// The password comes by a variable and a pipe (@- is how az reads a value from there): the arguments of programs can
/// be seen by everybody on the machine.
Result<void> prepare_azure(const Azure& want, plugin::TaskContext&, ScriptRun& run) {
    run.set_variable("AZURE_CONFIG_DIR", (run.folder() / ".azure").string());
    if (want.username.empty()) return {};
    run.set_variable("SLUICE_AZ_USER", want.username);
    run.set_variable("SLUICE_AZ_PASSWORD", want.password);
    std::string login = R"(printf '%s' "$SLUICE_AZ_PASSWORD" | az login --output none)";
    login += R"( --username "$SLUICE_AZ_USER" --password @-)";
    if (want.service_principal) login += " --service-principal";
    if (!want.tenant.empty()) login += " --tenant " + shell_quoted(want.tenant);
    run.begin_with(std::move(login));
    return {};
}

plugin::TaskType azure(const SettingsPtr& settings) {
    auto type = script_task<Azure>("azure.cli.AzCLI", az_program(), settings, prepare_azure);
    type.title("Runs commands of the Azure command line program.")
        .description("`az` must be on the worker, or in the image of a container. With a name it logs in first.")
        .example("List groups", R"(id: list_groups
namespace: company.team
tasks:
  - id: list
    type: io.kestra.plugin.azure.cli.AzCLI
    username: "{{ secret('AZ_CLIENT_ID') }}"
    password: "{{ secret('AZ_CLIENT_SECRET') }}"
    tenant: "{{ secret('AZ_TENANT') }}"
    servicePrincipal: true
    commands:
      - az group list
)")
        .property("username", &Azure::username, "Name, or the id of a service principal")
        .property("password", &Azure::password, "Its password or secret")
        .property("tenant", &Azure::tenant, "Tenant")
        .property("servicePrincipal", &Azure::service_principal, "The name is a service principal's");
    declare_script(type, MainPart::Commands);
    return type;
}

}  // namespace cloud_tools

void add_cloud_tools(plugin::TaskCatalog& catalog, const SettingsPtr& settings) {
    catalog.add(cloud_tools::aws(settings));
    catalog.add(cloud_tools::gcloud(settings));
    catalog.add(cloud_tools::azure(settings));
}

}  // namespace sluice::tasks
