// Tasks that share a folder: they all run on the worker that has it.
//
// A WorkingDirectory has jobs of its own: one makes the folder, and the worker that took it is the one whose queue (the
// group "@<service>") gets the jobs of the tasks inside; one takes the output files and removes it. When that worker is
// lost, so is the folder, and all tasks inside begin anew on another.
#include "engine/stepper.h"

namespace sluice::engine {

/// The WorkingDirectory that this stands in, or is.
TaskRun* Stepper::home_of(TaskRun& one) {
    for (TaskRun* at = &one; at != nullptr; at = run(at->parent_id)) {
        if (task_of(*at).is("core.flow.WorkingDirectory")) return at;
    }
    return nullptr;
}

void Stepper::open_folder(TaskRun& home) {
    home.progress.folder = Folder::Opening;
    dispatch_job(home, task_of(home));
    home.progress.folder_epoch = home.epoch;
}

void Stepper::close_folder(TaskRun& home) {
    home.progress.folder = Folder::Closing;
    dispatch_job(home, task_of(home));
}

/// Tasks of a WorkingDirectory see its value as their own.
std::optional<std::string> Stepper::seen_value(const TaskRun& one) {
    const TaskRun* parent = run(one.parent_id);
    const bool shares = parent != nullptr && task_of(*parent).is("core.flow.WorkingDirectory");
    return shares && !one.value ? parent->value : one.value;
}

void Stepper::put_into_folder(Job& job, const TaskRun& one, const TaskRun& home) {
    const Progress& p = home.progress;
    if (p.folder == Folder::None || p.folder == Folder::Gone) return;
    const bool opens = p.folder == Folder::Opening;
    Map& payload = job.payload.mutable_map();
    payload.set("folder", Value{{"run", home.id.text()}, {"epoch", opens ? home.epoch : p.folder_epoch}});
    if (one.id == home.id) payload.set("folderStep", Value(opens ? "open" : "close"));
    if (const auto value = seen_value(one)) payload.set("value", Value(*value));
    if (!opens) job.worker_group = "@" + p.folder_worker;
}

void Stepper::folder_job_over(TaskRun& home, const TaskFinished& finished) {
    Progress& p = touch(home).progress;
    const bool opened = p.folder == Folder::Opening;
    const bool went_well = finished.state == State::Success || finished.state == State::Warning;
    p.folder = opened && went_well ? Folder::Open : Folder::Gone;
    p.folder_worker = finished.worker_id;
    if (!opened && went_well && !finished.outputs.is_null()) home.outputs = finished.outputs;
    if (finished.state == State::Killed) ++p.killed;
    if (finished.state == State::Failed && opened) ++p.failed;
    if (finished.state == State::Failed && !opened) p.finally_failed = true;
    later(home.id);
}

/// The worker of a task run is lost, or stops. true: the folder was lost with it, and all is done
bool Stepper::worker_of_folder_lost(TaskRun& one) {
    TaskRun* home = home_of(one);
    if (home == nullptr || home->progress.folder == Folder::None || home->progress.folder == Folder::Gone) return false;
    const bool opening = home->progress.folder == Folder::Opening;
    const bool killing = execution_.state() == State::Killing;
    const bool fails = task_of(*home).on_worker_loss == flow::OnWorkerLoss::Fail ||
                       task_of(one).on_worker_loss == flow::OnWorkerLoss::Fail;
    if (!killing && !fails) {
        begin_folder_anew(*home);
        return true;
    }
    touch(*home).progress.folder = Folder::Gone;
    if (one.id != home->id) {
        if (!killing && is_created(one.state())) move(one, State::Running);
        complete(one, killing ? State::Killed : State::Failed);
        return true;
    }
    if (!killing && opening) ++home->progress.failed;
    if (!killing && !opening) home->progress.finally_failed = true;
    later(home->id);
    return true;
}

void Stepper::begin_folder_anew(TaskRun& home) {
    forget_descendants(home.id);
    const std::int64_t round = home.progress.iteration + 1;  // the new task runs have ids of their own
    touch(home).progress = Progress{};
    home.progress.iteration = round;
    home.outputs = Value();
    later(home.id);
}

}  // namespace sluice::engine
