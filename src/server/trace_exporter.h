#pragma once
#include <atomic>

#include "base/bounded_queue.h"
#include "base/service.h"
#include "executor/spans.h"
#include "net/client.h"

namespace sluice::server {

struct Config;

struct TraceConfig {
    std::string endpoint{};       // "http://collector:4318"; /v1/traces is appended unless it has a path
    std::string authorization{};  // value of that header; empty: none
    std::string version{};
    std::string host{};
    std::size_t batch = 512;
    std::size_t capacity = 20'000;  // spans that wait; more are dropped, and counted
};

/// Sends spans to a collector by OTLP/HTTP, as JSON, in batches. Work never waits for it: when the collector is away,
/// spans wait up to a limit and then are dropped. A process that dies loses what waits.
class TraceExporter : public Service {
  public:
    TraceExporter(net::Client& http, TraceConfig config);
    ~TraceExporter() override { stop(); }

    /// Threads any
    void take(std::vector<executor::Span> spans);
    executor::SpanSink sink() {
        return [this](std::vector<executor::Span> spans) { take(std::move(spans)); };
    }
    /// The body of a request, for tests too.
    std::string body_of(const std::vector<executor::Span>& spans) const;

  protected:
    Turn turn(std::stop_token stop) override;
    void finish() override;

  private:
    void send(std::stop_token stop, Duration deadline);

    net::Client& http_;
    const TraceConfig config_;
    BoundedQueue<executor::Span> queue_;
    std::vector<executor::Span> pending_{};
    std::atomic<std::uint64_t> dropped_{0};
};

/// Null: the configuration names no collector.
std::unique_ptr<TraceExporter> make_trace_exporter(const Config& config, std::string host, net::Client& http);

}  // namespace sluice::server
