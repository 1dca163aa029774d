#include "flow/parse_flow.h"
#include "tasks/catalog.h"
#include "tasks/scripts/byte_size.h"
#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::TaskRig;

bool is_ours(std::string_view name) {
    for (const char* prefix : {"scripts.", "dbt.", "docker.", "ansible.", "terraform.", "aws.cli.", "gcp.cli.",
                               "azure.cli.", "core.runner.", "modal.", "cloudquery.", "kubernetes.cli."}) {
        if (name.starts_with(prefix)) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("every type that runs programs has a title, a description, and examples that are flows") {
    const plugin::TaskCatalog catalog = builtin_catalog();
    int seen = 0;
    for (const auto& type : catalog.types().types()) {
        if (!is_ours(type->short_name())) continue;
        ++seen;
        CAPTURE(type->name);
        CHECK_FALSE(type->title.empty());
        CHECK_FALSE(type->description.empty());
        REQUIRE_FALSE(type->examples.empty());
        for (const flow::Example& example : type->examples) {
            const auto parsed = flow::parse_flow(example.yaml, catalog.types());
            CHECK_MESSAGE(parsed.ok(), (parsed.ok() ? "" : parsed.error().text()));
            CHECK(example.yaml.find(std::string(type->short_name())) != std::string::npos);
        }
        for (const flow::Property& property : type->properties) CHECK_FALSE(property.description.empty());
    }
    CHECK(seen > 85);
}

TEST_CASE("sizes are read as container engines read them") {
    CHECK(test::ok(parse_bytes("1024")) == 1024);
    CHECK(test::ok(parse_bytes("1k")) == 1024);
    CHECK(test::ok(parse_bytes("512MB")) == 512ULL * 1024 * 1024);
    CHECK(test::ok(parse_bytes("1.5 GiB")) == 3ULL * 512 * 1024 * 1024);
    for (const char* wrong : {"", "MB", "-1", "1x", "1kk", "1e400", "nan"}) {
        CAPTURE(wrong);
        CHECK(test::failure(parse_bytes(wrong)).code == ErrorCode::Invalid);
    }
}

TEST_CASE("the AWS program gets its keys as variables, which the task's own are over") {
    TaskRig rig;
    test::ok(rig.run("aws.cli.AwsCLI", R"(
accessKeyId: key
secretKeyId: hidden
region: eu-central-1
env: {AWS_DEFAULT_REGION: mine}
commands: [echo $AWS_ACCESS_KEY_ID $(echo $AWS_SECRET_ACCESS_KEY | tr a-z A-Z) $AWS_SECRET_ACCESS_KEY $AWS_DEFAULT_REGION $AWS_DEFAULT_OUTPUT]
)"));
    CHECK(rig.log_text() == "INFO key HIDDEN ****** mine json");
}

TEST_CASE("Google Cloud's program gets its service account as a file that only it may read") {
    TaskRig rig;
    test::ok(rig.run("gcp.cli.GCloudCLI", R"(
serviceAccount: '{"a": 1}'
projectId: p
commands: ["cat $GOOGLE_APPLICATION_CREDENTIALS; echo", "stat -c %a $GOOGLE_APPLICATION_CREDENTIALS", echo $CLOUDSDK_CORE_PROJECT]
)"));
    CHECK(rig.log_text() == "INFO {\"a\": 1}|INFO 600|INFO p");
}

TEST_CASE("Azure's password is no argument of its program") {
    TaskRig rig;
    test::ok(rig.run("azure.cli.AzCLI", R"(
username: me
password: hunter2
tenant: t
inputFiles:
  az: |
    #!/bin/sh
    echo "$@"
    tr a-z A-Z
beforeCommands: [chmod +x az]
env: {PATH: "{{ workingDir }}:/usr/bin:/bin"}
commands: ["true"]
)"));
    CHECK(test::contains(rig.log_text(), "--password @-"));
    CHECK(test::contains(rig.log_text(), "HUNTER2"));
}

TEST_CASE("Ansible gets its configuration as a file, and its log may become an output file") {
    TaskRig rig;
    const Value out = test::ok(rig.run("ansible.cli.AnsibleCLI", R"(
ansibleConfig: "[defaults]"
outputLogFile: true
commands: [cat $ANSIBLE_CONFIG; echo, echo told > $ANSIBLE_LOG_PATH]
)"));
    CHECK(rig.log_text() == "INFO [defaults]");
    CHECK(rig.file(out["outputFiles"].text("ansible.log")) == "told\n");
}

TEST_CASE("a program that is missing is told with what to install") {
    TaskRig rig;
    const std::string path = getenv("PATH");
    setenv("PATH", "/there/is/nothing", 1);
    const Error error = test::failure(rig.run("terraform.cli.TerraformCLI", "commands: [terraform init]"));
    setenv("PATH", path.c_str(), 1);
    CHECK(error.message.find("terraform is not on this worker: install Terraform") != std::string::npos);
}

// A program that writes what dbt leaves.
constexpr const char* kFakeDbt = R"(
inputFiles:
  fake.sh: |
    echo "args: $*"
    cat $DBT_PROFILES_DIR/profiles.yml
    mkdir -p target
    echo '{"results": [{"status": "success", "unique_id": "a"}, {"status": "error", "unique_id": "b", "message": "no such column"}]}' > target/run_results.json
    echo '{"nodes": {}}' > target/manifest.json
profiles: "profile: x"
)";

TEST_CASE("dbt gets its profiles and options, and what it did becomes metrics, lines and a kept manifest") {
    TaskRig rig;
    const Value out = test::ok(rig.run("dbt.cli.Build", std::string(kFakeDbt) + R"(
dbtPath: sh fake.sh
fullRefresh: true
select: [orders, "tag:daily"]
storeManifest: {key: manifest}
)"));
    CHECK(rig.log_text() ==
          "INFO args: build --full-refresh --select orders tag:daily|INFO profile: x|ERROR b: no such column");
    CHECK(rig.metrics.size() == 2);
    CHECK(rig.keys.rows.at("company.team/manifest").value == Value{{"nodes", Value(Map())}});
    CHECK(out["outputFiles"].get("run_results.json"));
}

TEST_CASE("a kept manifest is put into the project before dbt runs") {
    TaskRig rig;
    rig.keys.rows["company.team/manifest"] = {.key = "manifest", .kind = "JSON", .value = Value{{"old", 1}}};
    test::ok(rig.run("dbt.cli.DbtCLI", "loadManifest: {key: manifest}\ncommands: [cat manifest.json]"));
    CHECK(rig.log_text() == "INFO {\"old\":1}");
}

TEST_CASE("a script trigger starts the flow when its exit condition holds") {
    TaskRig rig;
    const Value found = test::ok(rig.poll("scripts.shell.CommandsTrigger", R"(
exitCondition: 3
commands: ["echo '::{\"outputs\": {\"n\": 1}}::'", exit 3]
)"));
    CHECK(found["exitCode"] == Value(3));
    CHECK(found["vars"] == Value{{"n", 1}});
    CHECK(test::ok(rig.poll("scripts.shell.ScriptTrigger", "script: exit 3")).is_null());
    CHECK_FALSE(test::ok(rig.poll("scripts.shell.ScriptTrigger", R"(
exitCondition: "{{ vars.n > 0 and exitCode == 0 }}"
script: "echo '::{\"outputs\": {\"n\": 1}}::'"
)"))
                    .is_null());
}

TEST_CASE("with `edge` a script trigger starts only when its condition begins to hold") {
    TaskRig rig;
    const auto starts = [&](int code) {
        return !test::ok(rig.poll("scripts.shell.ScriptTrigger", fmt::format("edge: true\nscript: exit {}", code)))
                    .is_null();
    };
    CHECK_FALSE(starts(1));
    CHECK(starts(0));
    CHECK_FALSE(starts(0));
    CHECK_FALSE(starts(1));
    CHECK(starts(0));
}

}  // namespace sluice::tasks
