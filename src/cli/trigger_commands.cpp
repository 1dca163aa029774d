// sluice trigger preview|explain
#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/api_client.h"
#include "cli/command.h"
#include "flow/parse_flow.h"
#include "schedule/check_trigger.h"
#include "schedule/preview.h"
#include "tasks/catalog.h"
#include "value/json.h"

namespace sluice::cli {
namespace {

constexpr const char* kPreviewUsage =
    "sluice trigger preview NAMESPACE FLOW [TRIGGER] [-n 20] | --local FILE [TRIGGER]";

/// One date a line; what a condition skips says so.
void print_date(bool runs, const std::string& local, const std::string& reason, const std::string& note) {
    std::cout << (runs ? "  ✓ " : "  - ") << local;
    if (!reason.empty()) std::cout << (runs ? "  fails: " : "  skipped: ") << reason;
    if (!note.empty()) std::cout << "  (" << note << ")";
    std::cout << "\n";
}

/// The triggers of a file's flows, by this machine's clock and in UTC where they name no zone.
int preview_here(const std::string& file, const std::string& wanted, std::size_t count) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return fail(Error{ErrorCode::NotFound, "the file " + file + " can't be read", {}, {}, ""});
    std::ostringstream text;
    text << in.rdbuf();
    const plugin::TaskCatalog catalog = tasks::builtin_catalog();
    const auto parsed = flow::parse_flow(
        text.str(), catalog.types(),
        {.file = file, .check_trigger = schedule::check_trigger, .check_listener = schedule::check_listener});
    if (!parsed.ok()) return fail(parsed.error());
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    bool found = false;
    for (const flow::Trigger& trigger : parsed.flow->triggers) {
        if (!wanted.empty() && trigger.id != wanted) continue;
        found = true;
        std::cout << trigger.id << "\n";
        if (!trigger.is("core.trigger.Schedule") && !trigger.is("core.trigger.ScheduleOnDates")) {
            std::cout << "  it has no dates: " << trigger.type << "\n";
            continue;
        }
        const auto timetable = schedule::Timetable::of(trigger, schedule::Zones(), {});
        if (!timetable) return fail(timetable.error());
        for (const auto& date : schedule::preview(*timetable, now, count)) {
            print_date(date.runs, date.local, date.reason, date.note);
        }
    }
    if (!found) return fail(Error{ErrorCode::NotFound, "the flow has no trigger '" + wanted + "'", {}, {}, ""});
    return Exit::Success;
}

/// The one that is named, or all of the flow.
Result<std::vector<std::string>> triggers_of(ApiClient& api, const std::vector<std::string>& words) {
    if (words.size() == 3) return std::vector{words[2]};
    const auto answer = api.send("GET", "/triggers/" + words[0] + "/" + words[1] + "?size=1000");
    if (!answer) return tl::unexpected(answer.error());
    std::vector<std::string> out;
    const auto rows = answer->get("results");
    for (const Value& row : rows->as_list()) out.push_back(row.text("triggerId"));
    if (out.empty()) return not_found("flow {}.{} has no trigger", words[0], words[1]);
    return out;
}

int preview_there(const Options& options, const std::string& count) {
    ApiClient api(options);
    const auto triggers = triggers_of(api, options.rest());
    if (!triggers) return fail(triggers.error());
    int code = Exit::Success;
    List all;
    for (const std::string& trigger : *triggers) {
        const auto answer = api.send("GET", "/triggers/" + options.rest()[0] + "/" + options.rest()[1] + "/" + trigger +
                                                "/preview?count=" + count);
        if (!answer) {
            if (triggers->size() == 1) return fail(answer.error());
            if (!api.wants_json()) std::cout << trigger << "\n  " << answer.error().message << "\n";
            continue;
        }
        if (api.wants_json()) {
            Map one = answer->as_map();
            one.set("triggerId", trigger);
            all.emplace_back(std::move(one));
            continue;
        }
        std::cout << trigger << ((*answer)["disabled"].if_bool().value_or(false) ? " (disabled: it will not fire)" : "")
                  << "\n";
        const auto dates = answer->get("dates");
        for (const Value& date : dates->as_list()) {
            print_date(date["runs"].if_bool().value_or(true), date.text("local"), date.text("reason"),
                       date.text("note"));
        }
    }
    if (api.wants_json()) std::cout << to_pretty_json(Value(std::move(all))) << "\n";
    return code;
}

int preview(const std::vector<std::string>& words) {
    Options options(kPreviewUsage, "Prints the next dates of schedules, also those that a condition skips.");
    options.value("n,count", "this many dates", "N", "20")
        .value("local", "of a file's flow, without a server", "FILE")
        .arguments();
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    const std::string count = options.text("count");
    const bool is_number = !count.empty() && count.size() <= 4 &&
                           std::ranges::all_of(count, [](unsigned char c) { return std::isdigit(c) != 0; });
    if (!is_number) return fail_usage("-n is a number up to 1000, found '" + count + "'");
    if (options.has("local")) {
        if (options.rest().size() > 1) return fail_usage(std::string("Usage: ") + kPreviewUsage);
        return preview_here(options.text("local"), options.rest().empty() ? "" : options.rest()[0], std::stoul(count));
    }
    if (options.rest().size() < 2 || options.rest().size() > 3)
        return fail_usage(std::string("Usage: ") + kPreviewUsage);
    return preview_there(options, count);
}

int explain(const std::vector<std::string>& words) {
    const std::string usage = "sluice trigger explain NAMESPACE FLOW TRIGGER";
    Options options(usage, "Tells why a trigger fires or does not, and what became of its latest dates.");
    options.arguments();
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    const auto& rest = options.rest();
    if (rest.size() != 3) return fail_usage("Usage: " + usage);
    ApiClient api(options);
    const auto answer = api.send("GET", "/triggers/" + rest[0] + "/" + rest[1] + "/" + rest[2] + "/explain");
    if (!answer) return fail(answer.error());
    if (api.wants_json()) {
        std::cout << to_pretty_json(*answer) << "\n";
        return Exit::Success;
    }
    const auto reasons = answer->get("reasons");
    for (const Value& reason : reasons->as_list()) {
        const std::string since = reason.text("since");
        std::cout << fmt::format("{:<14} {}{}\n", reason.text("code"), reason.text("text"),
                                 since.empty() ? "" : " (since " + since + ")");
    }
    const auto fires = answer->get("fires");
    if (fires->as_list().empty()) return Exit::Success;
    std::cout << "\n";
    print_rows({"date", "fate", "executionId", "executionState", "refused", "reason"}, fires->as_list(), false);
    return Exit::Success;
}

}  // namespace

std::vector<Command> trigger_commands() {
    return {
        {"trigger preview", "the next dates of schedules", kPreviewUsage, preview},
        {"trigger explain", "why a trigger fires or does not", "sluice trigger explain NAMESPACE FLOW TRIGGER",
         explain},
    };
}

}  // namespace sluice::cli
