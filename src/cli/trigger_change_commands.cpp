// sluice trigger enable|disable|unlock, sluice trigger backfill start|pause|resume|delete
#include <iostream>

#include "cli/api_client.h"
#include "cli/command.h"
#include "value/json.h"

namespace sluice::cli {
namespace trigger_changes {

const std::string kWhich = " NAMESPACE FLOW TRIGGER";

void nothing(Options&) {}

/// What a command asks of the API for the trigger that its three arguments name.
struct Wish {
    std::string command{};
    std::string summary{};
    std::string method{};
    std::string path{};  // "…" stands for the trigger; without it, the body names it
    std::string done{};  // for people
    std::function<void(Options&)> declare = nothing;
    std::function<Result<void>(const Options&, Map& body)> fill = [](const Options&, Map&) { return Result<void>(); };
};

int carry_out(const Wish& wish, const std::vector<std::string>& words) {
    Options options("sluice trigger " + wish.command + kWhich, wish.summary);
    options.arguments();
    wish.declare(options);
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    const auto& rest = options.rest();
    if (rest.size() != 3) return fail_usage("Usage: sluice trigger " + wish.command + kWhich);
    Map body{{"namespace", rest[0]}, {"flowId", rest[1]}, {"triggerId", rest[2]}};
    if (auto filled = wish.fill(options, body); !filled) return fail_usage(filled.error().message);
    std::string path = wish.path;
    if (const auto at = path.find("…"); at != std::string::npos)
        path.replace(at, std::string_view("…").size(), rest[0] + "/" + rest[1] + "/" + rest[2]);
    ApiClient api(options);
    const auto answer = api.send(wish.method, path, to_json(Value(std::move(body))));
    if (!answer) return fail(answer.error());
    if (api.wants_json())
        std::cout << to_pretty_json(*answer) << "\n";
    else
        std::cout << wish.done << "\n";
    return Exit::Success;
}

std::function<Result<void>(const Options&, Map&)> disabled(bool value) {
    return [value](const Options&, Map& body) -> Result<void> {
        body.set("disabled", value);
        return {};
    };
}

/// "name=value", or "name:=JSON" for what is no text.
Result<void> put_pair(Map& out, const std::string& pair, const char* option) {
    const auto at = pair.find('=');
    if (at == std::string::npos || at == 0) return invalid("--{} is name=value, found '{}'", option, pair);
    if (pair[at - 1] != ':') {
        out.set(pair.substr(0, at), pair.substr(at + 1));
        return {};
    }
    auto value = parse_json(pair.substr(at + 1));
    if (!value) return invalid("--{} {}: {}", option, pair, value.error().message);
    out.set(pair.substr(0, at - 1), std::move(*value));
    return {};
}

Result<void> fill_backfill(const Options& options, Map& body) {
    if (!options.has("start"))
        return invalid("--start is missing: the first moment of the backfill, as 2026-01-31T00:00:00Z");
    Map backfill{{"start", options.text("start")}};
    if (options.has("end")) backfill.set("end", options.text("end"));
    Map inputs;
    for (const std::string& pair : options.texts("input")) {
        if (auto put = put_pair(inputs, pair, "input"); !put) return put;
    }
    Map labels;
    for (const std::string& pair : options.texts("label")) {
        if (auto put = put_pair(labels, pair, "label"); !put) return put;
    }
    List label_list;
    for (const auto& [key, value] : labels) label_list.push_back(Value{{"key", key}, {"value", value}});
    backfill.set("inputs", Value(std::move(inputs)));
    backfill.set("labels", Value(std::move(label_list)));
    body.set("backfill", Value(std::move(backfill)));
    return {};
}

const std::vector<Wish>& wishes() {
    static const std::vector<Wish> all{
        {"enable", "switches a trigger on", "PUT", "/triggers/set-disabled", "it is on", nothing, disabled(false)},
        {"disable", "switches a trigger off; what it has started goes on", "PUT", "/triggers/set-disabled", "it is off",
         nothing, disabled(true)},
        {"unlock", "lets a trigger fire although its execution runs", "POST", "/triggers/…/unlock",
         "it may fire again"},
        {"backfill start", "runs the dates of a span, one after the other", "PUT", "/triggers/backfill/create",
         "it begins",
         [](Options& options) {
             options.value("start", "the first moment", "DATE")
                 .value("end", "the last one; default: now", "DATE")
                 .values("i,input", "of the executions: name=text, or name:=JSON", "INPUT")
                 .values("l,label", "of the executions: key=value", "LABEL");
         },
         fill_backfill},
        {"backfill pause", "starts no further date of a backfill", "PUT", "/triggers/backfill/pause", "it is paused"},
        {"backfill resume", "goes on with a backfill", "PUT", "/triggers/backfill/unpause", "it goes on"},
        {"backfill delete", "ends a backfill; the ordinary dates go on", "POST", "/triggers/backfill/delete",
         "it is gone"},
    };
    return all;
}

}  // namespace trigger_changes

std::vector<Command> trigger_change_commands() {
    std::vector<Command> out;
    for (const trigger_changes::Wish& wish : trigger_changes::wishes()) {
        out.push_back({"trigger " + wish.command, wish.summary,
                       "sluice trigger " + wish.command + trigger_changes::kWhich,
                       [&wish](std::vector<std::string> words) { return trigger_changes::carry_out(wish, words); }});
    }
    return out;
}

}  // namespace sluice::cli
