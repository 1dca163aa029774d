#include "server/database_password.h"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file_descriptor.h"
#include "pg/database_error.h"

namespace sluice::server {
namespace {

constexpr Duration kCommandLimit = 10s;
constexpr std::size_t kMostBytes = 64 * 1024;

/// A shell in a process group of its own, with `output` as its standard output.
/// Returns 0 when it could not be started.
pid_t start_shell(const std::string& command, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    std::string shell = "/bin/sh", option = "-c", text = command;
    char* argv[] = {shell.data(), option.data(), text.data(), nullptr};
    pid_t pid = 0;
    if (posix_spawn(&pid, "/bin/sh", &actions, &attributes, argv, environ) != 0) pid = 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return pid;
}

/// All that comes until the other end is closed. false: it took too long, or is too much
bool read_to_end(int from, std::string& out, std::chrono::steady_clock::time_point until) {
    while (out.size() <= kMostBytes) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        pollfd one{from, POLLIN, 0};
        if (left.count() <= 0) return false;
        if (poll(&one, 1, static_cast<int>(left.count())) <= 0) continue;
        char bytes[4096];
        const ssize_t count = read(from, bytes, sizeof bytes);
        if (count == 0) return true;
        if (count > 0) out.append(bytes, static_cast<std::size_t>(count));
        if (count < 0 && errno != EINTR) return false;
    }
    return false;
}

}  // namespace

Result<std::string> first_line_of(const std::string& command, Duration limit) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return refuse(ErrorCode::Unavailable, "no pipe: {}", std::strerror(errno));
    const FileDescriptor reading(ends[0]);
    FileDescriptor writing(ends[1]);
    const pid_t pid = start_shell(command, writing.get());
    writing.reset();
    if (pid == 0) return refuse(ErrorCode::Unavailable, "/bin/sh could not be started");
    std::string text;
    const bool read = read_to_end(reading.get(), text, std::chrono::steady_clock::now() + limit);
    if (!read) kill(-pid, SIGKILL);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!read) return refuse(ErrorCode::Unavailable, "it did not end within {} s, and was killed", limit / 1s);
    if (status != 0) {
        return refuse(ErrorCode::Unavailable, "it failed with {}",
                      WIFEXITED(status) ? fmt::format("exit code {}", WEXITSTATUS(status))
                                        : fmt::format("signal {}", WTERMSIG(status)));
    }
    text.resize(std::min(text.size(), text.find('\n')));
    if (text.ends_with('\r')) text.pop_back();
    if (text.empty()) return refuse(ErrorCode::Unavailable, "it printed nothing");
    return text;
}

DatabasePassword::DatabasePassword(const Config& config) {
    change(config);
}

void DatabasePassword::change(const Config& config) {
    const std::lock_guard lock(mutex_);
    state_ = {config.database.password, config.database.password_command, config.database.password_lifetime, "", {}};
}

std::string DatabasePassword::password_at(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (state_.command.empty()) return state_.given;
    if (!state_.printed.empty() && now - state_.printed_at < state_.lifetime) return state_.printed;
    auto line = first_line_of(state_.command, kCommandLimit);
    if (!line) throw pg::DatabaseError("28P01", "", "database.password-command: " + line.error().message);
    state_.printed = *line;
    state_.printed_at = now;
    return state_.printed;
}

void DatabasePassword::refused() {
    const std::lock_guard lock(mutex_);
    state_.printed.clear();
}

}  // namespace sluice::server
