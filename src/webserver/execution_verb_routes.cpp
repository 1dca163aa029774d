// What people ask of one execution: kill, restart, resume, pause, unqueue, labels …
#include "engine/step.h"
#include "flow/inputs.h"
#include "queue/queue.h"
#include "store/executions.h"
#include "store/task_runs.h"
#include "value/json.h"
#include "webserver/api_profile.h"
#include "webserver/execution_changes.h"
#include "webserver/execution_view.h"
#include "webserver/parameters.h"
#include "webserver/replaying.h"
#include "webserver/starting.h"
#include "webserver/uploads.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace execution_verb_routes {

using http::Request;
using Answer = std::function<Result<http::Response>(const Request&)>;

ExecutionId id_of(const Request& request) {
    return ExecutionId{std::string(request.parameter("id"))};
}

http::Response as_json(Api& api, const Request& request, const engine::Execution& execution) {
    return http::Response::json(execution_with_runs(api, request, execution));
}

/// The second profile answers the execution where the first one said only that it was asked.
http::Response asked(Api& api, const Request& request, const engine::Execution& execution, http::Status otherwise) {
    return is_second_profile(request) ? as_json(api, request, execution) : http::Response::empty(otherwise);
}

/// Changes the execution, and answers it.
Result<http::Response> answer(Api& api, const Request& request, const Change& change) {
    const auto changed = change_execution(api, id_of(request), change);
    if (!changed) return tl::unexpected(changed.error());
    return as_json(api, request, *changed);
}

Result<State> state_word(const std::string& word) {
    const auto state = state_of(word);
    if (state) return *state;
    return invalid("Illegal argument: there is no state '{}'", word);
}

Result<http::Response> kill(Api& api, const Request& request) {
    const auto cascade = flag_parameter(request, "isOnKillCascade", true);
    if (!cascade) return tl::unexpected(cascade.error());
    const auto killed =
        change_execution(api, id_of(request), asking(engine::KillRequested{*cascade, user_of(request)}));
    if (!killed) return tl::unexpected(killed.error());
    return asked(api, request, *killed, http::Status::Accepted);
}

Result<http::Response> restart(Api& api, const Request& request) {
    const auto revision = integer_parameter(request, "revision");
    if (!revision) return tl::unexpected(revision.error());
    if (!*revision) return answer(api, request, restarting(user_of(request)));
    const auto made = restart_as_new(api, id_of(request), **revision);
    if (!made) return tl::unexpected(made.error());
    return as_json(api, request, *made);
}

Result<http::Response> replay(Api& api, const Request& request, bool with_inputs) {
    ReplayRequest wanted{.original = id_of(request), .id = visitor_of(request).execution_id};
    const auto revision = integer_parameter(request, "revision");
    if (!revision) return tl::unexpected(revision.error());
    wanted.revision = *revision;
    wanted.from = TaskRunId{text_parameter(request, "taskRunId")};
    wanted.breakpoints = list_parameter(request, "breakpoints");
    wanted.user = user_of(request);
    if (with_inputs) {
        auto inputs = inputs_of(request);
        if (!inputs) return tl::unexpected(inputs.error());
        wanted.inputs = std::move(*inputs);
    }
    const auto made = replay_execution(api, wanted);
    if (!made) return tl::unexpected(made.error());
    return as_json(api, request, *made);
}

/// {"taskRunId", "state"}
Result<http::Response> change_task_run(Api& api, const Request& request) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const TaskRunId run{body->text("taskRunId")};
    const auto state = state_word(body->text("state"));
    if (!state) return tl::unexpected(state.error());
    if (!is_over(*state))
        return invalid("Illegal argument: a task run can be marked with a terminal state only, not {}",
                       body->text("state"));
    return answer(api, request, [&](pg::Transaction& tx, engine::Execution& execution) -> Result<void> {
        const auto runs = store::load_task_runs(tx.connection(), execution.id);
        if (std::none_of(runs.begin(), runs.end(), [&](const engine::TaskRun& one) { return one.id == run; })) {
            return not_found("Not Found: the execution has no task run {}", run);
        }
        return asking(engine::TaskStateChanged{run, *state})(tx, execution);
    });
}

