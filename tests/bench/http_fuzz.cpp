// http_fuzz [SECONDS] [SEED]: valid, malformed and broken-off requests from several clients at once, against a server
// in this process. Afterwards descriptors, memory and open sinks must be back to where they were, no client may have
// seen another one's answer, and the server must still answer.
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fmt/format.h>
#include <malloc.h>
#include <random>
#include <thread>

#include "base/guarded.h"
#include "base/log.h"
#include "bench/http_fuzz_client.h"
#include "http/http.h"

using namespace sluice;
using namespace sluice::http;
using fuzz::Client;
using fuzz::Report;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // its allocator keeps freed memory back: the sanitizer itself looks for leaks
#else
constexpr bool kSanitized = false;
#endif

constexpr int kClients = 6;
constexpr std::int64_t kHeapTolerance = 1024 * 1024;

class Sink final : public BodySink {
  public:
    explicit Sink(Report& report) : report_(report) { ++report_.open_bodies; }
    ~Sink() override { --report_.open_bodies; }
    Result<void> write(std::string_view piece) override {
        if (piece.find("REFUSE") != std::string_view::npos) return refuse(ErrorCode::Invalid, "refused");
        size_ += piece.size();
        return {};
    }
    Result<std::string> finish() override { return fmt::format("{}", size_); }

  private:
    Report& report_;
    std::uint64_t size_ = 0;
};

