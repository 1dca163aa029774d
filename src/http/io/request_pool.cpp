#include "http/io/request_pool.h"

#include <pthread.h>

namespace sluice::http {

void RequestPool::start() {
    for (std::size_t i = 0; i < thread_count_; ++i) {
        threads_.emplace_back([this] {
            pthread_setname_np(pthread_self(), "http-pool");
            work();
        });
    }
}

void RequestPool::stop() {
    std::deque<Task> begun;
    std::deque<Task> fresh;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        begun.swap(begun_);
        fresh.swap(fresh_);
    }
    ready_.notify_all();
    threads_.clear();
}

bool RequestPool::try_begin(Task task) {
    {
        const std::lock_guard lock(mutex_);
        if (stopped_ || fresh_.size() >= capacity_) return false;
        fresh_.push_back(std::move(task));
    }
    ready_.notify_one();
    return true;
}

void RequestPool::go_on(Task task) {
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) return;
        begun_.push_back(std::move(task));
    }
    ready_.notify_one();
}

std::size_t RequestPool::waiting() const {
    const std::lock_guard lock(mutex_);
    return fresh_.size() + begun_.size();
}

Task RequestPool::next() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return stopped_ || !begun_.empty() || !fresh_.empty(); });
    if (stopped_) return {};
    const bool begun = fresh_.empty() || (!begun_.empty() && turn_of_begun_);
    turn_of_begun_ = !begun;
    std::deque<Task>& queue = begun ? begun_ : fresh_;
    Task task = std::move(queue.front());
    queue.pop_front();
    return task;
}

void RequestPool::work() {
    while (Task task = next()) {
        try {
            task();
        } catch (const std::exception& bug) {
            // A handler's exceptions end at its own boundary; what comes here is a mistake of this module.
            log_.error("pool.task_failed", {{"reason", std::string_view(bug.what())}});
        }
    }
}

}  // namespace sluice::http
