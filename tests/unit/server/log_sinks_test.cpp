#include "server/log_sinks.h"

#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

#include "base/file_descriptor.h"
#include "base/id.h"
#include "server/config.h"
#include "support/test.h"
#include "unit/net/loopback_server.h"

using namespace sluice;
using namespace sluice::server;
using namespace sluice::test;

namespace {

struct SinkRig {
    explicit SinkRig(const std::string& to, const std::string& where) {
        config.log.shipping.to = to;
        (to == "http" ? config.log.shipping.url : config.log.shipping.path) = where;
        config.log.shipping.authorization = "Bearer secret";
        sink = make_log_sink(config, "here", http);
    }
    Result<void> take(std::size_t lines = 1, std::stop_token stop = {}) {
        return sink->take(std::vector<store::LogRow>(lines, line), std::move(stop));
    }
    net::Client http{};
    Config config{};
    std::unique_ptr<LogSink> sink{};
    store::LogRow line{.message = "hello"};
};

struct Fifo {
    Fifo() { CHECK(::mkfifo(path.c_str(), 0600) == 0); }
    ~Fifo() { std::filesystem::remove(path); }
    FileDescriptor reader() const { return FileDescriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)); }
    const std::string path = std::filesystem::temp_directory_path() / fmt::format("sluice_fifo_{}", random_bits());
};

std::string drained(const FileDescriptor& reader) {
    std::string out;
    char bytes[4096];
    for (ssize_t got = 0; (got = ::read(reader.get(), bytes, sizeof bytes)) > 0;) {
        out.append(bytes, static_cast<std::size_t>(got));
    }
    return out;
}

}  // namespace

TEST_CASE("lines and credentials go to the receiver that was named, and to none that it names") {
    LoopbackServer elsewhere([](const Seen&) { return Reply{response("200 OK", "")}; });
    LoopbackServer receiver([&](const Seen&) {
        return Reply{response("307 Temporary Redirect", "", "Location: " + elsewhere.url("/") + "\r\n")};
    });
    SinkRig rig("http", receiver.url("/"));
    CHECK(contains(failure(rig.take()).message, "answered 307"));
    CHECK(elsewhere.seen().empty());
}

TEST_CASE("lines that were taken are not sent again because the answer is long, and nothing long is kept") {
    std::string status = "200 OK";
    LoopbackServer receiver([&](const Seen&) {
        return Reply{.bytes = response(status, std::string(1024 * 1024, 'x')), .then_close = true};
    });
    SinkRig rig("http", receiver.url("/"));
    CHECK(rig.take().has_value());
    status = "500 Oh";
    const Error error = failure(rig.take());
    CHECK(error.code == ErrorCode::Unavailable);
    CHECK(contains(error.message, "answered 500"));
    CHECK(error.message.size() < 300);
    status = "413 Too much";
    CHECK(failure(rig.take()).code == ErrorCode::TooLarge);
}

TEST_CASE("a pipe without a reader is told at once, and gets its lines when there is one") {
    const Fifo fifo;
    SinkRig rig("file", fifo.path);
    CHECK(contains(failure(rig.take()).message, "nobody reads"));
    const FileDescriptor reader = fifo.reader();
    CHECK(rig.take().has_value());
    CHECK(drained(reader) == json_line(rig.line) + "\n");
}

TEST_CASE("a full pipe holds up nobody who stops, and what comes after half a line begins on a line of its own") {
    const Fifo fifo;
    const FileDescriptor reader = fifo.reader();
    SinkRig rig("file", fifo.path);
    std::stop_source stop;
    stop.request_stop();
    CHECK(failure(rig.take(10'000, stop.get_token())).code == ErrorCode::Cancelled);
    const std::string cut = drained(reader);
    CHECK(cut.size() >= 4096);
    CHECK(rig.take().has_value());
    CHECK(drained(reader) == "\n" + json_line(rig.line) + "\n");
}
