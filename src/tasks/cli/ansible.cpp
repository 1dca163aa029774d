#include <fstream>
#include <sstream>

#include "plugin/task_files.h"
#include "tasks/catalog.h"
#include "tasks/scripts/script_run.h"

namespace sluice::tasks {
namespace ansible {

constexpr const char* kLogFile = "ansible.log";

struct Properties : ScriptProperties {
    std::string config;
    bool output_log_file = false;
};

const Language& program() {
    static const Language all{.name = "ansible",
                              .title = "Ansible",
                              .program = "ansible-playbook",
                              .install = "ansible-core (Debian)",
                              .image = "cytopia/ansible"};
    return all;
}

Result<std::string> text_of_config(const std::string& config, plugin::TaskContext& context) {
    if (!plugin::is_storage_address(config)) return config;
    const auto file = context.scratch_directory() / "ansible.cfg";
    if (auto got = plugin::fetch_file(context, config, file); !got) return tl::unexpected(got.error());
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

Result<void> prepare(const Properties& want, plugin::TaskContext& context, ScriptRun& run) {
    run.set_variable("ANSIBLE_HOST_KEY_CHECKING", "False");
    run.set_variable("ANSIBLE_NOCOLOR", "1");
    if (!want.config.empty()) {
        const auto text = text_of_config(want.config, context);
        if (!text) return tl::unexpected(text.error());
        run.set_variable("ANSIBLE_CONFIG", run.put_private_file("ansible.cfg", *text).string());
    }
    if (want.output_log_file)
        run.set_variable("ANSIBLE_LOG_PATH", run.names().find("outputDir")->as_string() + "/" + kLogFile);
    return {};
}

}  // namespace ansible

plugin::TaskType ansible_cli(const SettingsPtr& settings) {
    using namespace ansible;
    auto type = script_task<Properties>("ansible.cli.AnsibleCLI", program(), settings, prepare);
    type.title("Runs commands of Ansible.")
        .description(
            "`ansible-playbook` must be on the worker, or in the image of a container. Playbooks and inventories "
            "come by `inputFiles` or `namespaceFiles`.")
        .example("Run a playbook", R"(id: playbook
namespace: company.team
tasks:
  - id: run
    type: io.kestra.plugin.ansible.cli.AnsibleCLI
    inputFiles:
      inventory.ini: |
        localhost ansible_connection=local
      playbook.yml: |
        - hosts: localhost
          tasks:
            - debug: {msg: Hello}
    commands:
      - ansible-playbook -i inventory.ini playbook.yml
)")
        .property("ansibleConfig", &Properties::config, "The text of ansible.cfg, or its address")
        .property("outputLogFile", &Properties::output_log_file,
                  "Ansible's own log becomes an output file: ansible.log");
    declare_script(type, MainPart::Commands);
    return type;
}

}  // namespace sluice::tasks
