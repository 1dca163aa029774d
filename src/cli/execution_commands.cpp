// sluice execution start|follow|kill|logs
#include <iostream>

#include "cli/api_client.h"
#include "cli/command.h"
#include "cli/options.h"
#include "flow/state.h"
#include "http/uri.h"
#include "value/json.h"

namespace sluice::cli {
namespace {

/// Exit codes by state: what ended well is 0.
int exit_of(std::string_view state) {
    if (state == "SUCCESS" || state == "WARNING") return Exit::Success;
    return state == "KILLED" || state == "CANCELLED" ? Exit::Killed : Exit::Failed;
}

void print_execution(const Value& execution) {
    const auto runs = execution.get("taskRunList");
    std::cout << execution.text("id") << "  " << execution.get("state", "current").value_or(Value()).as_string() << "  "
              << execution.get("state", "duration").value_or(Value("")).as_string() << "\n";
    if (!runs || !runs->is_list()) return;
    for (const Value& run : runs->as_list()) {
        std::cout << fmt::format(
            "  {:<24} {:<9} {}\n", run.text("taskId") + (run.get("value") ? " " + run.text("value") : ""),
            run.get("state", "current")->as_string(), run.get("state", "duration").value_or(Value("")).as_string());
    }
}

/// Prints what changes until the execution has ended. Returns the exit code.
int follow(ApiClient& api, const std::string& id) {
    std::string event;
    std::string last;
    std::map<std::string, std::string> told;
    Value execution;
    const auto done = api.stream("/executions/" + id + "/follow", [&](std::string_view line) {
        if (line.starts_with("id: ")) event = line.substr(4);
        if (!line.starts_with("data: ")) return true;
        const auto data = parse_json(line.substr(6));
        if (!data || event == "start") return true;
        execution = *data;
        if (!api.wants_json()) {
            const auto runs = data->get("taskRunList");
            for (const Value& run : runs && runs->is_list() ? runs->as_list() : List()) {
                const std::string state = run.get("state", "current")->as_string();
                std::string& before = told[run.text("id")];
                if (before == state) continue;
                before = state;
                std::cout << fmt::format("  {:<9} {} {}\n", state, run.text("taskId"), run.text("value")) << std::flush;
            }
            const std::string state = data->get("state", "current")->as_string();
            if (state != last) std::cout << state << "\n" << std::flush;
            last = state;
        }
        return event != "end";
    });
    if (!done) return fail(done.error());
    if (execution.is_null())
        return fail(Error{ErrorCode::Unavailable, "the stream ended before the execution", {}, {}, ""});
    if (api.wants_json()) std::cout << to_pretty_json(execution) << "\n";
    return exit_of(execution.get("state", "current")->as_string());
}

int start(const std::vector<std::string>& words) {
    Options options("sluice execution start NAMESPACE FLOW [-i key=value]…", "Starts an execution.");
    options.values("i,input", "an input, repeatable", "KEY=VALUE")
        .values("l,label", "a label, repeatable", "KEY=VALUE")
        .value("revision", "not the newest one", "N")
        .flag("wait", "waits for its end")
        .flag("follow", "prints what happens until its end")
        .arguments();
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().size() != 2) return fail_usage("Usage: sluice execution start NAMESPACE FLOW [-i key=value]…");
    Map inputs;
    for (const std::string& input : options.texts("input")) {
        const auto equals = input.find('=');
        if (equals == std::string::npos) return fail_usage("an input is KEY=VALUE, found '" + input + "'");
        inputs.set(input.substr(0, equals), input.substr(equals + 1));
    }
    std::string path = "/executions/" + options.rest()[0] + "/" + options.rest()[1] + "?";
    for (const std::string& label : options.texts("label")) {
        const auto equals = label.find('=');
        if (equals == std::string::npos) return fail_usage("a label is KEY=VALUE, found '" + label + "'");
        path += "labels=" + http::percent_encode(label.substr(0, equals) + ":" + label.substr(equals + 1)) + "&";
    }
    if (options.has("revision")) path += "revision=" + options.text("revision") + "&";
    const bool wait = options.has("wait") && !options.has("follow");
    if (wait) path += "wait=true";
    ApiClient api(options);
    const auto answer = api.send("POST", path, to_json(Value{{"inputs", Value(std::move(inputs))}}));
    if (!answer) return fail(answer.error());
    if (options.has("follow")) {
        if (!api.wants_json()) std::cout << answer->text("id") << "\n" << std::flush;
        return follow(api, answer->text("id"));
    }
    if (api.wants_json())
        std::cout << to_pretty_json(*answer) << "\n";
    else
        print_execution(*answer);
    return wait ? exit_of(answer->get("state", "current")->as_string()) : Exit::Success;
}

int follow_command(const std::vector<std::string>& words) {
    Options options("sluice execution follow ID", "Prints what happens in an execution until its end.");
    options.arguments();
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().size() != 1) return fail_usage("Usage: sluice execution follow ID");
    ApiClient api(options);
    return follow(api, options.rest()[0]);
}

int kill(const std::vector<std::string>& words) {
    Options options("sluice execution kill ID", "Kills an execution and those that it started.");
    options.flag("no-cascade", "leaves those that it started alone").arguments();
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().size() != 1) return fail_usage("Usage: sluice execution kill ID");
    ApiClient api(options);
    const auto answer = api.send("DELETE", "/executions/" + options.rest()[0] + "/kill?isOnKillCascade=" +
                                               (options.has("no-cascade") ? "false" : "true"));
    if (!answer) return fail(answer.error());
    std::cout << "it is being killed\n";
    return Exit::Success;
}

int logs(const std::vector<std::string>& words) {
    Options options("sluice execution logs ID", "Prints the log of an execution.");
    options.value("level", "this level and above", "LEVEL").arguments();
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().size() != 1) return fail_usage("Usage: sluice execution logs ID");
    ApiClient api(options);
    const auto answer = api.send(
        "GET", "/logs/" + options.rest()[0] + (options.has("level") ? "?minLevel=" + options.text("level") : ""));
    if (!answer) return fail(answer.error());
    if (api.wants_json()) {
        std::cout << to_pretty_json(*answer) << "\n";
        return Exit::Success;
    }
    for (const Value& line : answer->as_list()) {
        std::cout << fmt::format("{} {:<5} {:<20} {}\n", line.text("timestamp"), line.text("level"),
                                 line.text("taskId"), line.text("message"));
    }
    return Exit::Success;
}

}  // namespace

std::vector<Command> execution_commands() {
    return {
        {"execution start", "starts an execution",
         "sluice execution start NAMESPACE FLOW [-i key=value]… [--wait|--follow]", start},
        {"execution follow", "prints what happens until its end", "sluice execution follow ID", follow_command},
        {"execution kill", "kills an execution", "sluice execution kill ID", kill},
        {"execution logs", "prints the log of an execution", "sluice execution logs ID", logs},
    };
}

}  // namespace sluice::cli