class Source final : public BodySource {
  public:
    explicit Source(Report& report) : report_(report) { ++report_.open_bodies; }
    ~Source() override { --report_.open_bodies; }
    Result<std::optional<std::string>> next() override {
        if (left_-- == 0) return std::optional<std::string>();
        return std::optional<std::string>(std::string(20'000, 'p'));
    }

  private:
    Report& report_;
    int left_ = 50;
};

/// Answers what it is given from a thread of its own, after the handler is long gone.
class LateAnswers {
  public:
    void add(Responder responder) {
        kept_.with([&](auto& kept) { kept.push_back(std::move(responder)); });
    }
    ~LateAnswers() { thread_ = {}; }

  private:
    void run(std::stop_token stop) {
        std::mutex mutex;
        std::condition_variable_any pause;
        while (!stop.stop_requested()) {
            std::vector<Responder> due;
            kept_.with([&](auto& kept) { due.swap(kept); });
            for (Responder& responder : due) {
                const std::string token(responder.request().query.first("token").value_or(""));
                responder.send(Response::text(token));
            }
            std::unique_lock lock(mutex);
            pause.wait_for(lock, stop, 2ms, [] { return false; });
        }
    }
    Guarded<std::vector<Responder>> kept_{};
    std::jthread thread_{[this](std::stop_token stop) { run(stop); }};
};

Router make_router(Report& report, LateAnswers& late) {
    const auto echo = [](const Request& request) {
        return Response::text(std::string(request.query.first("token").value_or("")) + request.body);
    };
    const auto sink = [&report](const Request&) -> Result<std::unique_ptr<BodySink>> {
        return std::make_unique<Sink>(report);
    };
    Router router;
    router.get("/inline", echo).run(Runs::Inline);
    router.post("/inline", echo).run(Runs::Inline);
    router.get("/pooled/{x}", echo);
    router.post("/pooled/{x}", echo);
    router.get("/late", Handler([&late](const Request&, Responder responder) { late.add(std::move(responder)); }));
    router.get("/events", Handler([](const Request& request, Responder responder) {
                   const EventStream stream = responder.events();
                   for (int i = 0; i < 20; ++i)
                       stream.send({.id = "x", .data = std::string(request.query.first("token").value_or(""))});
               }));
    router.get("/stream", Handler([](const Request&, Responder responder) {
                   StreamWriter writer = responder.stream(Response::text(""));
                   for (int i = 0; i < 50 && writer.write(std::string(20'000, 'x')); ++i) {}
                   writer.end();
               }));
    router.get("/pull", Handler([&report](const Request&, Responder responder) {
                   responder.stream(Response::text(""), std::make_unique<Source>(report));
               }));
    router.get("/big", [](const Request&) { return Response::bytes(std::string(3'000'000, 'x'), "image/png"); });
    router.post("/upload", [](const Request& request) { return Response::text(request.stored); }).stream_body(sink);
    router.post("/form", [](const Request& request) { return Response::text(fmt::format("{}", request.parts.size())); })
        .stream_parts([sink](const Request& request, const PartHead& head) -> Result<std::unique_ptr<BodySink>> {
            if (!head.is_file) return std::unique_ptr<BodySink>();
            return sink(request);
        });
    return router;
}

std::size_t open_descriptors() {
    const auto all = std::filesystem::directory_iterator("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::int64_t heap_in_use() {
    malloc_trim(0);
    return static_cast<std::int64_t>(mallinfo2().uordblks);
}

bool eventually(const std::function<bool()>& holds) {
    std::mutex mutex;
    std::condition_variable never;
    for (int i = 0; i < 30'000; ++i) {
        if (holds()) return true;
        std::unique_lock lock(mutex);
        never.wait_for(lock, 1ms);
    }
    return holds();
}

void hammer(std::uint64_t seed, Duration time, std::uint16_t port, Report& report) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kClients; ++i) {
        threads.emplace_back(
            [&, i](std::stop_token stop) { Client(seed + static_cast<std::uint64_t>(i), port, report).run(stop); });
    }
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, time);
}

bool check(bool holds, std::string_view what) {
    if (!holds) fmt::print("FAILED: {}\n", what);
    return holds;
}

}  // namespace

int main(int argc, char** argv) {
    const double seconds = argc > 1 ? std::atof(argv[1]) : 60;
    const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 0) : std::random_device{}();
    fmt::print("http_fuzz: {} s with seed {}\n", seconds, seed);
    configure_logging({.level = LogLevel::Error, .to_stderr = true});

    Report report;
    LateAnswers late;
    ServerConfig config{.address = "127.0.0.1", .port = 0, .pool_threads = 4};
    config.limits.upload_window = 64 * 1024;
    config.limits.stream_window = 64 * 1024;
    config.timeouts.linger = 500ms;
    config.on_access = [](const Access&) {};
    Server server(config, make_router(report, late));
    if (const auto started = server.start(); !started) {
        fmt::print("{}\n", started.error().text());
        return 2;
    }
    const auto is_idle = [&] {
        const Counters now = server.counters();
        return now.open_connections == 0 && now.open_requests == 0 && now.open_event_streams == 0 &&
               report.open_bodies == 0;
    };

    // The first rounds fill caches and arenas; what counts is whether more rounds need more.
    hammer(seed, seconds_of(std::min(seconds / 5, 10.0)), server.port(), report);
    bool good = check(eventually(is_idle), "everything is closed after the first rounds");
    const std::size_t descriptors = open_descriptors();
    const std::int64_t heap = heap_in_use();
    hammer(seed + 1000, seconds_of(seconds), server.port(), report);
    good &= check(eventually(is_idle), "everything is closed at the end");
    good &= check(open_descriptors() == descriptors, "descriptors are back");
    const std::int64_t grown = heap_in_use() - heap;
    good &= check(kSanitized || grown < kHeapTolerance, "the heap is back");
    good &= check(report.foreign_answers == 0, "nobody saw another one's answer");
    good &= check(report.missing_answers == 0, "every valid request was answered");

    const std::uint64_t before = report.answers;
    hammer(seed, 200ms, server.port(), report);
    good &= check(report.answers > before, "the server still answers");
    const Counters c = server.counters();
    fmt::print("{} connections, {} requests ({} malformed), {} checked answers, {} descriptors, heap {:+} bytes: {}\n",
               report.connections.load(), c.requests, c.malformed_requests, report.answers.load(), descriptors, grown,
               good ? "good" : "bad");
    server.stop(5s);
    return good ? 0 : 1;
}
