#include "worker/deadlines.h"

namespace sluice::worker {

Deadlines::Deadlines() : thread_([this](std::stop_token stop) { loop(stop); }) {}

Deadlines::~Deadlines() {
    thread_.request_stop();
    changed_.notify_all();
}

void Deadlines::add(const RunningTaskPtr& task, Duration timeout) {
    {
        const std::lock_guard lock(mutex_);
        due_.emplace(std::chrono::steady_clock::now() + timeout, task);
    }
    changed_.notify_all();
}

void Deadlines::loop(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        if (due_.empty()) {
            changed_.wait(lock, stop, [&] { return !due_.empty(); });
            continue;
        }
        const auto next = due_.begin()->first;
        if (std::chrono::steady_clock::now() < next) {
            changed_.wait_until(lock, stop, next, [&] { return !due_.empty() && due_.begin()->first < next; });
            continue;
        }
        const auto task = due_.begin()->second.lock();
        due_.erase(due_.begin());
        lock.unlock();
        if (task) task->ask_to_stop(Stop::TimedOut);
        lock.lock();
    }
}

}  // namespace sluice::worker
