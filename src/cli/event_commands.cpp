// sluice events parked|retry|drop
#include <iostream>

#include "cli/api_client.h"
#include "cli/command.h"

namespace sluice::cli {
namespace {

int parked(const std::vector<std::string>& words) {
    Options options("sluice events parked", "Lists events that failed too often and were put aside.");
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    ApiClient api(options);
    const auto answer = api.send("GET", "/cluster/parked");
    if (!answer) return fail(answer.error());
    const auto rows = answer->get("results");
    print_rows({"id", "parkedAt", "executionId", "kind", "error"}, rows->as_list(), api.wants_json());
    return Exit::Success;
}

/// One request for one parked event.
int change(const std::vector<std::string>& words, const char* verb, const char* summary, const char* method,
           const char* ending, const char* done) {
    const std::string usage = fmt::format("sluice events {} ID", verb);
    Options options(usage, summary);
    options.arguments();
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().size() != 1) return fail_usage("Usage: " + usage);
    ApiClient api(options);
    const auto answer = api.send(method, "/cluster/parked/" + options.rest()[0] + ending);
    if (!answer) return fail(answer.error());
    std::cout << done << "\n";
    return Exit::Success;
}

int retry(const std::vector<std::string>& words) {
    return change(words, "retry", "Puts a parked event back into its queue.", "POST", "/retry", "it is tried again");
}

int drop(const std::vector<std::string>& words) {
    return change(words, "drop", "Throws a parked event away; its execution goes on without it.", "DELETE", "",
                  "it is gone");
}

}  // namespace

std::vector<Command> event_commands() {
    return {
        {"events parked", "lists events that were put aside", "sluice events parked", parked},
        {"events retry", "puts a parked event back", "sluice events retry ID", retry},
        {"events drop", "throws a parked event away", "sluice events drop ID", drop},
    };
}

}  // namespace sluice::cli
