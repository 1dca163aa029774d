#include "http/io/loop.h"

#include <cerrno>
#include <cstring>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace sluice::http {
namespace {

constexpr std::size_t kScratchBytes = 64 * 1024;

thread_local const Loop* current_loop = nullptr;

/// Often enough to notice the shortest time-out in time, rarely enough to cost nothing.
Duration tick_of(const ServerConfig& config) {
    const Timeouts& t = config.timeouts;
    const Duration shortest = std::min({t.idle, t.header, t.stall, t.linger, t.body_grace, config.event_keep_alive});
    return std::clamp<Duration>(shortest / 4, 5ms, 500ms);
}

/// Takes the count out of an eventfd or timerfd. There may be none: then somebody was faster.
void clear(int fd) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = ::read(fd, &count, sizeof count);
}

OwnedFd checked(int fd, const char* what) {
    if (fd < 0) throw OutsideError(fmt::format("{} failed: {}", what, std::strerror(errno)));
    return OwnedFd(fd);
}

}  // namespace

void OwnedFd::reset() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

Loop::Loop(std::shared_ptr<ServerState> state) : state_(std::move(state)), scratch_(kScratchBytes) {
    wake_ = checked(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd");
    tick_ = checked(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create");
    const auto period = std::chrono::nanoseconds(tick_of(state_->config));
    itimerspec spec{};
    spec.it_interval.tv_nsec = period.count();
    spec.it_value = spec.it_interval;
    if (timerfd_settime(tick_.get(), 0, &spec, nullptr) != 0) {
        throw OutsideError(fmt::format("timerfd_settime failed: {}", std::strerror(errno)));
    }
}

bool Loop::post(Task task) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return false;
        tasks_.push_back(std::move(task));
        if (tasks_.size() > 1) return true;  // whoever put the first one has woken the loop
    }
    wake();
    return true;
}

bool Loop::is_current() const {
    return current_loop == this;
}

void Loop::watch(std::shared_ptr<Watched> watched, int fd, Trigger trigger) {
    watched_[fd] = std::move(watched);
    poller_->add(fd, trigger);
}

void Loop::unwatch(int fd) {
    if (watched_.erase(fd) > 0 && suspended_.erase(fd) == 0) poller_->remove(fd);
}

void Loop::suspend(int fd) {
    if (suspended_.insert(fd).second) poller_->remove(fd);
}

void Loop::resume(int fd) {
    if (suspended_.erase(fd) > 0) poller_->add(fd, Trigger::Level);
}

void Loop::dispatch(std::span<const Event> events) {
    current_loop = this;
    for (const Event& event : events) {
        if (event.fd == wake_.get()) {
            clear(wake_.get());
            run_tasks();
        } else if (event.fd == tick_.get()) {
            tick();
        } else if (const auto at = watched_.find(event.fd); at != watched_.end()) {
            guarded(at->second, [&](Watched& watched) { watched.on_ready(event.readiness); });
        }
    }
    if (!again_.empty()) wake();
}

/// An exception here is a mistake of this module; it costs one connection and not the server.
template <class Call>
void Loop::guarded(const std::shared_ptr<Watched>& watched, Call call) {
    const std::shared_ptr<Watched> kept = watched;
    try {
        call(*kept);
    } catch (const std::exception& bug) {
        state_->log.error("connection.failed", {{"reason", std::string_view(bug.what())}});
        kept->on_stop();
    }
}

void Loop::wake() {
    const std::uint64_t one = 1;
    // It can only fail when the counter is full, and then the loop wakes up anyway.
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

void Loop::run_tasks() {
    std::vector<std::shared_ptr<Watched>> again;
    again.swap(again_);
    for (const auto& watched : again) guarded(watched, [](Watched& w) { w.on_ready({}); });

    std::vector<Task> tasks;
    {
        const std::lock_guard lock(mutex_);
        tasks.swap(tasks_);
    }
    for (Task& task : tasks) {
        try {
            task();
        } catch (const std::exception& bug) {
            state_->log.error("loop.task_failed", {{"reason", std::string_view(bug.what())}});
        }
        task = {};
    }
}

void Loop::tick() {
    clear(tick_.get());
    const auto now = Clock::now();
    for (const auto& watched : everyone()) guarded(watched, [&](Watched& w) { w.on_tick(now); });
}

std::vector<std::shared_ptr<Watched>> Loop::everyone() const {
    std::vector<std::shared_ptr<Watched>> out;
    out.reserve(watched_.size());
    for (const auto& [fd, watched] : watched_) out.push_back(watched);
    return out;
}

void Loop::drain() {
    for (const auto& watched : everyone()) guarded(watched, [](Watched& w) { w.on_drain(); });
}

void Loop::stop_everyone() {
    for (const auto& watched : everyone()) guarded(watched, [](Watched& w) { w.on_stop(); });
}

void Loop::close() {
    stop_everyone();
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    // Somebody may wait for what these tasks would have told him: they run, and find their connections closed.
    run_tasks();
    stop_everyone();
}

}  // namespace sluice::http
