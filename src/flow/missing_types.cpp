#include "flow/missing_types.h"

#include <algorithm>

namespace sluice::flow {
namespace {

constexpr MissingType kMissing[] = {
    {Category::Task, "core.flow.Template", "io.kestra.core.tasks.flows.Template",
     "put its tasks into a flow and call it by core.flow.Subflow"},
    {Category::Task, "core.kv.PurgeKV", "", "give keys a ttl: what has expired is removed by itself"},
    {Category::Task, "core.namespace.PurgeFiles", "", "core.namespace.DeleteFiles"},
    {Category::Task, "core.templating.TemplatedTask", "io.kestra.core.tasks.templating.TemplatedTask",
     "core.flow.Switch between the tasks that it may become"},
    {Category::Task, "jdbc.mariadb.Query", "", "a script with the server's own client"},
    {Category::Task, "jdbc.mysql.Query", "", "a script with the server's own client"},
    {Category::Task, "serdes.avro.AvroToIon", "", "a Python script; no library of Debian keeps Avro's logical types"},
    {Category::Task, "serdes.avro.IonToAvro", "", "a Python script; no library of Debian keeps Avro's logical types"},
    {Category::Task, "serdes.excel.ExcelToIon", "", "a Python script, or jdbc.duckdb.Query with read_xlsx()"},
    {Category::Task, "serdes.parquet.IonToParquet", "", "jdbc.duckdb.Queries with copy … to 'x.parquet'"},
    {Category::Task, "serdes.parquet.ParquetToIon", "", "jdbc.duckdb.Query with read_parquet()"},
};

constexpr std::string_view kCall = "core.http.Request, or an HTTP template of your own (src/plugin/PROTOCOL.md)";
constexpr std::string_view kTool = "scripts.shell.Commands with the command line tool, which the worker must have";
constexpr std::string_view kClient =
    "scripts.python.Script with the client library in `dependencies`, or a plugin of your own (src/plugin/PROTOCOL.md)";
constexpr std::string_view kEnterprise = "nothing: it belongs to a part of the other product that is not open";

// Families of which no version has all types: those that are there are found first.
constexpr MissingType kFamilies[] = {
    {Category::Task, "ai.*", "",
     "ai.completion.ChatCompletion where it is enough, else core.http.Request to the provider"},
    {Category::Task, "airbyte.*", "", kCall},
    {Category::Task, "airflow.*", "", kCall},
    {Category::Task, "amqp.*", "", kClient},
    {Category::Task, "ansible.*", "", kTool},
    {Category::Task, "apify.*", "", kCall},
    {Category::Task, "aws.*", "", "scripts.shell.Commands with the AWS command line, which the worker must have"},
    {Category::Task, "azure.*", "", "scripts.shell.Commands with the Azure command line, which the worker must have"},
    {Category::Task, "cassandra.*", "", kClient},
    {Category::Task, "cloudflare.*", "", kCall},
    {Category::Task, "cloudquery.*", "", kTool},
    {Category::Task, "couchbase.*", "", kClient},
    {Category::Task, "databricks.*", "", kCall},
    {Category::Task, "dataform.*", "", kTool},
    {Category::Task, "dbt.*", "", "dbt.cli.DbtCLI, or scripts.shell.Commands with dbt, which the worker must have"},
    {Category::Task, "debezium.*", "", kClient},
    {Category::Task, "docker.*", "", "scripts.shell.Commands with the docker command line, which the worker must have"},
    {Category::Task, "documentdb.*", "", kClient},
    {Category::Task, "ee.*", "", kEnterprise},
    {Category::Task, "elasticsearch.*", "", kCall},
    {Category::Task, "fivetran.*", "", kCall},
    {Category::Task, "gcp.*", "",
     "scripts.shell.Commands with the gcloud and bq command lines, which the worker must have"},
    {Category::Task, "github.*", "",
     "an HTTP template: packaging/plugins/rest/github-issue.http.yaml is one to begin with"},
    {Category::Task, "gitlab.*", "", kCall},
    {Category::Task, "googleworkspace.*", "", kClient},
    {Category::Task, "graalvm.*", "", "scripts.python.Script or scripts.node.Script"},
    {Category::Task, "hightouch.*", "", kCall},
    {Category::Task, "hubspot.*", "", kCall},
    {Category::Task, "jdbc.*", "", kClient},
    {Category::Task, "jira.*", "", kCall},
    {Category::Task, "kafka.*", "", kClient},
    {Category::Task, "kubernetes.*", "", "scripts.shell.Commands with kubectl, which the worker must have"},
    {Category::Task, "ldap.*", "", kClient},
    {Category::Task, "malloy.*", "", kTool},
    {Category::Task, "meltano.*", "", kTool},
    {Category::Task, "modal.*", "", kTool},
    {Category::Task, "mongodb.*", "", kClient},
    {Category::Task, "mqtt.*", "", kClient},
    {Category::Task, "nats.*", "", kClient},
    {Category::Task, "neo4j.*", "", kClient},
    {Category::Task, "notifications.*", "",
     "the alert's newer name (slack.notifications.…, email.MailSend), or core.http.Request"},
    {Category::Task, "notion.*", "",
     "an HTTP template: packaging/plugins/rest/notion-page.http.yaml is one to begin with"},
    {Category::Task, "odoo.*", "", kCall},
    {Category::Task, "openai.*", "", "openai.ChatCompletion where it is enough, else core.http.Request"},
    {Category::Task, "powerbi.*", "", kCall},
    {Category::Task, "pulsar.*", "", kClient},
    {Category::Task, "redis.*", "", kClient},
    {Category::Task, "salesforce.*", "", kCall},
    {Category::Task, "scripts.jython.*", "", "scripts.python.Script"},
    {Category::Task, "scripts.nashorn.*", "", "scripts.node.Script"},
    {Category::Task, "servicenow.*", "", kCall},
    {Category::Task, "singer.*", "", kTool},
    {Category::Task, "soda.*", "", kTool},
    {Category::Task, "solace.*", "", kClient},
    {Category::Task, "spark.*", "", kTool},
    {Category::Task, "sqlmesh.*", "", kTool},
    {Category::Task, "surrealdb.*", "", kClient},
    {Category::Task, "tika.*", "", kClient},
    {Category::Task, "transform.*", "", "an expression with jq, or scripts.python.Script"},
    {Category::Task, "weaviate.*", "", kCall},
    {Category::Task, "zendesk.*", "", "an HTTP template: packaging/plugins/rest/ticket.http.yaml is one to begin with"},
};

std::string_view in_short(std::string_view name) {
    return name.starts_with(kTypePrefix) ? name.substr(kTypePrefix.size()) : name;
}

}  // namespace

std::span<const MissingType> missing_types() {
    return kMissing;
}
std::span<const MissingType> missing_families() {
    return kFamilies;
}

const MissingType* missing_family(std::string_view name) {
    const std::string_view wanted = in_short(name);
    const MissingType* best = nullptr;
    for (const MissingType& one : kFamilies) {
        const std::string_view beginning = one.name.substr(0, one.name.size() - 1);  // without the star
        if (wanted.starts_with(beginning) && (best == nullptr || best->name.size() < one.name.size())) best = &one;
    }
    return best;
}

const MissingType* missing_type(std::string_view name) {
    const auto found = std::ranges::find_if(kMissing, [&](const MissingType& one) {
        return one.name == in_short(name) || (!name.empty() && one.old_name == name);
    });
    return found != std::end(kMissing) ? found : nullptr;
}

}  // namespace sluice::flow
