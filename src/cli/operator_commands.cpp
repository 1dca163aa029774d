// sluice maintenance enter|exit|status, sluice killswitch set|list|lift, sluice announce add|list|delete,
// sluice retention list|set|remove: what operators tell a whole cluster, by the API
#include <iostream>

#include "cli/api_client.h"
#include "cli/command.h"
#include "value/json.h"

namespace sluice::cli {
namespace operating {

/// A request that is made of options and arguments, and a sentence, or a table, of its answer.
struct Act {
    const char* name;
    const char* usage;
    const char* summary;
    std::size_t arguments = 0;
    std::function<void(Options&)> declare = [](Options&) {};
    std::function<Result<Value>(ApiClient&, const Options&)> ask;
    std::function<void(const Value& answer, bool as_json)> tell;
};

int carry_out(const Act& act, const std::vector<std::string>& words) {
    Options options(act.usage, act.summary);
    if (act.arguments > 0) options.arguments();
    act.declare(options);
    ApiClient::add_options(options);
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().size() != act.arguments) return fail_usage(std::string("Usage: ") + act.usage);
    ApiClient api(options);
    const auto answer = act.ask(api, options);
    if (!answer) return fail(answer.error());
    act.tell(*answer, api.wants_json());
    return Exit::Success;
}

void tell_maintenance(const Value& mode, bool as_json) {
    if (as_json) {
        std::cout << to_pretty_json(mode) << "\n";
    } else if (!mode["active"].if_bool().value_or(false)) {
        std::cout << "the cluster takes work\n";
    } else {
        std::cout << fmt::format("the cluster takes no new work since {}, by {}{}; {} task(s) still run\n",
                                 mode.text("since"), mode.text("by"),
                                 mode.text("reason").empty() ? "" : ": " + mode.text("reason"),
                                 mode["running"].if_integer().value_or(0));
    }
}

std::function<void(const Value&, bool)> table(std::vector<std::string> columns) {
    return [columns = std::move(columns)](const Value& answer, bool as_json) {
        print_rows(columns, answer["results"].is_list() ? answer["results"].as_list() : List(), as_json);
    };
}

std::function<void(const Value&, bool)> sentence(const char* text) {
    return [text](const Value& answer, bool as_json) {
        const std::int64_t id = answer["id"].if_integer().value_or(0);
        if (as_json)
            std::cout << to_pretty_json(answer) << "\n";
        else
            std::cout << text << (id > 0 ? fmt::format(" (id {})", id) : "") << "\n";
    };
}

std::function<Result<Value>(ApiClient&, const Options&)> simply(const char* method, const char* path) {
    return [method, path](ApiClient& api, const Options&) { return api.send(method, path); };
}

Map given(const Options& options, const std::vector<std::pair<const char*, const char*>>& names) {
    Map out;
    for (const auto& [option, key] : names) {
        if (options.has(option)) out.set(key, options.text(option));
    }
    return out;
}

Result<Value> send(ApiClient& api, const char* method, const std::string& path, Map body) {
    return api.send(method, path, to_json(Value(std::move(body))));
}

Result<Value> set_retention(ApiClient& api, const Options& options) {
    Map body = given(options, {{"namespace", "namespace"}, {"state", "state"}});
    const std::string keep = options.rest()[0];
    body.set("keep", keep == "forever" ? Value() : Value(keep));
    return send(api, "PUT", "/retention", std::move(body));
}

void declare_reason(Options& options) {
    options.value("reason", "why, for those who see it", "TEXT");
}

void declare_scope(Options& options) {
    options.value("namespace", "a namespace with those below it; without: all", "NS")
        .value("state", "of those that ended so: SUCCESS, WARNING, FAILED, KILLED, CANCELLED, RETRIED", "STATE");
}

const std::vector<Act>& acts() {
    static const std::vector<Act> all{
        {.name = "maintenance status",
         .usage = "sluice maintenance status",
         .summary = "tells whether the cluster takes work",
         .ask = simply("GET", "/instance/maintenance"),
         .tell = tell_maintenance},
        {.name = "maintenance enter",
         .usage = "sluice maintenance enter [--reason TEXT]",
         .summary = "lets nothing new begin; what runs goes on",
         .declare = declare_reason,
         .ask =
             [](ApiClient& api, const Options& options) {
                 return send(api, "POST", "/instance/maintenance/enter", given(options, {{"reason", "reason"}}));
             },
         .tell = tell_maintenance},
        {.name = "maintenance exit",
         .usage = "sluice maintenance exit",
         .summary = "lets the cluster take work again",
         .ask = simply("POST", "/instance/maintenance/exit"),
         .tell = tell_maintenance},
        {.name = "killswitch list",
         .usage = "sluice killswitch list",
         .summary = "lists what must not run",
         .ask = simply("GET", "/killswitches"),
         .tell = table({"id", "namespace", "flowId", "executionId", "reason", "createdBy", "createdAt"})},
        {.name = "killswitch set",
         .usage = "sluice killswitch set {--execution ID | --namespace NS [--flow ID]} [--reason TEXT]",
         .summary = "kills what runs, and what begins, of an execution, a flow or a namespace",
         .declare =
             [](Options& options) {
                 declare_reason(options);
                 options.value("namespace", "of the flow; without --flow: all in it and below it", "NS")
                     .value("flow", "a flow of that namespace", "ID")
                     .value("execution", "one execution", "ID");
             },
         .ask =
             [](ApiClient& api, const Options& options) {
                 return send(api, "POST", "/killswitches",
                             given(options, {{"namespace", "namespace"},
                                             {"flow", "flowId"},
                                             {"execution", "executionId"},
                                             {"reason", "reason"}}));
             },
         .tell = sentence("the switch is set")},
        {.name = "killswitch lift",
         .usage = "sluice killswitch lift ID",
         .summary = "lets it run again",
         .arguments = 1,
         .ask = [](ApiClient& api,
                   const Options& options) { return api.send("DELETE", "/killswitches/" + options.rest()[0]); },
         .tell = sentence("the switch is lifted")},
        {.name = "announce list",
         .usage = "sluice announce list",
         .summary = "lists what everybody is told",
         .ask = simply("GET", "/announcements"),
         .tell = table({"id", "level", "active", "startsAt", "endsAt", "message"})},
        {.name = "announce add",
         .usage = "sluice announce add MESSAGE [--level LEVEL] [--from TIME] [--until TIME]",
         .summary = "tells everybody who sees the page something",
         .arguments = 1,
         .declare =
             [](Options& options) {
                 options.value("level", "INFO, WARNING or ERROR", "LEVEL", "INFO")
                     .value("from", "since when, ISO-8601; without: now", "TIME")
                     .value("until", "until when, ISO-8601; without: until it is deleted", "TIME");
             },
         .ask =
             [](ApiClient& api, const Options& options) {
                 Map body = given(options, {{"level", "level"}, {"from", "startsAt"}, {"until", "endsAt"}});
                 body.set("message", options.rest()[0]);
                 return send(api, "POST", "/announcements", std::move(body));
             },
         .tell = sentence("it is told")},
        {.name = "announce delete",
         .usage = "sluice announce delete ID",
         .summary = "takes an announcement away",
         .arguments = 1,
         .ask = [](ApiClient& api,
                   const Options& options) { return api.send("DELETE", "/announcements/" + options.rest()[0]); },
         .tell = sentence("it is gone")},
        {.name = "retention list",
         .usage = "sluice retention list",
         .summary = "lists how long executions are kept",
         .ask = simply("GET", "/retention"),
         .tell = table({"namespace", "state", "keep"})},
        {.name = "retention set",
         .usage = "sluice retention set {DURATION | forever} [--namespace NS] [--state STATE]",
         .summary = "keeps executions for so long after their end",
         .arguments = 1,
         .declare = declare_scope,
         .ask = set_retention,
         .tell = sentence("the rule is in force")},
        {.name = "retention remove",
         .usage = "sluice retention remove [--namespace NS] [--state STATE]",
         .summary = "removes a rule",
         .declare = declare_scope,
         .ask =
             [](ApiClient& api, const Options& options) {
                 return api.send("DELETE", fmt::format("/retention?namespace={}&state={}", options.text("namespace"),
                                                       options.text("state")));
             },
         .tell = sentence("the rule is gone")},
    };
    return all;
}

}  // namespace operating

std::vector<Command> operator_commands() {
    std::vector<Command> out;
    for (const operating::Act& act : operating::acts()) {
        out.push_back({act.name, act.summary, act.usage,
                       [&act](const std::vector<std::string>& words) { return operating::carry_out(act, words); }});
    }
    return out;
}

}  // namespace sluice::cli
