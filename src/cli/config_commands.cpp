// sluice config show, sluice config check
#include <iostream>

#include "cli/command.h"
#include "cli/configuration.h"
#include "value/json.h"

namespace sluice::cli {
namespace {

Value row_of(const server::ConfigKey& key, const server::Config& config) {
    std::string value = key.get(config);
    if (key.secret && !value.empty()) value = "********";
    return Value{{"key", key.name}, {"value", value}, {"source", config.origin.at(key.name)}};
}

int show_config(const std::vector<std::string>& words) {
    Options options("sluice config show",
                    "Prints every key with its value and where that came from; secrets are masked.");
    add_configuration(options);
    options.value("o,output", "text or json", "FORMAT", "text");
    if (const auto stop = options.parse(words)) return *stop;
    const auto config = configuration(options);
    if (!config) return fail(config.error());
    List rows;
    for (const server::ConfigKey& key : server::config_keys()) rows.push_back(row_of(key, *config));
    if (options.text("output") == "json") {
        std::cout << to_pretty_json(Value(std::move(rows))) << "\n";
        return Exit::Success;
    }
    for (const Value& row : rows) {
        std::cout << fmt::format("{:<32} {:<28} # {}\n", row.text("key") + ":", row.text("value"), row.text("source"));
    }
    return Exit::Success;
}

/// Of the file alone: what this machine's environment says over it is left away; ${NAME} in it still holds.
server::ConfigSources only_files(const std::vector<std::string>& files) {
    server::ConfigSources out;
    for (const std::string& file : files) out.files += (out.files.empty() ? "" : ",") + file;
    out.environment = server::process_environment();
    std::erase_if(out.environment, [](const auto& entry) {
        for (const char* prefix : {"SLUICE_", "KESTRA_", "MICRONAUT_", "DATASOURCES_", "CREDENTIALS_DIRECTORY"}) {
            if (entry.first.starts_with(prefix)) return true;
        }
        return false;
    });
    return out;
}

int check_config(const std::vector<std::string>& words) {
    Options options("sluice config check FILE…", "Checks configuration files as a server would; later ones win.");
    options.arguments();
    options.flag("strict", "what is only noticed (keys without effect) fails, too");
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().empty()) return fail_usage("which file? Usage: sluice config check FILE…");
    const auto config = server::load_config(only_files(options.rest()));
    if (!config) return fail(config.error());
    for (const Error& notice : config->notices) std::cout << "⚠ " << notice.text() << "\n";
    if (options.has("strict") && !config->notices.empty()) return Exit::Failed;
    std::cout << "✓ " << only_files(options.rest()).files << "\n";
    return Exit::Success;
}

}  // namespace

std::vector<Command> config_commands() {
    return {
        {"config show", "the effective configuration, with sources", "sluice config show [--output json]", show_config},
        {"config check", "checks configuration files", "sluice config check [--strict] FILE…", check_config},
        // Kestra's words for the same.
        {"configs properties", "the same as config show", "sluice configs properties", show_config},
        {"configs validate", "the same as config check", "sluice configs validate FILE…", check_config},
    };
}

}  // namespace sluice::cli
