#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <spawn.h>
#include <sstream>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>

#include "process/supervisor.h"
#include "support/test.h"
#include "unit/process/shell.h"

namespace sluice::process {
namespace {

/// A main process, one in a session of its own, and one whose parent has ended: each prints its number, and stays.
constexpr const char* kHidingTree = R"(
    setsid sh -c 'echo $$; exec sleep 1000' &
    sh -c 'setsid sh -c "echo \$\$; exec sleep 1000" & exit'
    echo $$; exec sleep 1000)";
constexpr std::size_t kHidingProcesses = 3;

/// Waits until a process has ended. false: it did not within 20 seconds
bool ends(pid_t process) {
    const FileDescriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    if (!handle) return true;
    pollfd event{handle.get(), POLLIN, 0};
    return ::poll(&event, 1, 20'000) == 1;
}

/// The letter of its state in /proc: T when it is stopped.
char state_of(pid_t process) {
    std::ifstream file(fmt::format("/proc/{}/stat", process));
    std::string text;
    std::getline(file, text);
    const std::size_t bracket = text.rfind(')');
    return bracket == std::string::npos ? '?' : text.at(bracket + 2);
}

/// Waits until all are stopped, or none is. false: it took longer than 20 seconds
bool all_are_stopped(const std::vector<pid_t>& processes, bool stopped) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    const auto is_so = [&](pid_t process) { return (state_of(process) == 'T') == stopped; };
    while (!std::ranges::all_of(processes, is_so)) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

bool all_end(const std::vector<pid_t>& processes) {
    return std::all_of(processes.begin(), processes.end(), ends);
}

/// A server of our own to kill: this binary, with the test case of this name.
class Victim {
  public:
    explicit Victim(const std::string& test_case) {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        output_.reset(ends[0]);
        const FileDescriptor writing(ends[1]);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
        std::array<std::string, 4> texts{"unit_tests", "--test-case=" + test_case, "--no-skip", "--minimal"};
        std::array<char*, 5> arguments{texts[0].data(), texts[1].data(), texts[2].data(), texts[3].data(), nullptr};
        REQUIRE(::posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, arguments.data(), environ) == 0);
        ::posix_spawn_file_actions_destroy(&actions);
    }
    ~Victim() {
        signal(SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    void signal(int number) const { ::kill(pid_, number); }

    /// The numbers that its children print, a line each.
    std::vector<pid_t> processes(std::size_t count) const {
        std::string text;
        std::array<char, 100> buffer{};
        while (std::count(text.begin(), text.end(), '\n') < static_cast<std::ptrdiff_t>(count)) {
            const ssize_t n = ::read(output_.get(), buffer.data(), buffer.size());
            REQUIRE(n > 0);
            text.append(buffer.data(), static_cast<std::size_t>(n));
        }
        std::vector<pid_t> out;
        std::istringstream numbers(text);
        for (pid_t number = 0; numbers >> number;) out.push_back(number);
        return out;
    }

  private:
    FileDescriptor output_{};
    pid_t pid_ = 0;
};

void print(const Line& line) {
    std::printf("%s\n", line.text.c_str());
    std::fflush(stdout);
}

/// Stops when so many lines have come, and collects the numbers in them.
struct Collector {
    std::size_t wanted = 0;
    std::stop_source stop{};
    std::vector<pid_t> processes{};

    Callbacks callbacks() {
        return {.on_line = [this](Line&& line) {
            processes.push_back(std::stoi(line.text));
            if (processes.size() == wanted) stop.request_stop();
        }};
    }
};

}  // namespace

TEST_CASE("victim: a server with a child that hides" * doctest::skip()) {
    Supervisor supervisor;
    test::ok(supervisor.run(shell(kHidingTree), {.on_line = print}, {}));
}

TEST_CASE("victim: a server without cgroups" * doctest::skip()) {
    Supervisor supervisor({.cgroups = false});
    test::ok(supervisor.run(shell(kHidingTree), {.on_line = print}, {}));
}

TEST_CASE("victim: a server with a lease" * doctest::skip()) {
    Supervisor supervisor({.cgroups = false});
    std::size_t lines = 0;
    const auto print_all_then_wait = [&](Line&& line) {
        if (++lines == kHidingProcesses) supervisor.renew_lease(300ms);
        print(line);
    };
    test::ok(supervisor.run(shell(kHidingTree), {.on_line = print_all_then_wait}, {}));
}

TEST_CASE("a server that is killed leaves none of its children's processes") {
    for (const char* server : {"victim: a server with a child that hides", "victim: a server without cgroups"}) {
        const Victim victim(server);
        const std::vector<pid_t> processes = victim.processes(kHidingProcesses);
        victim.signal(SIGKILL);
        CHECK(all_end(processes));
    }
}

TEST_CASE("the children of a server that stands still are stopped when its lease is over, and end with it") {
    const Victim victim("victim: a server with a lease");
    const std::vector<pid_t> processes = victim.processes(kHidingProcesses);
    victim.signal(SIGSTOP);
    CHECK(all_are_stopped(processes, true));
    victim.signal(SIGKILL);
    CHECK(all_end(processes));
}

TEST_CASE("a stop reaches every process of the tree") {
    for (const bool cgroups : {true, false}) {
        Supervisor supervisor({.cgroups = cgroups});
        Collector collector{.wanted = kHidingProcesses};
        const Outcome outcome =
            test::ok(supervisor.run(shell(kHidingTree), collector.callbacks(), collector.stop.get_token()));
        CHECK(outcome.end == End::Stopped);
        CHECK(outcome.survivors == 0);
        for (const pid_t process : collector.processes) CHECK(::kill(process, 0) != 0);
    }
}

TEST_CASE("a process that jumps from fork to fork does not get away") {
    const std::string jump = "jump='sh -c \"$jump\" & exit'; export jump; echo 1; sh -c \"$jump\" & exec sleep 1000";
    for (const bool cgroups : {true, false}) {
        Supervisor supervisor({.cgroups = cgroups});
        Collector collector{.wanted = 1};
        Command command = shell(jump);
        command.grace = 10ms;
        const Outcome outcome = test::ok(supervisor.run(command, collector.callbacks(), collector.stop.get_token()));
        CHECK(outcome.survivors == 0);
    }
}

TEST_CASE("what the main process leaves behind ends with it") {
    Supervisor supervisor({.cgroups = false});
    Collector collector{.wanted = 100};
    const std::string script = R"(x=$(setsid sh -c 'echo $$; exec sleep 1000 > /dev/null 2>&1' &); echo $x; echo $$)";
    const Outcome outcome = test::ok(supervisor.run(shell(script), collector.callbacks(), {}));
    CHECK(outcome.succeeded());
    REQUIRE(collector.processes.size() == 2);
    for (const pid_t process : collector.processes) CHECK(::kill(process, 0) != 0);
}

TEST_CASE("output that is written after the end of the main process is kept") {
    Supervisor supervisor({.cgroups = false});
    std::size_t bytes = 0;
    test::ok(supervisor.run(shell("(head -c 5000000 /dev/zero | tr '\\0' x) & exit 0"),
                            {.on_line = [&](Line&& line) { bytes += line.text.size(); }}, {}));
    CHECK(bytes == 5'000'000);
}

TEST_CASE("what holds the output open without end is killed after a while") {
    Supervisor supervisor({.cgroups = false});
    Command command = shell("sleep 1000 & exit 4");
    command.linger = 20ms;
    CHECK(test::ok(supervisor.run(command, {}, {})).exit_code == 4);
}

TEST_CASE("when a guard is killed, its child ends and the run fails as something from outside") {
    Supervisor supervisor({.cgroups = false});
    std::vector<pid_t> processes;
    const auto kill_guard = [&](Line&& line) {
        processes.push_back(std::stoi(line.text));
        if (processes.size() == kHidingProcesses + 1) ::kill(processes.front(), SIGKILL);
    };
    CHECK_THROWS_AS(static_cast<void>(
                        supervisor.run(shell(std::string("echo $PPID; ") + kHidingTree), {.on_line = kill_guard}, {})),
                    OutsideError);
    CHECK(processes.size() == kHidingProcesses + 1);
    CHECK(all_end(processes));
}

TEST_CASE("when the supervisor process is killed, running children go on and new ones can start") {
    Supervisor supervisor;
    const auto kill_it = [&](Line&& line) {
        if (line.text == "ready") ::kill(supervisor.pid(), SIGKILL);
    };
    const pid_t first = supervisor.pid();
    CHECK(test::ok(supervisor.run(shell("echo ready; exit 5"), {.on_line = kill_it}, {})).exit_code == 5);
    CHECK(ends(first));
    CHECK(test::ok(supervisor.run(shell("exit 6"), {}, {})).exit_code == 6);
    CHECK(supervisor.pid() != first);
}

TEST_CASE("kill_all ends all children at once, and they say so") {
    Supervisor supervisor;
    std::size_t killed = 0;
    const auto kill_them = [&](Line&&) { killed = supervisor.kill_all(); };
    const Outcome outcome =
        test::ok(supervisor.run(shell("trap '' TERM; echo x; sleep 1000"), {.on_line = kill_them}, {}));
    CHECK(killed == 1);
    CHECK(outcome.end == End::Fenced);
    CHECK(supervisor.kill_all() == 0);
}

TEST_CASE("children are held while there is no lease, and go on with the next one") {
    Supervisor supervisor({.cgroups = false});
    Collector collector{.wanted = kHidingProcesses};
    bool held = false;
    bool goes_on = false;
    std::jthread other([&](std::stop_token stop) {
        while (!stop.stop_requested() && !collector.stop.stop_requested()) std::this_thread::yield();
        supervisor.renew_lease(1us);
        held = all_are_stopped(collector.processes, true);
        supervisor.renew_lease(std::nullopt);
        goes_on = all_are_stopped(collector.processes, false);
        supervisor.kill_all();
    });
    CHECK(test::ok(supervisor.run(shell(kHidingTree), collector.callbacks(), {})).end == End::Fenced);
    other.join();
    CHECK(held);
    CHECK(goes_on);
}

TEST_CASE("what is killed while it is held never goes on") {
    Supervisor supervisor({.cgroups = false});
    const auto file = std::filesystem::temp_directory_path() / fmt::format("sluice-held-{}", ::getpid());
    std::size_t lines = 0;
    const auto fence = [&](Line&&) {
        if (++lines != kHidingProcesses) return;
        supervisor.renew_lease(1us);
        supervisor.kill_all();
        supervisor.renew_lease(std::nullopt);
    };
    const std::string ends_with_a_mark = fmt::format("trap 'touch {}; exit 0' TERM\n{}", file.string(), kHidingTree);
    CHECK(test::ok(supervisor.run(shell(ends_with_a_mark), {.on_line = fence}, {})).end == End::Fenced);
    CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("a child that is started without a lease begins with the next one, or never") {
    Supervisor supervisor;
    const auto file = std::filesystem::temp_directory_path() / fmt::format("sluice-begins-{}", ::getpid());
    std::filesystem::remove(file);
    supervisor.renew_lease(1us);
    std::stop_source stop;
    stop.request_stop();
    const std::string touch = "touch " + file.string();
    CHECK(test::ok(supervisor.run(shell(touch), {}, stop.get_token())).end != End::Exited);
    CHECK_FALSE(std::filesystem::exists(file));
    std::jthread other([&] { supervisor.renew_lease(std::nullopt); });
    CHECK(test::ok(supervisor.run(shell(touch), {}, {})).succeeded());
    CHECK(std::filesystem::remove(file));
}

}  // namespace sluice::process
