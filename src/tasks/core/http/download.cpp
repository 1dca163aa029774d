#include "net/client.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/core/http/file_name.h"
#include "tasks/core/http/http_properties.h"

namespace sluice::tasks {
namespace http_download {

constexpr std::size_t kKeptOfFailure = 64 * 1024;  // of the body of an answer that is a failure, for its message
constexpr int kMostContinued = 3;

/// Where the body goes: into a file when the answer is accepted, else into the message.
struct Target {
    storage::Uri address{};
    std::unique_ptr<storage::Writer> writer{};
    std::uint64_t size = 0;
    std::string failure{};
    net::Response head{};  // of the first answer
};

/// A connection that broke is taken up where it broke, when the server says by an ETag that it is the same file.
bool can_continue(const net::Request& request, const Target& target, const Error& error) {
    const net::Headers& told = target.head.headers;
    const auto etag = told.find("ETag");
    return error.code == ErrorCode::Unavailable && target.writer && target.size > 0 && request.method == "GET" &&
           std::holds_alternative<std::monostate>(request.body) && etag && !etag->starts_with("W/") &&
           told.find("Accept-Ranges") == "bytes" && !told.find("Content-Encoding") && !request.headers.find("Range");
}

Result<net::Response> fetch(const net::Request& request, const net::Receiver& receiver, Target& target,
                            plugin::TaskContext& context) {
    auto response = context.http().send(request, receiver, context.stop_token());
    for (int i = 0; i < kMostContinued && !response && can_continue(request, target, response.error()); ++i) {
        context.log(LogLevel::Warn, fmt::format("{}; going on after {} bytes", response.error().message, target.size));
        net::Request rest = request;
        rest.headers.add("Range", fmt::format("bytes={}-", target.size));
        rest.headers.add("If-Range", *target.head.headers.find("ETag"));
        net::Receiver more = receiver;
        more.on_head = [](const net::Response& head) -> Result<void> {
            if (head.code == 206) return {};
            return refuse(ErrorCode::Conflict,
                          "the server does not continue the download: the file is another one by now");
        };
        response = context.http().send(rest, more, context.stop_token());
        if (response) response = target.head;
    }
    return response;
}

std::string file_name(const HttpProperties& want, const net::Response& head) {
    if (want.save_as && !want.save_as->empty()) return *want.save_as;
    if (const auto told = head.headers.find("Content-Disposition")) {
        if (const auto name = disposition_file_name(*told)) return *name;
    }
    const std::string name = url_file_name(want.uri);
    return name.empty() ? "download" : name;
}

Result<void> begin(Target& target, const HttpProperties& want, const net::Response& head,
                   plugin::TaskContext& context) {
    auto address = context.file_address(file_name(want, head));
    if (!address) return tl::unexpected(address.error());
    target.address = std::move(*address);
    auto writer = context.storage().create(target.address);
    if (!writer) return tl::unexpected(writer.error());
    target.writer = std::move(*writer);
    return {};
}

Result<Value> run(const Settings& settings, const HttpProperties& want, plugin::TaskContext& context) {
    const auto call = http_call(want, settings, context);
    if (!call) return tl::unexpected(call.error());
    log_request(*call, context);
    Target target;
    net::Receiver receiver;
    receiver.on_head = [&](const net::Response& head) -> Result<void> {
        target.head = head;
        if (!call->rules.accept(head.code)) return {};
        return begin(target, want, head, context);
    };
    receiver.on_bytes = [&](std::string_view bytes) -> Result<void> {
        target.size += bytes.size();
        if (target.writer)
            target.writer->write(bytes);
        else if (target.failure.size() < kKeptOfFailure)
            target.failure += bytes.substr(0, kKeptOfFailure - target.failure.size());
        return {};
    };
    const auto response = fetch(call->request, receiver, target, context);
    if (!response) return tl::unexpected(response.error());
    log_response(*call, *response, context);
    if (!call->rules.accept(response->code)) {
        return tl::unexpected(http_failure(call->request, response->code, target.failure));
    }
    if (target.size == 0) {
        if (want.fail_on_empty_response) return refuse(ErrorCode::Unavailable, "No response from server");
        context.log(LogLevel::Warn, "the server's answer is empty");
    }
    if (!target.writer) {
        if (auto begun = begin(target, want, *response, context); !begun) return tl::unexpected(begun.error());
    }
    if (auto done = target.writer->commit(); !done) return tl::unexpected(done.error());
    context.metric("response.length", "counter", static_cast<double>(target.size),
                   Value{{"request.method", call->request.method}, {"response.code", std::to_string(response->code)}});
    return Value{{"uri", target.address.text()},
                 {"code", Value(static_cast<std::int32_t>(response->code))},
                 {"length", Value(static_cast<std::int64_t>(target.size))},
                 {"headers", headers_output(response->headers)}};
}

}  // namespace http_download

plugin::TaskType core_http_download(const Settings& settings) {
    const auto run = [settings](const HttpProperties& want, plugin::TaskContext& context) {
        return http_download::run(settings, want, context);
    };
    plugin::TaskTypeMaker<HttpProperties> type("core.http.Download", run);
    declare_http(type);
    return type.title("Downloads a file into the internal storage.")
        .description("The file is streamed, whatever its size. Other tasks read it by `{{ outputs.id.uri }}`.")
        .example("Download and count", R"(id: download
namespace: company.team
tasks:
  - id: file
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/orders.csv
  - id: count
    type: io.kestra.plugin.scripts.shell.Commands
    commands:
      - wc -l < {{ outputs.file.uri }}
)")
        .alias("io.kestra.plugin.fs.http.Download")
        .property("failOnEmptyResponse", &HttpProperties::fail_on_empty_response, "An empty answer is a failure")
        .property("saveAs", &HttpProperties::save_as, "Name of the file; default: as the server or the URI says")
        .output("uri", "Address of the file", flow::Shape::Text)
        .output("code", "Status", flow::Shape::Integer)
        .output("length", "Bytes", flow::Shape::Integer)
        .output("headers", "Lists of values by name", flow::Shape::Map);
}

}  // namespace sluice::tasks