Result<http::Response> change_status(Api& api, const Request& request) {
    const auto state = state_word(text_parameter(request, "status"));
    if (!state) return tl::unexpected(state.error());
    return answer(api, request, changing_status(*state));
}

Result<http::Response> unqueue(Api& api, const Request& request) {
    const std::string word = text_parameter(request, "state");
    const auto state = word.empty() ? Result<State>(State::Running) : state_word(word);
    if (!state) return tl::unexpected(state.error());
    return answer(api, request, unqueueing(*state, user_of(request)));
}

Result<http::Response> set_labels(Api& api, const Request& request) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const auto labels = labels_of_wire(*body);
    if (!labels) return tl::unexpected(labels.error());
    const auto replace = flag_parameter(request, "replace");
    if (!replace) return tl::unexpected(replace.error());
    return answer(api, request, setting_labels(*labels, *replace));
}

Result<http::Response> remove(Api& api, const Request& request) {
    const auto what = deletion_of(request);
    if (!what) return tl::unexpected(what.error());
    const auto removed = change_execution(api, id_of(request), deleting(api, *what));
    if (!removed) return tl::unexpected(removed.error());
    return http::Response::empty();
}

Result<http::Response> pass_breakpoint(Api& api, const Request& request) {
    return answer(api, request, asking(engine::BreakpointPassed{list_parameter(request, "breakpoints")}));
}

// ---------------------------------------------------------------------------------------------------- resume

/// What the pause asks of whoever resumes it.
struct PauseInputs {
    engine::Execution execution{};
    std::vector<flow::Input> wanted{};
    std::vector<flow::CheckedInput> checked{};  // refers to `wanted`
    Result<Value> values{Value(Map())};
};

/// The first task run that is paused: the one that a resume is for.
const engine::TaskRun* paused_one(const std::vector<engine::TaskRun>& runs) {
    const auto found =
        std::find_if(runs.begin(), runs.end(), [](const engine::TaskRun& one) { return one.state() == State::Paused; });
    return found != runs.end() ? &*found : nullptr;
}

Result<std::unique_ptr<PauseInputs>> check_resume(Api& api, const ExecutionId& id, const Value& supplied) {
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<std::unique_ptr<PauseInputs>> {
        auto execution = store::load_execution(connection, id);
        if (!execution) return not_found("Not Found: execution {} does not exist", id);
        if (const auto allowed = engine::accepts(*execution, engine::ResumeRequested{}); !allowed)
            return tl::unexpected(allowed.error());
        const auto flow = api.services.flows.get(connection, execution->flow, execution->flow_revision);
        if (!flow) return tl::unexpected(flow.error());
        auto out = std::make_unique<PauseInputs>();
        const auto runs = store::load_active_task_runs(connection, id);
        const engine::TaskRun* paused = paused_one(runs);
        const flow::TaskPlace* place = paused != nullptr ? (*flow)->place(paused->task_id) : nullptr;
        if (place != nullptr) out->wanted = flow::inputs_of(place->task->properties["onResume"]);
        store::Environment environment([&connection](const auto& use) { use(connection); }, api.services.instance,
                                       execution->flow.namespace_name, id.text(), api.services.pool.clock().now());
        const auto context = store::input_context(environment, api.services.instance, **flow, id.text());
        out->checked = flow::check_inputs(out->wanted, supplied, context);
        out->values = flow::resolve_inputs(out->wanted, supplied, context);
        out->execution = std::move(*execution);
        return out;
    });
}

Result<http::Response> validate_resume(Api& api, const Request& request) {
    const auto supplied = inputs_of(request);
    if (!supplied) return tl::unexpected(supplied.error());
    const auto found = check_resume(api, id_of(request), *supplied);
    if (!found) return tl::unexpected(found.error());
    return http::Response::json(inputs_on_wire((*found)->execution.flow, (*found)->checked, {}));
}

Result<http::Response> resume(Api& api, const Request& request) {
    const auto supplied = inputs_of(request);
    if (!supplied) return tl::unexpected(supplied.error());
    const auto found = check_resume(api, id_of(request), *supplied);
    if (!found) return tl::unexpected(found.error());
    const auto& values = (*found)->values;
    if (!values) return tl::unexpected(values.error());
    const auto resumed =
        change_execution(api, id_of(request), asking(engine::ResumeRequested{{}, *values, user_of(request)}));
    if (!resumed) return tl::unexpected(resumed.error());
    return asked(api, request, *resumed, http::Status::NoContent);
}

