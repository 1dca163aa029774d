#include "server/trace_exporter.h"

#include "base/trace.h"
#include "server/config.h"
#include "server/version.h"
#include "value/json.h"

namespace sluice::server {
namespace trace_exporter {

constexpr Duration kPoll = 1s;
constexpr Duration kLongestBackOff = 30s;
constexpr Duration kDeadline = 10s;
constexpr Duration kLastDeadline = 2s;

Value attribute(const std::string& key, const std::string& value) {
    return Value{{"key", key}, {"value", Value{{"stringValue", value}}}};
}

std::string nanoseconds(Timestamp at) {
    return std::to_string(at.time_since_epoch().count()) + "000";
}

Value span_on_wire(const executor::Span& span) {
    // The numbers are OTLP's: SPAN_KIND_INTERNAL; STATUS_CODE_OK, STATUS_CODE_ERROR.
    constexpr std::int64_t kInternal = 1, kOk = 1, kError = 2;
    List attributes;
    for (const auto& [key, value] : span.attributes) attributes.push_back(attribute(key, value));
    attributes.push_back(attribute("sluice.execution.id", span.execution_id));
    attributes.push_back(attribute("sluice.state", span.state));
    Map out;
    out.set("traceId", trace_id_of(span.execution_id));
    out.set("spanId", span_id_of(span.id));
    if (!span.parent.empty()) out.set("parentSpanId", span_id_of(span.parent));
    out.set("name", span.name);
    out.set("kind", kInternal);
    out.set("startTimeUnixNano", nanoseconds(span.started_at));
    out.set("endTimeUnixNano", nanoseconds(span.ended_at));
    out.set("attributes", Value(std::move(attributes)));
    if (!span.caller_execution_id.empty()) {
        const std::string& run = span.caller_task_run_id.empty() ? span.caller_execution_id : span.caller_task_run_id;
        out.set("links",
                Value(List{Value{{"traceId", trace_id_of(span.caller_execution_id)}, {"spanId", span_id_of(run)}}}));
    }
    out.set("status", Value{{"code", span.failed ? kError : kOk}});
    return Value(std::move(out));
}

std::string address_of(const std::string& endpoint) {
    const auto host = endpoint.find("://");
    const auto path = endpoint.find('/', host == std::string::npos ? 0 : host + 3);
    if (path != std::string::npos && path + 1 < endpoint.size()) return endpoint;
    return endpoint.substr(0, path) + "/v1/traces";
}

}  // namespace trace_exporter

using namespace trace_exporter;

TraceExporter::TraceExporter(net::Client& http, TraceConfig config)
    : Service("traces", {.poll = kPoll, .longest_back_off = kLongestBackOff}),
      http_(http),
      config_(std::move(config)),
      queue_(config_.capacity) {}

void TraceExporter::take(std::vector<executor::Span> spans) {
    for (executor::Span& span : spans) {
        if (!queue_.try_push(std::move(span))) ++dropped_;
    }
    if (queue_.size() >= config_.batch && !troubled()) waker().wake();  // a wake would end the back-off
}

std::string TraceExporter::body_of(const std::vector<executor::Span>& spans) const {
    List wire;
    for (const executor::Span& span : spans) wire.push_back(span_on_wire(span));
    const List about{attribute("service.name", "sluice"), attribute("service.version", config_.version),
                     attribute("host.name", config_.host)};
    return to_json(Value{
        {"resourceSpans", Value(List{Value{{"resource", Value{{"attributes", Value(about)}}},
                                           {"scopeSpans", Value(List{Value{{"scope", Value{{"name", "sluice"}}},
                                                                           {"spans", Value(std::move(wire))}}})}}})}});
}

/// Errors  OutsideError: the collector can't take it now, and gets the same again
void TraceExporter::send(std::stop_token stop, Duration deadline) {
    net::Request request;
    request.method = "POST";
    request.url = address_of(config_.endpoint);
    request.headers.add("Content-Type", "application/json");
    if (!config_.authorization.empty()) request.headers.add("Authorization", config_.authorization);
    request.body = body_of(pending_);
    request.options.deadline = deadline;
    request.options.follow_redirects = false;  // spans and credentials are for this host
    const net::Receiver nothing{.on_bytes = [](std::string_view) { return Result<void>(); }};  // however long it is
    const auto answer = http_.send(request, nothing, std::move(stop));
    if (!answer) throw OutsideError("the collector of traces: " + answer.error().message);
    constexpr int kTooMany = 429, kServerErrors = 500;
    if (answer->code == kTooMany || answer->code >= kServerErrors)
        throw OutsideError(fmt::format("the collector of traces answered {}", answer->code));
    constexpr int kRefused = 300;
    if (answer->code >= kRefused) log_.warn("traces.refused", {{"status", answer->code}, {"spans", pending_.size()}});
    pending_.clear();
}

Turn TraceExporter::turn(std::stop_token stop) {
    if (const std::uint64_t dropped = dropped_.exchange(0); dropped > 0)
        log_.warn("traces.dropped", {{"spans", dropped}, {"why", "the collector takes them too slowly"}});
    if (pending_.empty()) pending_ = queue_.pop_many(stop, Duration{0}, config_.batch);
    if (pending_.empty()) return Turn::Idle;
    send(std::move(stop), kDeadline);
    return Turn::Worked;
}

void TraceExporter::finish() {
    if (pending_.empty()) pending_ = queue_.pop_many({}, Duration{0}, config_.batch);
    if (pending_.empty()) return;
    try {
        send({}, kLastDeadline);
    } catch (const OutsideError& away) {
        log_.warn("traces.dropped", {{"spans", pending_.size()}, {"why", std::string_view(away.what())}});
    }
}

std::unique_ptr<TraceExporter> make_trace_exporter(const Config& config, std::string host, net::Client& http) {
    if (config.traces.endpoint.empty()) return nullptr;
    TraceConfig out;
    out.endpoint = config.traces.endpoint;
    out.authorization = config.traces.authorization;
    out.version = version();
    out.host = std::move(host);
    return std::make_unique<TraceExporter>(http, std::move(out));
}

}  // namespace sluice::server
