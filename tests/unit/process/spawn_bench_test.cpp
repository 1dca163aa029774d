#include <cstdlib>
#include <cstring>
#include <sys/utsname.h>

#include "process/supervisor.h"
#include "support/test.h"

namespace sluice::process {
namespace {

using Clock = std::chrono::steady_clock;

Duration since(Clock::time_point start) {
    return std::chrono::duration_cast<Duration>(Clock::now() - start);
}

std::string machine() {
    utsname name{};
    ::uname(&name);
    return fmt::format("{} {} processors, Linux {}", name.machine, std::thread::hardware_concurrency(), name.release);
}

void measure(const std::string& what, bool cgroups) {
    Supervisor supervisor({.cgroups = cgroups});
    const Command command{.arguments = {"/bin/true"}};
    std::vector<Duration> started;
    std::vector<Duration> ended;
    for (int i = 0; i < 300; ++i) {
        const auto start = Clock::now();
        test::ok(supervisor.run(command, {.on_start = [&](pid_t) { started.push_back(since(start)); }}, {}));
        ended.push_back(since(start));
    }
    std::sort(started.begin(), started.end());
    std::sort(ended.begin(), ended.end());
    MESSAGE(what << ": start p50 " << for_people(started[150]) << " p99 " << for_people(started[297])
                 << ", start to end p50 " << in_ms(ended[150]) << " ms p99 " << in_ms(ended[297]) << " ms; start p50 "
                 << in_ms(started[150]));

    const auto start = Clock::now();
    std::atomic<int> left = 1000;
    std::atomic<int> lines = 0;
    {
        std::vector<std::jthread> workers;
        for (int i = 0; i < 4; ++i) {
            workers.emplace_back([&] {
                const Command logging{.arguments = {"/bin/echo", "a line"}};
                while (--left >= 0) test::ok(supervisor.run(logging, {.on_line = [&](Line&&) { ++lines; }}, {}));
            });
        }
    }
    MESSAGE(what << ": " << 1000 / in_seconds(since(start)) << " children per second, four at a time, lines "
                 << lines.load());

    const auto chatty = Clock::now();
    std::size_t count = 0;
    test::ok(supervisor.run({.arguments = {"/usr/bin/seq", "1000000"}}, {.on_line = [&](Line&&) { ++count; }}, {}));
    MESSAGE(what << ": " << static_cast<double>(count) / in_seconds(since(chatty)) << " lines per second");
}

}  // namespace

// Run it with: build/release/unit_tests -tc="bench: spawning*" --no-skip
TEST_CASE("bench: spawning from a server of 500 MB" * doctest::skip()) {
    std::vector<char> server(500'000'000, 1);
    MESSAGE(machine() << ", byte " << static_cast<int>(server[server.size() / 2]));
    measure("with cgroups", true);
    measure("without cgroups", false);
}

}  // namespace sluice::process
