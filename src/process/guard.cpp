#include "process/guard.h"

#include <cerrno>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/start_child.h"
#include "process/tree.h"

namespace sluice::process {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Duration kFirstKillPause = 5ms;  // between two rounds of SIGKILL, for what was forked meanwhile; doubles
constexpr Duration kLastKillPause = 500ms;
constexpr Duration kKillLimit = 10s;  // then it is reported as a survivor, and the supervisor goes on killing
constexpr Duration kLongestNap = 60s;
constexpr Duration kFirstHoldPause = 20ms;  // between two rounds of SIGSTOP, for what was forked meanwhile; doubles
constexpr Duration kLastHoldPause = 2s;

std::int64_t microseconds(const timeval& time) {
    return time.tv_sec * 1'000'000 + time.tv_usec;
}

class Guard {
  public:
    Guard(FileDescriptor control, Request request, const Lease& lease)
        : control_(std::move(control)), request_(std::move(request)), lease_(lease) {}

    /// false: something of the child is still there
    bool run(StandardStreams streams) {
        become_parent_of_all();
        if (!start(std::move(streams))) return true;
        while (state_ != State::Over) {
            wait();
            reap();
            if (state_ != State::Over) act();
        }
        report_end();
        return survivors_ == 0;
    }

  private:
    enum class State {
        Running,
        Lingering,    // the main process has ended, others may finish their output
        Terminating,  // SIGTERM is sent, the grace period runs
        Killing,
        Over,
    };

    void become_parent_of_all() {
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        ::prctl(PR_SET_NAME, "sluice-guard");
        sigset_t child_ended;
        ::sigemptyset(&child_ended);
        ::sigaddset(&child_ended, SIGCHLD);
        ::sigprocmask(SIG_BLOCK, &child_ended, nullptr);
        signals_.reset(::signalfd(-1, &child_ended, SFD_CLOEXEC | SFD_NONBLOCK));
    }

    bool start(StandardStreams streams) {
        if (!may_begin()) {
            fenced_ = true;
            report_end();
            return false;
        }
        if (!request_.cgroup_folder.empty()) {
            by_cgroup_ = {
                .memory = request_.cgroup_memory, .processes = request_.cgroup_processes, .cpu = request_.cgroup_cpu};
            cgroup_ = Cgroup::make(request_.cgroup_folder, request_.command.limits, by_cgroup_);
            if (!cgroup_) return refuse_start(Step::Cgroup, errno);
        }
        started_at_ = Clock::now();
        const StartedChild child = start_child(request_.command, streams, cgroup_ ? &*cgroup_ : nullptr, by_cgroup_);
        if (child.pid == 0) return refuse_start(child.step, child.error);
        main_ = child.pid;
        send(Report::Kind::Started);
        return true;
    }

    /// A child whose server has no lease waits for it. false: it must not begin any more
    bool may_begin() {
        while (lease_is_over() && state_ == State::Running) wait();
        return state_ == State::Running;
    }

    bool lease_is_over() const {
        const auto left = lease_.left();
        return left && *left <= Duration{0};
    }

    bool refuse_start(Step step, int error) {
        Report report{.kind = Report::Kind::Refused, .step = step, .error = error};
        send_message(control_.get(), report);
        if (cgroup_) cgroup_->remove();
        return false;
    }

    /// Until something happens: an order, the end of a process, the end of a period.
    void wait() {
        std::array<pollfd, 2> events{pollfd{control_.get(), POLLIN, 0}, pollfd{signals_.get(), POLLIN, 0}};
        Duration nap = kLongestNap;
        if (const auto left = lease_.left(); left && *left > Duration{0}) nap = std::min(nap, *left);
        if (held_) nap = std::min(nap, std::chrono::duration_cast<Duration>(hold_again_at_ - Clock::now()));
        if (wake_at_) nap = std::min(nap, std::chrono::duration_cast<Duration>(*wake_at_ - Clock::now()));
        const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(std::max(nap, Duration{0})).count();
        ::poll(events.data(), events.size(), static_cast<int>(milliseconds));
        if (events[1].revents != 0) {
            signalfd_siginfo ignored{};
            while (::read(signals_.get(), &ignored, sizeof(ignored)) > 0) {}
        }
        if (events[0].revents != 0) take_order();
    }

    void take_order() {
        Order order;
        const long n = receive_bytes(control_.get(), &order, sizeof(order));
        if (n < 0) return;
        if (n == 0) {
            control_.reset();  // the server is gone; poll() passes over a closed descriptor
            return kill_now();
        }
        // Only here, not as soon as the page says so: an order to kill that was sent before must come first.
        if (order.kind == Order::Kind::Look) return let_go();
        if (order.kind == Order::Kind::Fence) fenced_ = true;
        if (order.kind != Order::Kind::Terminate || held_)
            return kill_now();  // what is held must not go on for its grace
        if (state_ != State::Running && state_ != State::Lingering) return;
        state_ = State::Terminating;
        wake_at_ = Clock::now() + Duration{order.grace_us};
        signal_descendants_of(::getpid(), {SIGTERM, SIGCONT});  // a stopped process could not follow
    }

