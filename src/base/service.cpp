#include "base/service.h"

#include <pthread.h>

#include "base/id.h"

namespace sluice {
namespace {
thread_local Service* own_service = nullptr;  // whose thread this is
}

OutsideWait::OutsideWait() {
    if (own_service != nullptr) own_service->begin_wait();
}
OutsideWait::~OutsideWait() {
    if (own_service != nullptr) own_service->end_wait();
}

Duration back_off(int failures, Duration first, Duration longest) {
    Duration pause = first;
    for (int i = 1; i < failures && pause < longest; ++i) pause *= 2;
    pause = std::min(pause, longest);
    const auto jitter = static_cast<std::int64_t>(random_bits() % static_cast<std::uint64_t>(pause.count() + 1));
    return pause / 2 + Duration{jitter};
}

Service::Service(std::string name, ServiceConfig config)
    : log_(""), name_(std::move(name)), config_(config), poll_(config.poll) {
    log_ = Logger(name_);
}

Service::~Service() {
    stop();
}

void Service::start() {
    ensure(!thread_.joinable(), "service {} is started twice", name_);
    thread_ = std::jthread([this](std::stop_token stop) {
        pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
        own_service = this;
        loop(stop);
    });
}

void Service::stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    waker_.wake();
    thread_.join();
}

void Service::begin_wait() {
    ++waits_;
    ++steps_;
}

void Service::end_wait() {
    ++steps_;
    --waits_;
}

bool Service::wait(std::stop_token stop, Duration limit) {
    const OutsideWait waiting;
    return waker_.wait(stop, limit);
}

void Service::loop(std::stop_token stop) {
    while (!stop.stop_requested()) {
        if (!one_turn(stop)) {
            wait(stop, back_off(failures_, config_.first_back_off, config_.longest_back_off));
        }
    }
    try {
        finish();
    } catch (const std::exception& failed) {
        log_.warn("service.finish_failed", {{"reason", std::string_view(failed.what())}});
    }
}

void Service::keep_apart() {
    std::this_thread::sleep_until(begun_ + spacing());
    begun_ = std::chrono::steady_clock::now();
}

/// false: it failed, and the loop backs off
bool Service::one_turn(std::stop_token stop) {
    try {
        if (failures_ > 0) recover();
        keep_apart();
        const Turn done = turn(stop);
        if (failures_ > 0) log_.info("service.recovered", {{"after_failures", failures_}});
        failures_ = 0;
        troubled_ = false;
        ++turns_;
        ++steps_;
        pause(stop, done);
        return true;
    } catch (const OutsideError& outside) {
        ++failures_;
        troubled_ = true;
        log_.warn("service.outside_error", {{"failures", failures_}, {"reason", std::string_view(outside.what())}});
    } catch (const std::exception& bug) {
        ++failures_;
        log_.error("service.failed", {{"failures", failures_}, {"reason", std::string_view(bug.what())}});
    }
    return false;
}

void Service::pause(std::stop_token stop, Turn done) {
    if (done != Turn::Idle || !is_woken()) poll_ = config_.poll;
    if (done == Turn::Worked) return;
    const bool woken = wait(stop, std::min(idle_pause(), poll_));
    poll_ = woken ? config_.poll : std::min(2 * poll_, std::max(config_.poll, config_.longest_poll));
}

}  // namespace sluice
