#pragma once
/// Child processes: groups, limits, output, kill.
///
/// Promises
///  - Nothing of the server leaks into a child: not its environment, descriptors, signal mask or terminal.
///  - What a child starts belongs to it, also when it calls setsid() or lets its parent die. When the main process
///  ends,
///    is killed, or times out, everything it left is gone before run() returns.
///  - No line of output is lost; lines arrive in the order in which they were read, each with its time.
///  - The server may be killed at any moment (kill -9): its children are then killed at once.
///  - Without a lease of the server no child does anything, and none begins.
///
/// How: run() asks a small supervisor process (this binary, started anew: see supervisor.h) for a guard. The guard, one
/// process per child, is a child subreaper, so every descendant of the child ends up below it, and it ends them all
/// when its connection to the server closes, or when it is told to. When the server's lease is over it stops them where
/// they are, and lets them go on when the server has a lease again. If a guard itself is killed, its child gets SIGKILL
/// from the kernel and the rest falls to the supervisor process, which kills it. Where a cgroup v2 may be made, each
/// child has one: limits then hold for all its processes together.
#include <csignal>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace sluice::process {

/// Empty fields are not limited (or stay as the server has them).
struct Limits {
    std::optional<Duration> wall{};               // from the start to the end of the main process
    std::optional<std::uint64_t> memory_bytes{};  // of all its processes by cgroup; else RLIMIT_DATA of each
    std::optional<std::uint64_t>
        address_space_bytes{};  // RLIMIT_AS of each process; many runtimes reserve far more than they use
    std::optional<std::uint64_t> processes{};  // of the tree by cgroup; else RLIMIT_NPROC, which counts the whole user
    std::optional<double> cpus{};              // 1.5: one and a half processors, by cgroup only
    std::optional<std::uint64_t> cpu_seconds{};  // RLIMIT_CPU of each process
    std::optional<std::uint64_t> open_files{};   // RLIMIT_NOFILE of each process
    std::optional<std::uint64_t> file_bytes{};   // RLIMIT_FSIZE of each process
};

using Environment = std::map<std::string, std::string, std::less<>>;

struct Command {
    std::vector<std::string>
        arguments{};            // the first is a program: a path, or a name looked up in PATH of `environment`
    Environment environment{};  // all of it; nothing is inherited
    std::string directory = "/";
    std::string input{};        // bytes on standard input; empty: /dev/null
    int input_descriptor = -1;  // of this process: what the child reads instead; stays the caller's to close
    Limits limits{};
    Duration grace = 10s;  // between SIGTERM and SIGKILL when it is stopped or times out
    Duration linger = 2s;  // for what still holds the output open when the main process has ended; then SIGKILL
    std::size_t longest_line_bytes = 10 * 1024 * 1024;  // a longer line comes in pieces
};

enum class Stream { Output, Error };

struct Line {
    Stream stream = Stream::Output;
    Timestamp at{};          // when it was read
    std::string text{};      // without the line end (\n, \r\n or \r), UTF-8 repaired
    bool continues = false;  // longer than allowed: the next line of this stream is the rest of it
};

struct Callbacks {
    std::function<void(Line&&)> on_line{};  // on the thread of run(); while it blocks, the child's writes block too
    std::function<void(pid_t)> on_start{};  // the main process runs
};

/// Why it ended.
enum class End {
    Exited,       // by itself, with a code
    Signalled,    // by a signal that we did not send
    OutOfMemory,  // its cgroup's memory limit was reached and the kernel killed
    TimedOut,     // Limits::wall
    Stopped,      // the stop token
    Fenced,       // kill_all(), or it was to end before it had begun
};
std::string_view to_text(End end);

struct Outcome {
    End end = End::Exited;
    std::optional<int> exit_code{};  // when it exited, for whatever reason
    int signal = 0;                  // when a signal ended it
    Duration wall{};                 // of the main process
    Duration cpu_user{};             // of all its processes that were waited for
    Duration cpu_system{};
    std::uint64_t peak_rss_bytes = 0;  // of the largest one
    int survivors = 0;                 // processes that not even SIGKILL ended in time (stuck in the kernel)

    bool succeeded() const { return end == End::Exited && exit_code == 0; }
    /// As a shell tells it: the exit code, or 128 + the signal.
    int code() const { return exit_code.value_or(128 + signal); }
};

/// The variables of this process that a child may see: PATH, HOME, USER, LOGNAME, SHELL, LANG, LC_*, TZ, TMPDIR.
Environment harmless_environment();

}  // namespace sluice::process