    void kill_now() {
        if (state_ == State::Killing) return;
        state_ = State::Killing;
        kill_until_ = Clock::now() + kKillLimit;
        kill_round();
    }

    void kill_round() {
        if (cgroup_) cgroup_->kill();
        signal_descendants_of(::getpid(), {SIGKILL});
        wake_at_ = Clock::now() + kill_pause_;
        kill_pause_ = std::min(kill_pause_ * 2, kLastKillPause);
    }

    /// Without a lease nothing may happen; what becomes of the child is for the server to say when it has one again.
    void hold() {
        if (held_ && Clock::now() < hold_again_at_) return;
        if (!held_) hold_pause_ = kFirstHoldPause;
        held_ = true;
        if (!cgroup_ || !cgroup_->freeze(true)) signal_descendants_of(::getpid(), {SIGSTOP});
        hold_again_at_ = Clock::now() + hold_pause_;
        hold_pause_ = std::min(hold_pause_ * 2, kLastHoldPause);
    }

    void let_go() {
        if (!held_ || lease_is_over()) return;
        held_ = false;
        if (!cgroup_ || !cgroup_->freeze(false)) signal_descendants_of(::getpid(), {SIGCONT});
    }

    void reap() {
        int status = 0;
        pid_t ended = 0;
        while ((ended = ::waitpid(-1, &status, WNOHANG)) > 0) {
            if (ended != main_) continue;
            main_ended_ = true;
            wait_status_ = status;
            wall_ = std::chrono::duration_cast<Duration>(Clock::now() - started_at_);
        }
        if (ended < 0 && errno == ECHILD) {
            state_ = State::Over;
        } else if (main_ended_ && state_ == State::Running) {
            state_ = State::Lingering;
            wake_at_ = Clock::now() + request_.command.linger;
            send(Report::Kind::MainEnded);
        }
    }

    void act() {
        if (lease_is_over() && state_ != State::Killing) hold();
        if (!wake_at_ || Clock::now() < *wake_at_) return;
        if (state_ == State::Killing) {
            if (Clock::now() < kill_until_) return kill_round();
            survivors_ = count_descendants_of(::getpid());
            state_ = State::Over;
        } else {
            kill_now();
        }
    }

    void send(Report::Kind kind) {
        rusage used{};
        ::getrusage(RUSAGE_CHILDREN, &used);
        Report report{.kind = kind,
                      .pid = main_,
                      .wait_status = wait_status_,
                      .out_of_memory = by_cgroup_.memory && cgroup_->ran_out_of_memory(),
                      .fenced = fenced_,
                      .survivors = survivors_,
                      .wall_us = wall_.count(),
                      .user_us = microseconds(used.ru_utime),
                      .system_us = microseconds(used.ru_stime),
                      .peak_rss_bytes = used.ru_maxrss * 1024};
        if (control_) send_message(control_.get(), report);  // if the server is gone, nobody wants to know
    }

    void report_end() {
        send(Report::Kind::TreeEnded);
        if (cgroup_) cgroup_->remove();
    }

    FileDescriptor control_;
    Request request_;
    const Lease& lease_;
    FileDescriptor signals_{};
    CgroupHome by_cgroup_{};
    std::optional<Cgroup> cgroup_{};
    pid_t main_ = 0;
    State state_ = State::Running;
    bool main_ended_ = false;
    bool fenced_ = false;
    bool held_ = false;  // stopped, because the lease is over
    Clock::time_point hold_again_at_{};
    Duration hold_pause_ = kFirstHoldPause;
    int wait_status_ = 0;
    int survivors_ = 0;
    Clock::time_point started_at_{};
    Duration wall_{};
    std::optional<Clock::time_point> wake_at_{};
    Clock::time_point kill_until_{};
    Duration kill_pause_ = kFirstKillPause;
};

}  // namespace

void run_guard(std::vector<FileDescriptor> descriptors, const Lease& lease) {
    Request request = decode_request(contents_of(descriptors[kRequest].get()));
    StandardStreams streams{std::move(descriptors[kInput]), std::move(descriptors[kOutput]),
                            std::move(descriptors[kError])};
    Guard guard(std::move(descriptors[kControl]), std::move(request), lease);
    ::_exit(guard.run(std::move(streams)) ? 0 : 1);
}

}  // namespace sluice::process
