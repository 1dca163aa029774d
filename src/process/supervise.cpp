#include "process/supervise.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <set>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/guard.h"
#include "process/supervisor.h"
#include "process/tree.h"

namespace sluice::process {
namespace {

constexpr int kStrayPause = 200;  // milliseconds between two rounds against what dead guards left

class SupervisorProcess {
  public:
    SupervisorProcess(FileDescriptor server, FileDescriptor lease)
        : server_(std::move(server)), lease_(std::move(lease)) {}

    void run() {
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // what a killed guard leaves comes to us
        ::prctl(PR_SET_NAME, "sluice-children");
        listen_to_signals();
        while (server_ || !guards_.empty() || strays_) {
            std::array<pollfd, 2> events{pollfd{server_.get(), POLLIN, 0}, pollfd{signals_.get(), POLLIN, 0}};
            ::poll(events.data(), events.size(), strays_ ? kStrayPause : -1);
            if (events[1].revents != 0) drain_signals();
            reap();
            if (events[0].revents != 0) take_request();
        }
    }

  private:
    /// The server's terminal, its Ctrl-C and service managers must not end us before the guards have done their work.
    void listen_to_signals() {
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2}) {
            ::signal(signal, SIG_IGN);
        }
        sigset_t child_ended;
        ::sigemptyset(&child_ended);
        ::sigaddset(&child_ended, SIGCHLD);
        ::sigprocmask(SIG_BLOCK, &child_ended, nullptr);
        signals_.reset(::signalfd(-1, &child_ended, SFD_CLOEXEC | SFD_NONBLOCK));
    }

    void drain_signals() {
        signalfd_siginfo ignored{};
        while (::read(signals_.get(), &ignored, sizeof(ignored)) > 0) {}
    }

    void take_request() {
        GuardRequest request;
        std::vector<FileDescriptor> descriptors;
        const long n = receive_bytes(server_.get(), &request, sizeof(request), &descriptors);
        if (n == 0) return server_.reset();  // the guards see it too, each on its own connection
        if (n != sizeof(request) || descriptors.size() != kDescriptors)
            return;  // short of descriptors: the server sees it
        const pid_t guard = ::fork();
        if (guard == 0) {
            server_.reset();
            signals_.reset();
            run_guard(std::move(descriptors), lease_);
        }
        if (guard > 0) {
            guards_.insert(guard);
            return;
        }
        const Report report{.kind = Report::Kind::Refused, .step = Step::Guard, .error = errno};
        send_message(descriptors[kControl].get(), report);
    }

    void reap() {
        int status = 0;
        pid_t ended = 0;
        while ((ended = ::waitpid(-1, &status, WNOHANG)) > 0) {
            if (guards_.erase(ended) == 1 && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) strays_ = true;
        }
        if (strays_) kill_strays();
    }

    /// Children of ours that are no guards, and all below them.
    void kill_strays() {
        strays_ = signal_descendants_of(::getpid(), {SIGKILL}, guards_);
    }

    FileDescriptor server_;
    Lease lease_;
    FileDescriptor signals_{};
    std::set<pid_t> guards_{};
    bool strays_ = false;
};

}  // namespace

bool is_supervisor_call(int argc, const char* const* argv) {
    return argc == 2 && std::strcmp(argv[1], kSuperviseArgument) == 0;
}

int supervise() {
    if (::fcntl(kServerDescriptor, F_GETFD) < 0 || ::fcntl(kLeaseDescriptor, F_GETFD) < 0) {
        std::fputs("This command is for the server itself, which starts it with two open descriptors.\n", stderr);
        return 2;
    }
    SupervisorProcess(FileDescriptor(kServerDescriptor), FileDescriptor(kLeaseDescriptor)).run();
    // Without the destructors and leak checks of libraries that this process never used.
    ::_exit(0);
}

}  // namespace sluice::process
