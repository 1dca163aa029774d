#include "process/supervisor.h"

#include "support/test.h"
#include "unit/process/shell.h"

namespace sluice::process {
namespace {

struct Ran {
    Outcome outcome{};
    std::string output{};  // lines joined by '|'
    std::string error{};
};

/// Most tests need no supervisor of their own, and starting one takes longer than they do.
Supervisor& supervisor() {
    static Supervisor shared;
    return shared;
}

Ran run(Supervisor& supervisor, const Command& command, std::stop_token stop = {}) {
    Ran out;
    const auto on_line = [&](Line&& line) {
        std::string& stream = line.stream == Stream::Output ? out.output : out.error;
        stream += (stream.empty() ? "" : "|") + line.text;
    };
    out.outcome = test::ok(supervisor.run(command, {.on_line = on_line}, std::move(stop)));
    return out;
}

Error refused(Supervisor& supervisor, const Command& command) {
    return test::failure(supervisor.run(command, {}, std::stop_token{}));
}

}  // namespace

TEST_CASE("a child's lines arrive with their stream, and its exit code is told") {
    const Ran ran = run(supervisor(), shell("echo one; echo two >&2; echo three; exit 3"));
    CHECK(ran.output == "one|three");
    CHECK(ran.error == "two");
    CHECK(ran.outcome.end == End::Exited);
    CHECK(ran.outcome.exit_code == 3);
    CHECK_FALSE(ran.outcome.succeeded());
    CHECK(ran.outcome.wall > Duration{0});
    CHECK(ran.outcome.peak_rss_bytes > 0);
}

TEST_CASE("lines are stamped by the given clock") {
    Supervisor supervisor({.clock = [] { return test::at("10:00:00"); }});
    Timestamp stamped{};
    test::ok(supervisor.run(shell("echo x"), {.on_line = [&](Line&& line) { stamped = line.at; }}, {}));
    CHECK(stamped == test::at("10:00:00"));
}

TEST_CASE("a child reads the given bytes on standard input, and else nothing") {
    Command command = shell("wc -c");
    CHECK(run(supervisor(), command).output == "0");
    command.input = std::string(300'000, 'x');
    CHECK(run(supervisor(), command).output == "300000");
}

TEST_CASE("a child has the given environment and directory, and nothing else of the server") {
    ::setenv("SLUICE_TEST_SECRET", "hidden", 1);
    Supervisor supervisor;  // one that is started while the secret is there
    const Command command{.arguments = {"env"}, .environment = {{"A", "1"}, {"PATH", "/usr/bin:/bin"}}};
    CHECK(run(supervisor, command).output == "A=1|PATH=/usr/bin:/bin");
    Command where = shell("pwd");
    where.directory = "/usr";
    CHECK(run(supervisor, where).output == "/usr");
    CHECK(run(supervisor, shell("echo /proc/self/fd/*")).output.find("/fd/4") == std::string::npos);
    CHECK(run(supervisor, shell("tr '\\0' '\\n' < /proc/$PPID/environ")).output.find("hidden") == std::string::npos);
}

TEST_CASE("a child starts with no signal blocked or ignored, in a session of its own") {
    const Ran ran = run(supervisor(), {.arguments = {"/bin/cat", "/proc/self/status", "/proc/self/stat"}});
    CHECK(ran.output.find("SigBlk:\t0000000000000000") != std::string::npos);
    CHECK(ran.output.find("SigIgn:\t0000000000000000") != std::string::npos);
    const Ran session = run(supervisor(), shell("read -r pid name state parent group session rest < /proc/$$/stat;"
                                                "[ $pid = $session ] && [ $pid = $group ] && echo own"));
    CHECK(session.output == "own");
}

TEST_CASE("what cannot be run is refused with a sentence that says why") {
    CHECK(refused(supervisor(), {.arguments = {"no-such-program"}, .environment = {{"PATH", "/bin"}}}).text() ==
          "there is no program no-such-program in the PATH /bin");
    CHECK(refused(supervisor(), {.arguments = {"/no/such"}}).code == ErrorCode::NotFound);
    CHECK(refused(supervisor(), {.arguments = {"/etc/passwd"}}).code == ErrorCode::Forbidden);
    CHECK(refused(supervisor(), {.arguments = {"/bin/true"}, .directory = "/no/such"}).text() ==
          "cannot enter the working directory /no/such: No such file or directory");
    CHECK(refused(supervisor(), {.arguments = {"/bin/true", std::string(1'000'000, 'x')}}).code == ErrorCode::TooLarge);
    CHECK(refused(supervisor(), {}).code == ErrorCode::Invalid);
    CHECK(refused(supervisor(), {.arguments = {"/bin/true"}, .environment = {{"A=B", ""}}}).code == ErrorCode::Invalid);
}

TEST_CASE("a script too long for an argument runs from standard input") {
    Command command = shell("");
    command.arguments = {"/bin/sh"};
    command.input = "echo start\n#" + std::string(500'000, 'x') + "\necho end\n";
    CHECK(run(supervisor(), command).output == "start|end");
}

TEST_CASE("long lines are whole up to the limit, and beyond it complete in pieces") {
    CHECK(run(supervisor(), shell("head -c 1000000 /dev/zero | tr '\\0' x")).output.size() == 1'000'000);
    Command command = shell("echo abcdefg");
    command.longest_line_bytes = 3;
    CHECK(run(supervisor(), command).output == "abc|def|g");
}

TEST_CASE("output that is not UTF-8 is repaired") {
    CHECK(run(supervisor(), shell("printf 'caf\\351\\n'")).output == "caf\xEF\xBF\xBD");
}

TEST_CASE("many lines pass, in order") {
    std::size_t lines = 0;
    std::size_t in_order = 0;
    const auto count = [&](Line&& line) { in_order += line.text == std::to_string(++lines) ? 1 : 0; };
    test::ok(supervisor().run(shell("seq 1 50000"), {.on_line = count}, {}));
    CHECK(lines == 50000);
    CHECK(in_order == 50000);
}

TEST_CASE("a child that takes too long is ended, and told as timed out") {
    Command command = shell("sleep 1000");
    command.limits.wall = 20ms;
    const Outcome outcome = run(supervisor(), command).outcome;
    CHECK(outcome.end == End::TimedOut);
    CHECK(outcome.signal == SIGTERM);
}

TEST_CASE("a child that is stopped may end in its own way") {
    std::stop_source stop;
    std::string output;
    const auto stop_it = [&](Line&& line) {
        output += line.text + "|";
        stop.request_stop();
    };
    const Command command = shell("trap 'echo asked; exit 7' TERM; echo ready; while :; do :; done");
    const Outcome outcome = test::ok(supervisor().run(command, {.on_line = stop_it}, stop.get_token()));
    CHECK(outcome.end == End::Stopped);
    CHECK(output == "ready|asked|");
    CHECK(outcome.exit_code == 7);
}

TEST_CASE("a child that does not listen is killed after the grace period") {
    Command command = shell("trap '' TERM; echo ready; sleep 1000");
    command.grace = 20ms;
    std::stop_source stop;
    const auto stop_it = [&](Line&&) { stop.request_stop(); };
    const Outcome outcome = test::ok(supervisor().run(command, {.on_line = stop_it}, stop.get_token()));
    CHECK(outcome.end == End::Stopped);
    CHECK(outcome.signal == SIGKILL);
    CHECK(outcome.code() == 137);
}

TEST_CASE("the stop token ends a child") {
    std::stop_source stop;
    const auto stop_it = [&](Line&&) { stop.request_stop(); };
    const Outcome outcome =
        test::ok(supervisor().run(shell("echo ready; sleep 1000"), {.on_line = stop_it}, stop.get_token()));
    CHECK(outcome.end == End::Stopped);
    CHECK(outcome.signal == SIGTERM);
}

TEST_CASE("a stop that comes before the start ends the child too") {
    std::stop_source stop;
    stop.request_stop();
    CHECK(test::ok(supervisor().run(shell("sleep 1000"), {}, stop.get_token())).end == End::Stopped);
}

TEST_CASE("an exception of a callback kills the child and goes on") {
    const auto fail = [](Line&&) { throw OutsideError("the log is away"); };
    CHECK_THROWS_WITH_AS(static_cast<void>(supervisor().run(shell("echo x; sleep 1000"), {.on_line = fail}, {})),
                         "the log is away", OutsideError);
}

TEST_CASE("a signal that is not ours is told as such") {
    const Outcome outcome = run(supervisor(), shell("kill -SEGV $$")).outcome;
    CHECK(outcome.end == End::Signalled);
    CHECK(outcome.code() == 128 + SIGSEGV);
}

TEST_CASE("limits hold") {
    Command command = shell("ulimit -n; ulimit -t; ulimit -f");
    command.limits.open_files = 50;
    command.limits.cpu_seconds = 9;
    command.limits.file_bytes = 1024 * 1024;
    CHECK(run(supervisor(), command).output == "50|9|2048");

    Command busy = shell("while :; do :; done");
    busy.limits.cpu_seconds = 1;
    const Outcome outcome = run(supervisor(), busy).outcome;
    CHECK(outcome.end == End::Signalled);
    CHECK(outcome.cpu_user + outcome.cpu_system > 500ms);
}

TEST_CASE("a memory limit makes allocations fail or ends the child") {
    Command command = shell("head -c 200000000 /dev/zero | tail -n 1 | wc -c");
    command.limits.memory_bytes = 20'000'000;
    CHECK(run(supervisor(), command).output != "200000000");
}

TEST_CASE("children run side by side") {
    std::vector<std::jthread> threads;
    std::atomic<int> right = 0;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            const std::string text = std::to_string(i);
            if (run(supervisor(), shell("echo " + text)).output == text) ++right;
        });
    }
    threads.clear();
    CHECK(right == 8);
}

}  // namespace sluice::process
