#include "executor/spans.h"

#include "executor/work.h"

namespace sluice::executor {
namespace spans {

bool has_failed(State state) {
    return state == State::Failed || state == State::Killed;
}

Timestamp begin_of(const engine::History& history) {
    for (const auto& entry : history.entries()) {
        if (entry.state == State::Running) return entry.at;
    }
    return history.created_at();
}

Span of_execution(const Work& work) {
    const engine::Execution& execution = work.execution();
    Span out;
    out.execution_id = out.id = execution.id.text();
    out.caller_execution_id = execution.caller_id.text();
    out.caller_task_run_id = execution.caller_task_run_id.text();
    out.name = execution.flow.text();
    out.state = to_text(execution.state());
    out.failed = has_failed(execution.state());
    out.started_at = execution.history.created_at();
    out.ended_at = execution.history.since();
    out.attributes = {{"sluice.namespace", execution.flow.namespace_name},
                      {"sluice.flow.id", execution.flow.id},
                      {"sluice.flow.revision", std::to_string(execution.flow_revision)}};
    if (execution.trigger.is_map()) out.attributes.emplace_back("sluice.trigger.id", execution.trigger.text("id"));
    return out;
}

Span of_task_run(const Work& work, const engine::TaskRun& run) {
    const engine::Execution& execution = work.execution();
    Span out;
    out.execution_id = execution.id.text();
    out.id = run.id.text();
    out.parent = run.parent_id.empty() ? execution.id.text() : run.parent_id.text();
    out.name = run.task_id;
    out.state = to_text(run.state());
    out.failed = has_failed(run.state());
    out.started_at = begin_of(run.history);
    out.ended_at = run.history.since();
    out.attributes = {{"sluice.task.id", run.task_id}, {"sluice.task_run.id", run.id.text()}};
    if (run.value) out.attributes.emplace_back("sluice.task_run.value", *run.value);
    if (!run.attempts.empty()) {
        out.attributes.emplace_back("sluice.task_run.attempts", std::to_string(run.attempts.size()));
        out.attributes.emplace_back("sluice.worker.id", run.attempts.back().worker_id);
    }
    return out;
}

}  // namespace spans

std::vector<Span> spans_of(const Work& work) {
    std::vector<Span> out;
    for (const auto* ids : {&work.created, &work.updated}) {
        for (const TaskRunId& id : *ids) {
            const engine::TaskRun& run = work.run(id);
            if (is_over(run.state())) out.push_back(spans::of_task_run(work, run));
        }
    }
    if (work.finished) out.push_back(spans::of_execution(work));
    return out;
}

}  // namespace sluice::executor
