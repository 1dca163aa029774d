// The middle part of ForEachItem: an execution for each batch of a file.
//
// Which executions it started, and what became of each, stands in small pieces beside the batches (child_chunk). So an
// end that is told twice, or told again after somebody restarted that execution, counts once, and costs the same whatever
// the number of batches.
#include "engine/stepper.h"

namespace sluice::engine {
namespace {

/// An entry of a piece: "<id>" or "<id> <state at its end>".
struct Entry {
    std::string id{};
    std::optional<State> ended{};
};

Entry read_entry(const std::string& text) {
    const std::size_t blank = text.find(' ');
    if (blank == std::string::npos) return {text, {}};
    return {text.substr(0, blank), state_of(text.substr(blank + 1))};
}

std::string entry_of(const std::string& id, State ended) {
    return fmt::format("{} {}", id, to_text(ended));
}

/// The counter of an end; null: SUCCESS, which is what the others leave over.
std::int64_t* counter(Progress& p, State state) {
    switch (state) {
        case State::Failed:
        case State::Retried: return &p.failed;
        case State::Killed: return &p.killed;
        case State::Cancelled: return &p.cancelled;
        case State::Warning: return &p.warned;
        default: return nullptr;
    }
}

void count(Progress& p, State state, std::int64_t by) {
    if (std::int64_t* number = counter(p, state)) *number += by;
}

bool repeats_failed(const flow::Task& task) { return task.properties.text("restartBehavior") != "NEW_EXECUTION"; }

}  // namespace

bool Stepper::starts_batches(const flow::Task& task) {
    return task.is("core.flow.ForEachItem$ForEachItemExecutable");
}

std::vector<std::string>& Stepper::batch_piece(const TaskRun& one, std::int64_t index) {
    const std::int64_t chunk = child_chunk(index);
    const auto key = std::pair(one.id, chunk);
    auto found = loop_chunks_.find(key);
    if (found == loop_chunks_.end()) found = loop_chunks_.emplace(key, facts_.loop_values(one.id, chunk)).first;
    return found->second;
}

void Stepper::keep_batch(const TaskRun& one, std::int64_t index, std::string entry) {
    std::vector<std::string>& piece = batch_piece(one, index);
    const auto at = static_cast<std::size_t>(index % kChildChunk);
    if (piece.size() <= at) piece.resize(at + 1);
    piece[at] = std::move(entry);
    changed_pieces_.insert({one.id, child_chunk(index)});
}

void Stepper::start_batches(TaskRun& one, const flow::Task& task) {
    move(one, State::Running);
    if (one.progress.values > 0 && repeats_failed(task)) return repeat_batches(one);
    const Node node = node_of(one.parent_id);
    const TaskRun* split = run(id_at(node, main_tasks(node).front(), {}, {}));
    ensure(split != nullptr, "task run {} has no list of batches beside it", one.id);
    auto batches = facts_.lines_of(split->outputs.text("splits"));
    if (!batches) return fail(one, batches.error().text());
    one.progress = Progress{};
    one.outputs = {};
    if (batches->empty()) {
        one.attempts.push_back({State::Success, "", now_, now_, ""});
        return complete(one, State::Success);
    }
    keep_loop_values(one, std::move(*batches));
    more_batches(one);
}

void Stepper::more_batches(TaskRun& one) {
    const flow::Task& task = task_of(one);
    Progress& p = touch(one).progress;
    const bool waits = task.properties["wait"].if_bool().value_or(true);
    while (p.next < p.values && alive()) {
        if (!budget_left()) {
            continued_.push_back(one.id);
            break;
        }
        const std::string batch = loop_value(one.id, p.next);
        auto child = child_execution(one, task, Batch{batch, p.next});
        if (!child) return;  // the task run failed; what was started goes on by itself
        keep_batch(one, p.next, child->id.text());
        ++p.next;
        p.active += waits ? 1 : 0;
        ++created_;
        out_.children.push_back(std::move(*child));
    }
    show_batches(one);
    close_batches(one);
}

/// After a restart only what did not succeed runs again.
void Stepper::repeat_batches(TaskRun& one) {
    Progress& p = touch(one).progress;
    for (std::int64_t index = 0; index < p.next; ++index) {
        const std::vector<std::string>& piece = batch_piece(one, index);
        const auto at = static_cast<std::size_t>(index % kChildChunk);
        if (at >= piece.size()) continue;
        const Entry started = read_entry(piece[at]);
        const bool failed = started.ended && counter(p, *started.ended) != nullptr && *started.ended != State::Warning;
        if (!failed) continue;
        count(p, *started.ended, -1);
        ++p.active;
        keep_batch(one, index, started.id);
        out_.messages.push_back({ExecutionId{started.id}, RestartRequested{"", execution_.id, one.id, index}});
    }
    more_batches(one);
}

void Stepper::batch_is_over(TaskRun& one, const ChildEnded& ended) {
    Progress& p = one.progress;
    if (!ended.batch || *ended.batch < 0 || *ended.batch >= p.next) return;
    const std::vector<std::string>& piece = batch_piece(one, *ended.batch);
    const auto at = static_cast<std::size_t>(*ended.batch % kChildChunk);
    if (at >= piece.size()) return;
    const Entry started = read_entry(piece[at]);
    if (started.id != ended.child_id.text() || started.ended == ended.state) return;  // of another attempt; told before
    touch(one);
    if (started.ended)
        count(p, *started.ended, -1);
    else
        --p.active;
    count(p, ended.state, 1);
    keep_batch(one, *ended.batch, entry_of(started.id, ended.state));
    show_batches(one);
    close_batches(one);
}

void Stepper::show_batches(TaskRun& one) {
    const Progress& p = one.progress;
    Map iterations{{"CREATED", 0},
                   {"RUNNING", p.active},
                   {"SUCCESS", p.next - p.active - p.failed - p.killed - p.cancelled - p.warned}};
    const auto add = [&](const char* name, std::int64_t number) {
        if (number > 0) iterations.set(name, Value(number));
    };
    add("FAILED", p.failed);
    add("WARNING", p.warned);
    add("KILLED", p.killed);
    add("CANCELLED", p.cancelled);
    one.outputs = Value{{"numberOfBatches", p.values}, {"iterations", Value(std::move(iterations))}};
}

/// Source  flows.md §4.3
void Stepper::close_batches(TaskRun& one) {
    const Progress& p = one.progress;
    const bool killing = execution_.state() == State::Killing;
    if (p.active > 0 || (p.next < p.values && !killing)) return;
    State state = State::Success;
    if (task_of(one).properties["transmitFailed"].if_bool().value_or(true)) {
        if (p.failed > 0)
            state = State::Failed;
        else if (p.killed > 0)
            state = State::Killed;
        else if (p.cancelled > 0)
            state = State::Cancelled;
        else if (p.warned > 0)
            state = State::Warning;
    }
    if (killing) state = State::Killed;
    one.attempts.push_back({state, "", one.history.since(), now_, ""});
    complete(one, state);
}

}  // namespace sluice::engine
