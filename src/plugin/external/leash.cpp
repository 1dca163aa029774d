#include "plugin/external/leash.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/error.h"

namespace sluice::plugin {

Leash::Leash(Limits limits, std::stop_token asked) : limits_(limits), asked_(std::move(asked)) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw OutsideError(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    }
    reading_ = FileDescriptor(ends[0]);
    writing_ = FileDescriptor(ends[1]);
    ::fcntl(writing_.get(), F_SETFL, O_NONBLOCK);
    woken_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!woken_) throw OutsideError(fmt::format("cannot wait for a plugin: {}", std::strerror(errno)));
    thread_ = std::jthread([this](std::stop_token stop) { loop(std::move(stop)); });
}

Leash::~Leash() {
    thread_.request_stop();
    thread_.join();
}

void Leash::started() {
    const std::lock_guard lock(mutex_);
    reading_.reset();  // so that we see when nobody reads any more
    running_ = true;
    heard_at_ = Clock::now();
    ::eventfd_write(woken_.get(), 1);
}

bool Leash::send(const std::string& line) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() - written_ + line.size() > limits_.most_waiting) return false;
    if (writing_) waiting_ += line + "\n";
    ::eventfd_write(woken_.get(), 1);
    return true;
}

void Leash::heard() {
    const std::lock_guard lock(mutex_);
    heard_at_ = Clock::now();
}

void Leash::done() {
    const std::lock_guard lock(mutex_);
    done_ = true;
    forget_waiting();
    writing_.reset();
    if (!kill_sent_) ends_by_ = Clock::now() + limits_.end_grace;
    ::eventfd_write(woken_.get(), 1);
}

void Leash::break_off() {
    const std::lock_guard lock(mutex_);
    end_process(Why::Broken);
}

Leash::Why Leash::why() const {
    const std::lock_guard lock(mutex_);
    return why_;
}

/// The first reason counts.
void Leash::end_process(Why why) {
    if (why_ != Why::Nothing) return;
    why_ = why;
    process_stop_.request_stop();
}

Leash::Clock::time_point Leash::next_deadline() const {
    auto at = std::min(ends_by_, Clock::now() + std::chrono::minutes{10});
    if (limits_.heartbeat > 0s && running_ && !done_) at = std::min(at, heard_at_ + limits_.heartbeat);
    return at;
}

void Leash::check_clocks() {
    const auto now = Clock::now();
    if (asked_.stop_requested() && !kill_sent_) {
        kill_sent_ = true;
        if (writing_) waiting_ += "{\"type\":\"kill\"}\n";
        ends_by_ = now + limits_.kill_grace;
    }
    if (now >= ends_by_) end_process(kill_sent_ ? Why::Killed : Why::Lingers);
    const bool silent = limits_.heartbeat > 0s && running_ && !done_ && now >= heard_at_ + limits_.heartbeat;
    if (silent) end_process(Why::Silent);
    if (why_ != Why::Nothing) ends_by_ = Clock::time_point::max();
}

void Leash::forget_waiting() {
    waiting_.clear();
    written_ = 0;
}

void Leash::write_some() {
    const ssize_t n = ::write(writing_.get(), waiting_.data() + written_, waiting_.size() - written_);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n < 0) writing_.reset();  // nobody reads: how the process ends tells more
    if (n > 0) written_ += static_cast<std::size_t>(n);
    if (n < 0 || written_ == waiting_.size()) forget_waiting();
}

void Leash::loop(std::stop_token stop) {
    sigset_t pipe_signal;
    ::sigemptyset(&pipe_signal);
    ::sigaddset(&pipe_signal, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
    const std::stop_callback on_stop(stop, [this] { ::eventfd_write(woken_.get(), 1); });
    const std::stop_callback on_asked(asked_, [this] { ::eventfd_write(woken_.get(), 1); });
    while (!stop.stop_requested()) {
        std::unique_lock lock(mutex_);
        check_clocks();
        const bool writes = writing_ && !waiting_.empty() && why_ == Why::Nothing;
        std::array<pollfd, 2> events{pollfd{woken_.get(), POLLIN, 0}, pollfd{writes ? writing_.get() : -1, POLLOUT, 0}};
        const auto nap = std::chrono::ceil<std::chrono::milliseconds>(next_deadline() - Clock::now()).count();
        lock.unlock();
        ::poll(events.data(), events.size(), static_cast<int>(std::max<std::int64_t>(0, nap)));
        eventfd_t ignored = 0;
        ::eventfd_read(woken_.get(), &ignored);
        lock.lock();
        if (writing_ && !waiting_.empty() && events[1].revents != 0) write_some();
    }
}

}  // namespace sluice::plugin
