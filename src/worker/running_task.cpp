#include "worker/running_task.h"

namespace sluice::worker {

RunningTask::RunningTask(queue::Claim claim, std::shared_ptr<const engine::Execution> execution, flow::FlowPtr flow)
    : claim_(std::move(claim)), execution_(std::move(execution)), flow_(std::move(flow)), task_(nullptr) {
    info_ = engine::job_info(claim_.payload);
    info_.run.id = claim_.task_run_id;
    info_.run.epoch = claim_.epoch;
    const flow::TaskPlace* place = flow_->place(info_.run.task_id);
    ensure(place != nullptr, "flow {} revision {} has no task {}", flow_->id.text(), flow_->revision,
           info_.run.task_id);
    task_ = place->task;
}

void RunningTask::ask_to_stop(Stop why) {
    Stop none = Stop::None;
    if (why_.compare_exchange_strong(none, why)) stop_.request_stop();
}

}  // namespace sluice::worker
