#include "process/start_child.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

namespace sluice::process {
namespace {

bool limit(__rlimit_resource resource, const std::optional<std::uint64_t>& most) {
    if (!most) return true;
    rlimit now{};
    if (::getrlimit(resource, &now) != 0) return false;
    now.rlim_max = std::min<rlim_t>(now.rlim_max, *most);  // raising needs privileges, and is not what a limit is for
    now.rlim_cur = now.rlim_max;
    return ::setrlimit(resource, &now) == 0;
}

bool set_limits(const Limits& limits, const CgroupHome& by_cgroup) {
    return limit(RLIMIT_AS, limits.address_space_bytes) && limit(RLIMIT_CPU, limits.cpu_seconds) &&
           limit(RLIMIT_NOFILE, limits.open_files) && limit(RLIMIT_FSIZE, limits.file_bytes) &&
           (by_cgroup.memory || limit(RLIMIT_DATA, limits.memory_bytes)) &&
           (by_cgroup.processes || limit(RLIMIT_NPROC, limits.processes));
}

/// By the kernel's own call, because glibc's refuses the two signals that it keeps for itself.
void reset_signals() {
    constexpr std::array<char, 64> kByDefault{};  // at least as large as the kernel's struct
    constexpr std::size_t kMaskBytes = 8;
    for (int signal = 1; signal < NSIG; ++signal) {
        ::syscall(SYS_rt_sigaction, signal, kByDefault.data(), nullptr, kMaskBytes);
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// When memory is short, the kernel takes scripts before it takes the server.
void offer_to_oom_killer() {
    const FileDescriptor file(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
    if (file) static_cast<void>(::write(file.get(), "500", 3));
}

void take_streams(const StandardStreams& streams) {
    ::dup2(streams.input.get(), STDIN_FILENO);
    ::dup2(streams.output.get(), STDOUT_FILENO);
    ::dup2(streams.error.get(), STDERR_FILENO);
}

/// All that the child needs, made before it is there: it shares this process's memory until its program runs, and must
/// not allocate.
struct Plan {
    Plan(const Command& command_, const StandardStreams& streams_, const CgroupHome& abilities)
        : command(command_), streams(streams_), arguments(command_.arguments), by_cgroup(abilities) {
        for (const auto& [name, value] : command.environment) variables.push_back(name + "=" + value);
        for (std::string& argument : arguments) argument_pointers.push_back(argument.data());
        argument_pointers.push_back(nullptr);
        for (std::string& variable : variables) variable_pointers.push_back(variable.data());
        variable_pointers.push_back(nullptr);
    }

    const Command& command;
    const StandardStreams& streams;
    std::vector<std::string> arguments;
    std::vector<std::string> variables{};
    std::vector<char*> argument_pointers{};
    std::vector<char*> variable_pointers{};
    CgroupHome by_cgroup;
    pid_t guard = ::getpid();
    // What the child leaves behind when it could not become its program.
    Step failed_at = Step::Program;
    int error = 0;
};

bool prepare(Plan& plan) {
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    ::setsid();
    offer_to_oom_killer();
    plan.failed_at = Step::Directory;
    if (::chdir(plan.command.directory.c_str()) != 0) return false;
    take_streams(plan.streams);
    reset_signals();
    plan.failed_at = Step::Limits;
    return set_limits(plan.command.limits, plan.by_cgroup);
}

/// In the child.
[[noreturn, gnu::noinline]] void become(Plan& plan) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // the guard has one thread, so this means the guard's own end
    if (::getppid() != plan.guard) ::_exit(127);
    if (prepare(plan)) {
        plan.failed_at = Step::Program;
        ::execvpe(plan.argument_pointers.front(), plan.argument_pointers.data(), plan.variable_pointers.data());
    }
    plan.error = errno;
    ::_exit(127);
}

// The next two are as small as they are because parent and child use the same stack, one after the other: nothing but
// `plan` lives on in them, and the child never returns.

[[gnu::noinline]] pid_t start_beside(Plan& plan) {
    const pid_t child = ::vfork();
    if (child == 0) become(plan);
    return child;
}

/// AddressSanitizer still has notes about the stack that the child used and never gave back.
void forget_childs_stack() {
#if defined(__SANITIZE_ADDRESS__)
    constexpr std::size_t kFarMore = 64 * 1024;
    char* here = static_cast<char*>(__builtin_frame_address(0));
    ::__asan_unpoison_memory_region(here - kFarMore, kFarMore);
#endif
}

/// Starts in a cgroup. Moving there afterwards would wait for all processors, some ten milliseconds; and it must be a
/// bare system call, because a function around it would find its return address overwritten by the child.
[[gnu::noinline]] pid_t start_in_cgroup(Plan& plan, clone_args& arguments) {
    long child = SYS_clone3;
#if defined(__x86_64__)
    asm volatile("syscall" : "+a"(child) : "D"(&arguments), "S"(sizeof(arguments)) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
    register long number asm("x8") = child;
    register long first asm("x0") = reinterpret_cast<long>(&arguments);
    register long second asm("x1") = sizeof(arguments);
    asm volatile("svc #0" : "+r"(first) : "r"(number), "r"(second) : "memory");
    child = first;
#else
    child = -ENOSYS;
#endif
    if (child == 0) become(plan);
    forget_childs_stack();
    return static_cast<pid_t>(child);
}

pid_t start_in(const Cgroup& cgroup, Plan& plan) {
    const FileDescriptor folder(::open(cgroup.folder().c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC));
    if (!folder) return -1;
    clone_args arguments{};
    arguments.flags = CLONE_VM | CLONE_VFORK | CLONE_INTO_CGROUP;
    arguments.exit_signal = SIGCHLD;
    arguments.cgroup = static_cast<std::uint64_t>(folder.get());
    const pid_t child = start_in_cgroup(plan, arguments);
    if (child < 0) errno = -child;
    return child;
}

void reap(pid_t child) {
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {}
}

}  // namespace

StartedChild start_child(const Command& command, const StandardStreams& streams, const Cgroup* cgroup,
                         const CgroupHome& by_cgroup) {
    Plan plan(command, streams, by_cgroup);
    // execvpe looks for PATH in the caller's own environment. This process, a guard, needs none of its own.
    environ = plan.variable_pointers.data();
    const pid_t child = cgroup != nullptr ? start_in(*cgroup, plan) : start_beside(plan);
    environ = nullptr;
    if (child < 0) return {0, cgroup != nullptr ? Step::Cgroup : Step::Fork, errno};
    if (plan.error == 0) return {child, Step::Program, 0};
    reap(child);
    return {0, plan.failed_at, plan.error};
}

}  // namespace sluice::process