/// Adds a verb at both of its places. Below a namespace that can't be the id of an execution the same words name a flow
/// to start.
http::Route& add(http::Router& router, http::Method method, std::string pattern, const std::string& verb, Api& api,
                 Answer answer) {
    if (pattern.find("/actions/") != std::string::npos || method != http::Method::Post) {
        return router.add(method, std::move(pattern), std::move(answer));
    }
    return router.add(
        method, std::move(pattern),
        http::Handler([&api, verb, answer = std::move(answer)](const Request& r, http::Responder responder) {
            const std::string first(r.parameter("id"));
            if (looks_like_id(first)) return responder.send(answer(r));
            start(api, r, {first, verb}, std::move(responder));
        }));
}

}  // namespace execution_verb_routes

void add_execution_verb_routes(http::Router& router, Api& api) {
    using namespace execution_verb_routes;
    using http::Method;
    const auto verb = [&](Method method, const std::string& name,
                          Result<http::Response> (*handler)(Api&, const Request&), const RouteDoc& doc,
                          const http::PartSinkFactory& files = {}) {
        for (const std::string& pattern : {"/executions/{id}/" + name, "/executions/{id}/actions/" + name}) {
            for_both_roots(pattern, [&](std::string full) {
                http::Route& added = add(router, method, std::move(full), name, api,
                                         [&api, handler](const Request& r) { return handler(api, r); });
                added.describe(doc.summary, doc.query);
                if (files) added.stream_parts(files);
            });
        }
    };
    verb(Method::Delete, "kill", kill, {"Kills an execution", {"isOnKillCascade"}});
    verb(Method::Post, "kill", kill, {"Kills an execution", {"isOnKillCascade"}});
    verb(Method::Post, "restart", restart, {"Runs what failed again", {"revision"}});
    verb(Method::Post, "replay", [](Api& a, const Request& r) { return replay(a, r, false); },
         {"Runs it again as a new execution", {"taskRunId", "revision", "breakpoints"}});
    verb(Method::Post, "replay-with-inputs", [](Api& a, const Request& r) { return replay(a, r, true); },
         {"Runs it again with other inputs", {"taskRunId", "revision", "breakpoints"}});
    verb(Method::Post, "state", change_task_run, {"Gives a task run another state"});
    verb(Method::Post, "change-status", change_status, {"Gives the execution another terminal state", {"status"}});
    verb(Method::Post, "pause",
         [](Api& a, const Request& r) { return answer(a, r, asking(engine::PauseRequested{user_of(r)})); },
         {"Starts nothing new until it is resumed"});
    verb(Method::Post, "resume", resume, {"Resumes a pause"}, store_files_of_execution(api));
    verb(Method::Post, "resume-from-breakpoint", pass_breakpoint, {"Goes on to the next breakpoint", {"breakpoints"}});
    verb(Method::Post, "unqueue", unqueue, {"Runs it in spite of the concurrency limit", {"state"}});
    verb(Method::Post, "force-run",
         [](Api& a, const Request& r) {
             return answer(a, r, asking(engine::ForceRunRequested{State::Running, user_of(r)}));
         },
         {"Lets it go on, whatever holds it back"});
    verb(Method::Post, "labels", set_labels, {"Sets labels", {"replace"}});
    for (const char* pattern : {"/executions/{id}/resume/validate", "/executions/{id}/actions/resume/validate"}) {
        for_both_roots(pattern, [&](std::string full) {
            router.add(Method::Post, std::move(full), [&api](const Request& r) { return validate_resume(api, r); })
                .stream_parts(pass_over_files())
                .describe("Checks the inputs of a resume");
        });
    }
    route(router, Method::Delete, "/executions/{id}", [&api](const Request& r) { return remove(api, r); },
          {"Deletes an execution that is over", {"deleteLogs", "deleteMetrics", "deleteStorage"}});
}

}  // namespace sluice::webserver
