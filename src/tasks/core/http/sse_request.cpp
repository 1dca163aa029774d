#include "base/utf8.h"
#include "net/client.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/core/http/event_stream.h"
#include "tasks/core/http/http_body.h"
#include "value/json.h"
#include "value/truthiness.h"

namespace sluice::tasks {
namespace http_sse_request {

constexpr std::size_t kKeptOfFailure = 64 * 1024;
constexpr std::size_t kMostInOutputs = 10'000;

/// Where the events go, until it is enough.
class Events {
  public:
    Events(const HttpProperties& want, std::size_t longest, plugin::TaskContext& context)
        : want_(want), context_(context), stream_(longest) {}

    Result<void> begin() {
        if (want_.fetch_type != "STORE") return {};
        auto address = context_.file_address("events.ion");
        if (!address) return tl::unexpected(address.error());
        auto writer = context_.storage().create(*address);
        if (!writer) return tl::unexpected(writer.error());
        uri_ = address->text();
        writer_ = std::move(*writer);
        return {};
    }
    Result<void> feed(std::string_view bytes) {
        return stream_.feed(bytes, [this](StreamEvent&& event) { return take(std::move(event)); });
    }
    bool is_enough() const { return enough_; }

    Result<Value> outputs() {
        Value out{{"size", Value(count_)}, {"lastEventId", last_id_.empty() ? Value() : Value(last_id_)}};
        if (writer_) {
            if (auto done = writer_->commit(); !done) return tl::unexpected(done.error());
            out.mutable_map().set("uri", Value(uri_));
        }
        if (want_.fetch_type == "FETCH") out.mutable_map().set("events", Value(std::move(list_)));
        return out;
    }

  private:
    Result<void> take(StreamEvent&& event) {
        const Value shown{{"id", event.id.empty() ? Value() : Value(repaired_utf8(event.id))},
                          {"event", repaired_utf8(event.name)},
                          {"data", repaired_utf8(event.data)}};
        ++count_;
        last_id_ = repaired_utf8(std::move(event.id));
        if (writer_) writer_->write(to_json(shown) + "\n");
        if (want_.fetch_type == "FETCH") {
            if (list_.size() == kMostInOutputs) {
                return refuse(ErrorCode::TooLarge,
                              "more than {} events are too many for outputs: use fetchType: STORE, or maxEvents",
                              kMostInOutputs);
            }
            list_.push_back(shown);
        }
        auto over = is_last(shown);
        if (!over) return tl::unexpected(over.error());
        enough_ = *over || (want_.max_events > 0 && count_ >= want_.max_events);
        // The only way to end a request from inside; who called looks at is_enough() first.
        return enough_ ? refuse(ErrorCode::Cancelled, "enough") : Result<void>{};
    }
    Result<bool> is_last(const Value& event) {
        if (want_.stop_when.empty()) return false;
        Map names;
        names.set("event", event);
        const auto answer = context_.render(want_.stop_when, names);
        if (!answer) return tl::unexpected(answer.error());
        return is_truthy(*answer);
    }

    const HttpProperties& want_;
    plugin::TaskContext& context_;
    EventStream stream_;
    std::string uri_{};
    std::unique_ptr<storage::Writer> writer_{};
    List list_{};
    std::int64_t count_ = 0;
    std::string last_id_{};
    bool enough_ = false;
};

Result<Value> run(const Settings& settings, const HttpProperties& want, plugin::TaskContext& context) {
    auto call = http_call(want, settings, context);
    if (!call) return tl::unexpected(call.error());
    if (!call->request.headers.find("Accept")) call->request.headers.add("Accept", "text/event-stream");
    call->request.options.deadline = want.max_duration;
    log_request(*call, context);
    Events events(want, static_cast<std::size_t>(call->rules.longest_body_bytes), context);
    net::Response head;
    std::string failure;
    net::Receiver receiver;
    receiver.on_head = [&](const net::Response& answer) -> Result<void> {
        head = answer;
        return call->rules.accept(answer.code) ? events.begin() : Result<void>{};
    };
    receiver.on_bytes = [&](std::string_view bytes) -> Result<void> {
        if (call->rules.accept(head.code)) return events.feed(bytes);
        failure += bytes.substr(0, kKeptOfFailure - std::min(kKeptOfFailure, failure.size()));
        return {};
    };
    const auto response = context.http().send(call->request, receiver, context.stop_token());
    const bool in_time = want.max_duration && head.code != 0;  // what came until then is what was asked for
    if (!response && !events.is_enough() && !(in_time && response.error().code == ErrorCode::Timeout)) {
        return tl::unexpected(response.error());
    }
    log_response(*call, head, context);
    if (!call->rules.accept(head.code)) return tl::unexpected(http_failure(call->request, head.code, failure));
    auto outputs = events.outputs();
    if (!outputs) return outputs;
    outputs->mutable_map().set("code", Value(static_cast<std::int32_t>(head.code)));
    outputs->mutable_map().set("headers", headers_output(head.headers));
    return outputs;
}

}  // namespace http_sse_request

plugin::TaskType core_http_sse_request(const Settings& settings) {
    const auto run = [settings](const HttpProperties& want, plugin::TaskContext& context) {
        return http_sse_request::run(settings, want, context);
    };
    plugin::TaskTypeMaker<HttpProperties> type("core.http.SseRequest", run);
    declare_http(type);
    return type.title("Reads a stream of server-sent events.")
        .description(
            "It ends when the server closes the stream, after `maxEvents` or `maxDuration`, or with the event for "
            "which "
            "`stopWhen` holds. The events are lines of a file in the internal storage: `{id, event, data}`.")
        .example("Read the answer of a model until it is done", R"(id: stream
namespace: company.team
tasks:
  - id: answer
    type: io.kestra.plugin.core.http.SseRequest
    uri: https://api.example.com/v1/chat/completions
    method: POST
    body: '{"model": "small", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}'
    stopWhen: "{{ event.data == '[DONE]' }}"
    maxDuration: PT2M
    options:
      auth:
        type: BEARER
        token: "{{ secret('API_TOKEN') }}"
  - id: count
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.answer.size }} events in {{ outputs.answer.uri }}"
)")
        .property("maxEvents", &HttpProperties::max_events, "Ends after so many; 0: no limit")
        .property("maxDuration", &HttpProperties::max_duration, "Ends after that time; default: no limit")
        .property("stopWhen", &HttpProperties::stop_when,
                  "Ends with the event for which it holds, over `event`: id, event, data")
        .unrendered()
        .property("fetchType", &HttpProperties::fetch_type, "Where the events go: a file, the outputs, or nowhere")
        .values({"STORE", "FETCH", "NONE"})
        .output("uri", "Address of the file (STORE)", flow::Shape::Text)
        .output("events", "The events (FETCH)", flow::Shape::List)
        .output("size", "How many", flow::Shape::Integer)
        .output("lastEventId", "Of the last event that had one", flow::Shape::Text)
        .output("code", "Status", flow::Shape::Integer)
        .output("headers", "Lists of values by name", flow::Shape::Map);
}

}  // namespace sluice::tasks
