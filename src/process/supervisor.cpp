#include "process/supervisor.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include "process/running.h"

namespace sluice::process {
namespace {

Timestamp system_time() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

struct Pipe {
    FileDescriptor reading{};
    FileDescriptor writing{};
};

/// Only our end does not block: programs do not expect it of theirs.
Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw OutsideError(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    }
    Pipe out{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
    ::fcntl(out.reading.get(), F_SETFL, O_NONBLOCK);
    return out;
}

FileDescriptor input_of(const Command& command) {
    if (command.input_descriptor >= 0) {
        FileDescriptor given(::fcntl(command.input_descriptor, F_DUPFD_CLOEXEC, 3));
        if (!given) throw OutsideError(fmt::format("cannot pass standard input on: {}", std::strerror(errno)));
        return given;
    }
    if (!command.input.empty()) return file_with("sluice-input", command.input);
    FileDescriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!nothing) throw OutsideError(fmt::format("cannot open /dev/null: {}", std::strerror(errno)));
    return nothing;
}

Result<void> check(const Command& command) {
    const auto has_zero = [](std::string_view text) { return text.find('\0') != std::string_view::npos; };
    if (command.arguments.empty() || command.arguments.front().empty()) return invalid("there is no program to run");
    for (const std::string& argument : command.arguments) {
        if (has_zero(argument)) return invalid("an argument of {} holds a zero byte", command.arguments.front());
    }
    for (const auto& [name, value] : command.environment) {
        if (name.empty() || name.find('=') != std::string::npos || has_zero(name) || has_zero(value)) {
            return invalid(
                "the environment variable '{}' can't be passed on: a name must not be empty or hold '=', "
                "and neither name nor value may hold a zero byte",
                name);
        }
    }
    return {};
}

/// What the dynamic loader and the sanitizers need to start this binary again; nothing that could be a secret.
std::vector<std::string> helper_environment() {
    // Bound now, once: else every guard and every child would look up the same functions again after its fork.
    std::vector<std::string> out{"LD_BIND_NOW=1"};
    for (const char* name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        if (const char* value = ::getenv(name)) out.push_back(fmt::format("{}={}", name, value));
    }
    return out;
}

/// Starts this binary as the supervisor process, with nothing open but its two descriptors and standard error.
/// dup2 onto the same number would keep it closing on exec, so both go by numbers that nothing else here has.
pid_t spawn_helper(int socket, int lease) {
    constexpr int kHigh = 100;
    const FileDescriptor high_socket(::fcntl(socket, F_DUPFD_CLOEXEC, kHigh));
    const FileDescriptor high_lease(::fcntl(lease, F_DUPFD_CLOEXEC, kHigh));
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, high_socket.get(), kServerDescriptor);
    ::posix_spawn_file_actions_adddup2(&actions, high_lease.get(), kLeaseDescriptor);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, kLeaseDescriptor + 1);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);

    std::string name = "sluice";
    std::string argument = kSuperviseArgument;
    std::array<char*, 3> arguments{name.data(), argument.data(), nullptr};
    std::vector<std::string> variables = helper_environment();
    std::vector<char*> environment;
    for (std::string& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);
    pid_t pid = 0;
    const int error =
        ::posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, arguments.data(), environment.data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw OutsideError(fmt::format("cannot start the supervisor process: {}", std::strerror(error)));
    return pid;
}

/// Keeps a connection known to kill_all() while its child runs.
class Registered {
  public:
    Registered(Guarded<std::set<int>>& all, int control) : all_(all), control_(control) {
        all_.with([&](std::set<int>& controls) { controls.insert(control_); });
    }
    ~Registered() {
        all_.with([&](std::set<int>& controls) { controls.erase(control_); });
    }
    Registered(const Registered&) = delete;
    Registered& operator=(const Registered&) = delete;

  private:
    Guarded<std::set<int>>& all_;
    int control_;
};

}  // namespace

Supervisor::Supervisor(SupervisorConfig config) : config_(std::move(config)) {
    if (!config_.clock) config_.clock = system_time;
    if (config_.cgroups)
        home_ = find_cgroup_home();
    else
        home_.why = "switched off";
    helper_.with([&](Helper& helper) { start_helper(helper); });
    log_.info("children.supervised", {{"cgroup", home_.abilities()}, {"reason", home_.why}, {"pid", pid()}});
}

Supervisor::~Supervisor() {
    helper_.with([](Helper& helper) {
        helper.socket.reset();
        while (::waitpid(helper.pid, nullptr, 0) < 0 && errno == EINTR) {}
    });
    leave_cgroup_home(home_);
}

pid_t Supervisor::pid() const {
    return helper_.with([](const Helper& helper) { return helper.pid; });
}

void Supervisor::start_helper(Helper& helper) {
    if (helper.pid > 0) {
        ::waitpid(helper.pid, nullptr, WNOHANG);
        log_.warn("supervisor.died", {{"pid", helper.pid}});
    }
    auto [ours, its] = connected_pair();
    helper.pid = spawn_helper(its.get(), lease_.descriptor());
    helper.socket = std::move(ours);
}

void Supervisor::ask_for_guard(std::span<const int> descriptors) {
    helper_.with([&](Helper& helper) {
        if (send_message(helper.socket.get(), GuardRequest{}, descriptors)) return;
        start_helper(helper);
        if (send_message(helper.socket.get(), GuardRequest{}, descriptors)) return;
        throw OutsideError(fmt::format("the supervisor process does not answer: {}", std::strerror(errno)));
    });
}

FileDescriptor Supervisor::request_for(const Command& command) const {
    return file_with("sluice-request", encode({.command = command,
                                               .cgroup_folder = home_.folder,
                                               .cgroup_memory = home_.memory,
                                               .cgroup_processes = home_.processes,
                                               .cgroup_cpu = home_.cpu}));
}

Result<Outcome> Supervisor::run(const Command& command, const Callbacks& callbacks, std::stop_token stop) {
    if (const auto checked = check(command); !checked) return tl::unexpected(checked.error());
    // Closed at the end of all, also when a callback throws: the guard then kills what is left of the child.
    auto [control, its_control] = connected_pair();
    const Registered registered(controls_, control.get());
    Pipe output = make_pipe();
    Pipe error = make_pipe();
    {
        const FileDescriptor request = request_for(command);
        const FileDescriptor input = input_of(command);
        const FileDescriptor guards_end = std::move(its_control);
        const FileDescriptor output_end = std::move(output.writing);
        const FileDescriptor error_end = std::move(error.writing);
        ask_for_guard(std::array{guards_end.get(), request.get(), input.get(), output_end.get(), error_end.get()});
    }  // our copies of the child's ends close here, so that we see theirs close
    Running running(control.get(), OutputPipe(std::move(output.reading), Stream::Output, command.longest_line_bytes),
                    OutputPipe(std::move(error.reading), Stream::Error, command.longest_line_bytes), command, callbacks,
                    config_.clock);
    return running.wait(std::move(stop));
}

std::size_t Supervisor::kill_all() {
    return tell_all(Order::Kind::Fence);
}

std::size_t Supervisor::tell_all(Order::Kind kind) {
    return controls_.with([&](const std::set<int>& controls) {
        for (const int control : controls) send_message(control, Order{kind});
        return controls.size();
    });
}

void Supervisor::renew_lease(std::optional<Duration> lease) {
    if (lease_.set(lease)) tell_all(Order::Kind::Look);
}

}  // namespace sluice::process
