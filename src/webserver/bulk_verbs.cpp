#include "webserver/bulk_verbs.h"

#include "value/json.h"
#include "webserver/parameters.h"
#include "webserver/replaying.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace {

using http::Request;

Change only_in(std::optional<State> state, Change change) {
    if (!state) return change;
    return [state, change = std::move(change)](pg::Transaction& tx, engine::Execution& execution) -> Result<void> {
        if (execution.state() != *state) return invalid("execution not in state {}", to_text(*state));
        return change(tx, execution);
    };
}

Result<State> state_parameter(const Request& request, std::initializer_list<const char*> names,
                              std::optional<State> otherwise) {
    for (const char* name : names) {
        const std::string word = text_parameter(request, name);
        if (word.empty()) continue;
        if (const auto state = state_of(word)) return *state;
        return invalid("Illegal argument: there is no state '{}'", word);
    }
    if (otherwise) return *otherwise;
    return refuse(ErrorCode::BadRequest, "Bad Request: the parameter '{}' is missing", *names.begin());
}

Result<Change> labels_in_body(const Request& request) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const auto labels = labels_of_wire(*body);
    if (!labels) return tl::unexpected(labels.error());
    return setting_labels(*labels, false);
}

/// What sluice.replay_execution() asks for of one: it has told the id of the copy already.
Result<ReplayRequest> replay_wanted_by(const Request& request) {
    ReplayRequest out{.id = ExecutionId{text_parameter(request, "executionId")},
                      .from = TaskRunId{text_parameter(request, "taskRunId")},
                      .user = user_of(request)};
    if (!out.id.empty() && !looks_like_id(out.id.text()))
        return invalid("Illegal argument: executionId: '{}' is no id of an execution", out.id);
    const auto revision = integer_parameter(request, "revision");
    if (!revision) return tl::unexpected(revision.error());
    out.revision = *revision;
    if (const std::string inputs = text_parameter(request, "inputs"); !inputs.empty()) {
        auto values = parse_json(inputs);
        if (!values || !values->is_map()) return invalid("Illegal argument: inputs: expected an object");
        out.inputs = std::move(*values);
    }
    return out;
}

}  // namespace

Result<Change> BulkVerb::change_of(const Request& request) const {
    auto change = make(request);
    if (!change) return change;
    return only_in(only, std::move(*change));
}

std::vector<BulkVerb> bulk_verbs(Api& api) {
    const auto user = [](const Request& r) { return user_of(r); };
    return {
        {"restart", "restart", "execution not in state FAILED", State::Failed,
         [user](const Request& r) -> Result<Change> { return restarting(user(r)); }},
        {"resume", "resume", "execution not in state PAUSED", State::Paused,
         [user](const Request& r) -> Result<Change> {
             return asking(engine::ResumeRequested{{}, Value(Map()), user(r), true});
         }},
        {"pause", "pause", "execution not in state RUNNING", State::Running,
         [user](const Request& r) -> Result<Change> { return asking(engine::PauseRequested{user(r)}); }},
        {"unqueue", "unqueue", "execution not in state QUEUED", State::Queued,
         [user](const Request& r) -> Result<Change> {
             const auto state = state_parameter(r, {"state", "newState"}, State::Running);
             if (!state) return tl::unexpected(state.error());
             return unqueueing(*state, user(r));
         }},
        {"force-run",
         "force run",
         "execution in a terminated state",
         {},
         [user](const Request& r) -> Result<Change> {
             return asking(engine::ForceRunRequested{State::Running, user(r)});
         }},
        {"change-status",
         "change execution status",
         "execution not in a terminated state",
         {},
         [](const Request& r) -> Result<Change> {
             const auto state = state_parameter(r, {"newStatus", "status"}, {});
             if (!state) return tl::unexpected(state.error());
             return changing_status(*state);
         }},
        {"replay",
         "replay",
         "",
         {},
         [&api](const Request& r) -> Result<Change> {
             const auto latest = flag_parameter(r, "latestRevision");
             if (!latest) return tl::unexpected(latest.error());
             auto wanted = replay_wanted_by(r);
             if (!wanted) return tl::unexpected(wanted.error());
             return replaying(api, *latest, std::move(*wanted));
         }},
        // Of many, kill does not reach those that they started.
        {"kill",
         "kill",
         "execution already finished",
         {},
         [user](const Request& r) -> Result<Change> {
             return asking(engine::KillRequested{false, user(r)});
         }},
        {"delete",
         "delete",
         "",
         {},
         [&api](const Request& r) -> Result<Change> {
             const auto what = deletion_of(r);
             if (!what) return tl::unexpected(what.error());
             return deleting(api, *what);
         }},
        {"labels", "set labels", "", {}, labels_in_body},
    };
}

}  // namespace sluice::webserver
