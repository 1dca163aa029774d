#include "webserver/starting.h"

#include "expr/render.h"
#include "expr/template.h"
#include "flow/checks.h"

namespace sluice::webserver {
namespace {

Result<std::vector<flow::Label>> merged_labels(const flow::Flow& flow, const StartRequest& request) {
    std::vector<flow::Label> out;
    const auto put = [&](const flow::Label& label) { flow::put_label(out, label); };
    for (const flow::Label& label : flow.labels) {
        if (!label.key.starts_with("system.")) put(label);
    }
    for (const flow::Label& label : request.labels) {
        if (label.key.starts_with("system.") && label.key != "system.correlationId") {
            return invalid("System labels can only be set by Kestra itself, offending label: {}={}", label.key,
                           label.value);
        }
        if (label.key.empty()) return invalid("a label's key must not be blank");
        put(label);
    }
    if (!request.user.empty()) put({"system.username", request.user});
    return out;
}

}  // namespace

Result<Start> prepare_start(Api& api, pg::Connection& connection, const StartRequest& request) {
    auto flow = request.revision ? api.services.flows.get(connection, request.flow, *request.revision)
                                 : api.services.flows.latest(connection, request.flow);
    if (!flow) return tl::unexpected(flow.error());
    if ((*flow)->disabled) return conflict("Requested Flow is disabled.");
    const Timestamp now = api.services.pool.clock().now();

    Start start;
    start.flow = *flow;
    start.of_latest = !request.revision;
    start.actor = request.actor;
    engine::Execution& execution = start.execution;
    execution.id = request.id.empty() ? ExecutionId{time_ordered_id(now)} : request.id;
    execution.flow = (*flow)->id;
    execution.flow_revision = (*flow)->revision;
    execution.history.add(State::Created, now);
    execution.kind = request.kind == "NORMAL" ? "" : request.kind;
    execution.trigger = request.trigger;
    execution.schedule_date = request.schedule_date;
    execution.progress.stops_at = request.breakpoints;
    auto labels = merged_labels(**flow, request);
    if (!labels) return tl::unexpected(labels.error());
    execution.labels = std::move(*labels);
    if (request.check_inputs) {
        store::Environment environment([&connection](const auto& use) { use(connection); }, api.services.instance,
                                       (*flow)->id.namespace_name, execution.id.text(), now);
        const auto context = store::input_context(environment, api.services.instance, **flow, execution.id.text());
        auto inputs = flow::resolve_inputs((*flow)->inputs, request.inputs, context);
        if (!inputs) return tl::unexpected(inputs.error());
        if (auto held = flow::hold_checks(**flow, *inputs, context, false); !held) {
            return tl::unexpected(environment.masked(held.error()));
        }
        if (!inputs->as_map().empty()) execution.inputs = std::move(*inputs);
    }
    return start;
}

namespace {

void try_start(Api& api, std::shared_ptr<const StartRequest> request,
               std::shared_ptr<std::function<void(Result<engine::Execution>)>> done, int tries) {
    auto start = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return prepare_start(api, connection, *request); });
    if (!start) return (*done)(tl::unexpected(start.error()));
    api.starter.submit(std::move(*start), [&api, request, done, tries](Result<engine::Execution> stored) {
        const bool stale = !stored && stored.error().kind == Starter::kStale;
        if (!stale || tries >= 3) return (*done)(std::move(stored));
        try_start(api, request, done, tries + 1);
    });
}

}  // namespace

void start_execution(Api& api, const StartRequest& request, std::function<void(Result<engine::Execution>)> done) {
    try_start(api, std::make_shared<const StartRequest>(request),
              std::make_shared<std::function<void(Result<engine::Execution>)>>(std::move(done)), 1);
}

}  // namespace sluice::webserver
