#include "process/running.h"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "base/utf8.h"

namespace sluice::process {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;  // what a pipe holds
constexpr auto kLongestWait = std::chrono::minutes{10};

std::string reason(int error) {
    return std::strerror(error);
}

/// The directory is looked at before the program, so ENOENT of the program means the program.
tl::unexpected<Error> refusal(const Report& report, const Command& command) {
    const std::string& program = command.arguments.front();
    switch (report.step) {
        case Step::Directory:
            return refuse(report.error == EACCES ? ErrorCode::Forbidden : ErrorCode::NotFound,
                          "cannot enter the working directory {}: {}", command.directory, reason(report.error));
        case Step::Limits:
            return invalid("cannot set the limits for {}: {}", program, reason(report.error));
        case Step::Program:
            break;
        case Step::Guard:
        case Step::Fork:
        case Step::Cgroup:
            throw OutsideError(fmt::format("cannot start {}: {}", program, reason(report.error)));
    }
    switch (report.error) {
        case ENOENT: {
            const auto path = command.environment.find("PATH");
            if (program.find('/') != std::string::npos) return not_found("there is no program {}", program);
            return not_found("there is no program {} in the PATH {}", program,
                             path == command.environment.end() ? "/bin:/usr/bin" : path->second);
        }
        case E2BIG:
            return refuse(ErrorCode::TooLarge,
                          "the arguments or the environment of {} are too long for the system (128 KiB for one, about "
                          "2 MiB together): pass them as a file or on standard input",
                          program);
        case EACCES:
        case EPERM:
            return refuse(ErrorCode::Forbidden, "{} may not be run: {}", program, reason(report.error));
        default:
            return invalid("{} can't be run: {}", program, reason(report.error));
    }
}

}  // namespace

bool OutputPipe::read(const std::function<Timestamp()>& clock, const Callbacks& callbacks) {
    if (!reading_) return false;
    thread_local std::vector<char> buffer(kReadBytes);
    const ssize_t n = ::read(reading_.get(), buffer.data(), buffer.size());
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (n <= 0) {
        finish(clock, callbacks);
        return false;
    }
    splitter_.feed({buffer.data(), static_cast<std::size_t>(n)}, taker(clock(), callbacks));
    return true;
}

void OutputPipe::finish(const std::function<Timestamp()>& clock, const Callbacks& callbacks) {
    if (!reading_) return;
    reading_.reset();
    splitter_.finish(taker(clock(), callbacks));
}

LineSplitter::Take OutputPipe::taker(Timestamp at, const Callbacks& callbacks) const {
    return [this, at, &callbacks](std::string&& text, bool continues) {
        if (callbacks.on_line) callbacks.on_line({stream_, at, repaired_utf8(std::move(text)), continues});
    };
}

Result<Outcome> Running::wait(std::stop_token stop) {
    const FileDescriptor woken(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!woken) throw OutsideError(fmt::format("cannot wait for a child: {}", reason(errno)));
    const std::stop_callback wake(stop, [&] { ::eventfd_write(woken.get(), 1); });
    if (command_.limits.wall) deadline_ = Clock::now() + *command_.limits.wall;

    while (!last_ || last_->kind != Report::Kind::TreeEnded) {
        check_limits(stop);
        wait_for_something(ended_by_us_ ? -1 : woken.get());
        if (const auto taken = take_report(); !taken) return tl::unexpected(taken.error());
        output_.read(clock_, callbacks_);
        error_.read(clock_, callbacks_);
        if (finishing_ && !output_.is_open() && !error_.is_open()) {
            // Nobody can write any more: what is left has only hidden itself.
            finishing_ = false;
            order({Order::Kind::Kill});
        }
    }
    read_rest();
    return outcome();
}

void Running::wait_for_something(int woken) {
    std::array<pollfd, 4> events{pollfd{control_, POLLIN, 0}, pollfd{output_.descriptor(), POLLIN, 0},
                                 pollfd{error_.descriptor(), POLLIN, 0}, pollfd{woken, POLLIN, 0}};
    auto nap = std::chrono::duration_cast<std::chrono::milliseconds>(kLongestWait);
    if (deadline_) nap = std::min(nap, std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - Clock::now()));
    ::poll(events.data(), events.size(), static_cast<int>(std::max<std::int64_t>(0, nap.count())));
}

Result<void> Running::take_report() {
    Report report;
    const long n = receive_bytes(control_, &report, sizeof(report));
    if (n < 0) return {};
    if (n == 0) throw OutsideError(fmt::format("the guard of {} was killed", command_.arguments.front()));
    switch (report.kind) {
        case Report::Kind::Refused:
            return refusal(report, command_);
        case Report::Kind::Started:
            if (callbacks_.on_start) callbacks_.on_start(report.pid);
            break;
        case Report::Kind::MainEnded:
            deadline_.reset();
            finishing_ = !ended_by_us_;
            break;
        case Report::Kind::TreeEnded:
            break;
    }
    last_ = report;
    return {};
}

void Running::check_limits(const std::stop_token& stop) {
    if (ended_by_us_) return;
    if (stop.stop_requested()) {
        ended_by_us_ = End::Stopped;
    } else if (deadline_ && Clock::now() >= *deadline_) {
        ended_by_us_ = End::TimedOut;
    } else {
        return;
    }
    deadline_.reset();
    order({Order::Kind::Terminate, command_.grace.count()});
}

void Running::order(Order order) {
    send_message(control_, order);
}

void Running::read_rest() {
    // All writers are gone, unless one has given its end away to a process that is not ours: then there is no end to
    // wait for.
    while (output_.read(clock_, callbacks_)) {}
    while (error_.read(clock_, callbacks_)) {}
    output_.finish(clock_, callbacks_);
    error_.finish(clock_, callbacks_);
}

Outcome Running::outcome() const {
    const Report& report = *last_;
    Outcome out{.end = End::Exited,
                .wall = Duration{report.wall_us},
                .cpu_user = Duration{report.user_us},
                .cpu_system = Duration{report.system_us},
                .peak_rss_bytes = static_cast<std::uint64_t>(report.peak_rss_bytes),
                .survivors = report.survivors};
    if (WIFEXITED(report.wait_status)) out.exit_code = WEXITSTATUS(report.wait_status);
    if (WIFSIGNALED(report.wait_status)) {
        out.signal = WTERMSIG(report.wait_status);
        out.end = report.out_of_memory ? End::OutOfMemory : End::Signalled;
    }
    if (ended_by_us_) out.end = *ended_by_us_;
    if (report.fenced) out.end = End::Fenced;
    return out;
}

}  // namespace sluice::process
