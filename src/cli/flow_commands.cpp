// sluice flow validate|create|update|delete|list
#include <filesystem>
#include <iostream>

#include "cli/api_client.h"
#include "cli/command.h"
#include "cli/configuration.h"
#include "cli/options.h"
#include "cli/read_file.h"
#include "flow/parse_flow.h"
#include "schedule/check_trigger.h"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

/// Files as they are named; folders with all .yml and .yaml below them.
std::vector<fs::path> flow_files(const std::vector<std::string>& names) {
    std::vector<fs::path> out;
    for (const std::string& name : names) {
        if (!fs::is_directory(name)) {
            out.emplace_back(name);
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(name)) {
            const auto ending = entry.path().extension();
            if (entry.is_regular_file() && (ending == ".yml" || ending == ".yaml")) out.push_back(entry.path());
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

/// FILE:LINE:COLUMN: message, for each mistake.
bool validate_here(const fs::path& path, const plugin::TaskCatalog& catalog) {
    const auto text = read_file(path);
    if (!text) {
        std::cout << path.string() << ":1:1: " << text.error().message << "\n";
        return false;
    }
    bool valid = true;
    const auto tell = [&](const Error& error, const char* kind) {
        const Place& at = error.place;
        std::cout << fmt::format("{}:{}:{}: {}{}{}\n", path.string(), std::max(1, at.line), std::max(1, at.column),
                                 kind, at.property.empty() ? "" : at.property + ": ", error.message);
    };
    const auto documents = flow::split_documents(*text);
    if (documents.empty()) {
        std::cout << path.string() << ":1:1: the file holds no flow\n";
        return false;
    }
    for (const flow::SourceDocument& document : documents) {
        const auto parsed = flow::parse_flow(document.text, catalog.types(),
                                             {.file = path.string(),
                                              .first_line = document.first_line,
                                              .check_trigger = schedule::check_trigger,
                                              .check_listener = schedule::check_listener});
        for (const Error& error : parsed.errors) tell(error, "");
        for (const Error& warning : parsed.warnings) tell(warning, "warning: ");
        valid = valid && parsed.ok();
        if (parsed.ok()) std::cout << "✓ - " << parsed.id.namespace_name << " / " << parsed.id.id << "\n";
    }
    return valid;
}

/// The same lines, from the server's answer.
bool validate_there(ApiClient& api, const fs::path& path) {
    const auto text = read_file(path);
    if (!text) {
        std::cout << path.string() << ":1:1: " << text.error().message << "\n";
        return false;
    }
    const auto answer = api.send("POST", "/flows/validate", *text, "application/x-yaml");
    if (!answer) {
        fail(answer.error());
        return false;
    }
    bool valid = true;
    for (const Value& one : answer->as_list()) {
        const auto print = [&](const char* list, const char* kind) {
            const auto errors = one.get(list);
            if (!errors || !errors->is_list()) return;
            for (const Value& error : errors->as_list()) {
                const std::string property = error.text("path");
                std::cout << fmt::format("{}:{}:{}: {}{}{}\n", path.string(), error["line"].if_integer().value_or(1),
                                         error["column"].if_integer().value_or(1), kind,
                                         property.empty() ? "" : property + ": ", error.text("message"));
            }
        };
        print("violations", "");
        print("warningPlaces", "warning: ");
        if (one.get("constraints"))
            valid = false;
        else
            std::cout << "✓ - " << one.text("namespace") << " / " << one.text("flow") << "\n";
    }
    return valid;
}

int validate(const std::vector<std::string>& words) {
    Options options("sluice flow validate [--local] FILE…", "Checks flows; folders are searched for .yml and .yaml.");
    options.flag("local", "checks here, without a server").arguments();
    options.value("plugins", "with --local: folders of plugins, joined by colons", "DIRS");
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    const auto files = flow_files(options.rest());
    if (files.empty()) return fail_usage("which files? Usage: sluice flow validate [--local] FILE…");
    bool valid = true;
    if (options.has("local")) {
        const auto catalog = local_catalog(options);
        if (!catalog) return fail(catalog.error());
        for (const fs::path& file : files) valid = validate_here(file, *catalog) && valid;
    } else {
        ApiClient api(options);
        for (const fs::path& file : files) valid = validate_there(api, file) && valid;
    }
    return valid ? Exit::Success : Exit::Failed;
}

int create(const std::vector<std::string>& words) {
    Options options("sluice flow create FILE…", "Stores new flows.");
    options.arguments();
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    const auto files = flow_files(options.rest());
    if (files.empty()) return fail_usage("which files? Usage: sluice flow create FILE…");
    ApiClient api(options);
    int code = Exit::Success;
    for (const fs::path& file : files) {
        const auto text = read_file(file);
        const auto answer =
            text ? api.send("POST", "/flows", *text, "application/x-yaml") : tl::unexpected(text.error());
        if (!answer) {
            code = fail(answer.error());
            continue;
        }
        std::cout << "Flow successfully created: " << answer->text("namespace") << "." << answer->text("id")
                  << " revision " << answer->get("revision")->as_integer() << "\n";
    }
    return code;
}

int update(const std::vector<std::string>& words) {
    Options options("sluice flow update FILE NAMESPACE ID", "Stores the next revision of a flow.");
    options.arguments();
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().size() != 3) return fail_usage("Usage: sluice flow update FILE NAMESPACE ID");
    const auto text = read_file(options.rest()[0]);
    if (!text) return fail(text.error());
    ApiClient api(options);
    const auto answer =
        api.send("PUT", "/flows/" + options.rest()[1] + "/" + options.rest()[2], *text, "application/x-yaml");
    if (!answer) return fail(answer.error());
    std::cout << "Flow successfully updated: revision " << answer->get("revision")->as_integer() << "\n";
    return Exit::Success;
}

int remove(const std::vector<std::string>& words) {
    Options options("sluice flow delete NAMESPACE ID", "Deletes a flow; its executions stay.");
    options.arguments();
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().size() != 2) return fail_usage("Usage: sluice flow delete NAMESPACE ID");
    ApiClient api(options);
    const auto answer = api.send("DELETE", "/flows/" + options.rest()[0] + "/" + options.rest()[1]);
    if (!answer) return fail(answer.error());
    std::cout << "Flow successfully deleted\n";
    return Exit::Success;
}

int list(const std::vector<std::string>& words) {
    Options options("sluice flow list", "Lists flows.");
    options.value("namespace", "only this namespace and those below it", "NS");
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    ApiClient api(options);
    std::string path = "/flows/search?size=1000&sort=id:asc";
    if (options.has("namespace")) path += "&namespace=" + options.text("namespace");
    const auto answer = api.send("GET", path);
    if (!answer) return fail(answer.error());
    const auto results = answer->get("results");
    print_rows({"namespace", "id", "revision", "disabled"}, results->as_list(), api.wants_json());
    return Exit::Success;
}

}  // namespace

std::vector<Command> flow_commands() {
    return {
        {"flow validate", "checks flow files", "sluice flow validate [--local] FILE…", validate},
        {"flow create", "stores new flows", "sluice flow create FILE…", create},
        {"flow update", "stores the next revision of a flow", "sluice flow update FILE NAMESPACE ID", update},
        {"flow delete", "deletes a flow", "sluice flow delete NAMESPACE ID", remove},
        {"flow list", "lists flows", "sluice flow list [--namespace NS]", list},
    };
}

}  // namespace sluice::cli
