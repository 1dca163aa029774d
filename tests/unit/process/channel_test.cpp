#include "process/channel.h"

#include <cerrno>

#include "support/test.h"

namespace sluice::process {

TEST_CASE("what the other side sent before it closed arrives, also when it has not read ours") {
    auto [ours, theirs] = connected_pair();
    CHECK(send_message(ours.get(), Order{Order::Kind::Kill}));
    CHECK(send_message(theirs.get(), Report{.kind = Report::Kind::TreeEnded, .pid = 7}));
    theirs.reset();
    Report report;
    CHECK(receive_bytes(ours.get(), &report, sizeof(report)) == sizeof(report));
    CHECK(report.pid == 7);
    CHECK(receive_bytes(ours.get(), &report, sizeof(report)) == 0);
    CHECK_FALSE(send_message(ours.get(), Order{}));
}

TEST_CASE("a message that has not come yet is told apart from the end") {
    const auto [ours, theirs] = connected_pair();
    Report report;
    CHECK(receive_bytes(ours.get(), &report, sizeof(report)) < 0);
    CHECK(errno == EAGAIN);
}

TEST_CASE("descriptors travel with a message") {
    const auto [ours, theirs] = connected_pair();
    const FileDescriptor file = file_with("test", "contents");
    CHECK(send_message(ours.get(), GuardRequest{}, std::array{file.get(), file.get()}));
    GuardRequest request;
    std::vector<FileDescriptor> descriptors;
    CHECK(receive_bytes(theirs.get(), &request, sizeof(request), &descriptors) == sizeof(request));
    REQUIRE(descriptors.size() == 2);
    CHECK(descriptors[1].get() != file.get());
    CHECK(contents_of(descriptors[1].get()) == "contents");
}

TEST_CASE("a request arrives as it was given") {
    Request request{.command = {.arguments = {"a", "", "b c"},
                                .environment = {{"A", "1=2"}, {"B", ""}},
                                .directory = "/d",
                                .limits = {.memory_bytes = 5, .processes = 6, .cpus = 1.5, .cpu_seconds = 7},
                                .linger = 3ms},
                    .cgroup_folder = "/cg",
                    .cgroup_memory = true,
                    .cgroup_cpu = true};
    const Request got = decode_request(encode(request));
    CHECK(got.command.arguments == request.command.arguments);
    CHECK(got.command.environment == request.command.environment);
    CHECK(got.command.directory == "/d");
    CHECK(got.command.linger == 3ms);
    CHECK(got.command.limits.memory_bytes == 5);
    CHECK(got.command.limits.cpus == 1.5);
    CHECK(got.command.limits.cpu_seconds == 7);
    CHECK_FALSE(got.command.limits.open_files);
    CHECK(got.cgroup_folder == "/cg");
    CHECK(got.cgroup_memory);
    CHECK_FALSE(got.cgroup_processes);
    CHECK(got.cgroup_cpu);
    CHECK_THROWS_AS(static_cast<void>(decode_request(encode(request).substr(0, 40))), BugError);
}

}  // namespace sluice::process
