// Task types that run commands of one program: a row for each.
#include "tasks/catalog.h"
#include "tasks/scripts/script_run.h"

namespace sluice::tasks {
namespace plain_tools {

struct Tool {
    Language language{};  // title, program, what to install, image
    std::string type{};
    std::string about{};
    std::string example{};  // commands, each on a line of its own
};

Language program(const char* title, const char* program, const char* install, const char* image) {
    return {.name = program, .title = title, .program = program, .install = install, .image = image};
}

const std::vector<Tool>& tools() {
    static const std::vector<Tool> all{
        {program("Terraform", "terraform", "Terraform (https://developer.hashicorp.com/terraform)",
                 "hashicorp/terraform"),
         "terraform.cli.TerraformCLI",
         "Its files come by `inputFiles` or `namespaceFiles`; its state is where they say.",
         "terraform init\nterraform apply -auto-approve"},
        {program("OpenTofu", "tofu", "OpenTofu (https://opentofu.org)", "ghcr.io/opentofu/opentofu"),
         "opentofu.cli.OpenTofuCLI", "Its files come by `inputFiles` or `namespaceFiles`.",
         "tofu init\ntofu apply -auto-approve"},
        {program("Modal", "modal", "modal (pip)", "ghcr.io/kestra-io/modal"), "modal.cli.ModalCLI",
         "MODAL_TOKEN_ID and MODAL_TOKEN_SECRET go into `env`.", "modal run app.py"},
        {program("SQLMesh", "sqlmesh", "sqlmesh (pip)", "ghcr.io/kestra-io/sqlmesh"), "sqlmesh.cli.SQLMeshCLI",
         "The project comes by `namespaceFiles` or a clone beside it.", "sqlmesh plan --auto-apply"},
        {program("Dataform", "dataform", "@dataform/cli (npm)", "dataformco/dataform"), "dataform.cli.DataformCLI",
         "The project comes by `namespaceFiles` or a clone beside it.", "dataform compile\ndataform run"},
        {program("Databricks", "databricks", "the Databricks CLI", "ghcr.io/databricks/cli"),
         "databricks.cli.DatabricksCLI", "DATABRICKS_HOST and DATABRICKS_TOKEN go into `env`.", "databricks jobs list"},
        {program("Snowflake", "snow", "snowflake-cli (pip)", "ghcr.io/kestra-io/snowflake-cli"),
         "snowflake.cli.SnowflakeCLI", "The connection goes into `env` as SNOWFLAKE_….", "snow sql --query 'select 1'"},
        {program("Spark", "spark-submit", "Spark (https://spark.apache.org)", "apache/spark"), "spark.SparkCLI",
         "For jobs in any language of Spark.", "spark-submit --name count job.py"},
        {program("dlt", "dlt", "dlt (pip)", "ghcr.io/kestra-io/dlt"), "dlt.cli.DltCLI",
         "Loads data by pipelines of Python.", "dlt pipeline --list-pipelines"},
        {program("CloudQuery", "cloudquery", "CloudQuery (https://cloudquery.io)", "ghcr.io/cloudquery/cloudquery"),
         "cloudquery.CloudQueryCLI", "CLOUDQUERY_API_KEY goes into `env`.", "cloudquery sync config.yml"},
        {program("Meltano", "meltano", "meltano (pip)", "meltano/meltano"), "singer.cli.MeltanoCLI",
         "Runs Singer taps and targets by Meltano.", "meltano run tap-github target-jsonl"},
        {program("kubectl", "kubectl", "kubectl (https://kubernetes.io)", "bitnami/kubectl"),
         "kubernetes.cli.KubectlCLI", "The configuration goes into a file that KUBECONFIG names in `env`.",
         "kubectl get pods"},
        {program("Helm", "helm", "Helm (https://helm.sh)", "alpine/helm"), "kubernetes.cli.HelmCLI",
         "The configuration goes into a file that KUBECONFIG names in `env`.", "helm list"},
        {program("Pulumi", "pulumi", "Pulumi (https://pulumi.com)", "pulumi/pulumi"), "pulumi.cli.PulumiCLI",
         "PULUMI_ACCESS_TOKEN goes into `env`.", "pulumi up --yes"},
    };
    return all;
}

std::string example_of(const Tool& tool) {
    std::string commands;
    for (std::size_t from = 0; from < tool.example.size();) {
        const std::size_t end = std::min(tool.example.find('\n', from), tool.example.size());
        commands += "      - " + tool.example.substr(from, end - from) + "\n";
        from = end + 1;
    }
    return fmt::format(R"(id: run_{}
namespace: company.team
tasks:
  - id: run
    type: io.kestra.plugin.{}
    namespaceFiles:
      enabled: true
    commands:
{})",
                       tool.type.substr(0, tool.type.find('.')), tool.type, commands);
}

}  // namespace plain_tools

void add_plain_tools(plugin::TaskCatalog& catalog, const SettingsPtr& settings) {
    for (const plain_tools::Tool& tool : plain_tools::tools()) {
        auto type = script_task<ScriptProperties>(tool.type, tool.language, settings);
        type.title(fmt::format("Runs commands of {}.", tool.language.title))
            .description(fmt::format("`{}` must be on the worker, or in the image of a container. {}",
                                     tool.language.program, tool.about))
            .example(fmt::format("Run {}", tool.language.title), plain_tools::example_of(tool));
        declare_script(type, MainPart::Commands);
        catalog.add(type);
    }
}

}  // namespace sluice::tasks
