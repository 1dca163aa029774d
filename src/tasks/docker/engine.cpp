#include "tasks/docker/engine.h"

#include <fstream>

#include "value/json.h"

namespace sluice::tasks {
namespace docker_engine {

constexpr const char* kVersion = "/v1.40";  // Docker 19.03 and Podman 3 know it
constexpr std::string_view kUnix = "unix://";
constexpr std::string_view kTcp = "tcp://";
constexpr Duration kConnect = 5s;
constexpr Duration kSilence = 24h * 365;  // a container may be quiet for as long as it likes
constexpr Duration kCleaning = 60s;
constexpr std::size_t kLongestMessage = 1024 * 1024;

Error error_of(const net::Response& response, const std::string& body, const std::string& path) {
    const auto read = parse_json(body);
    std::string message = read && read->is_map() ? read->text("message") : body;
    if (message.empty()) message = fmt::format("status {} for {}", response.code, path);
    const ErrorCode code = response.code == 404   ? ErrorCode::NotFound
                           : response.code == 409 ? ErrorCode::Conflict
                           : response.code == 400 ? ErrorCode::Invalid
                                                  : ErrorCode::Unavailable;
    return {code, "the container engine says: " + message};
}

class FileSource : public net::Source {
  public:
    explicit FileSource(const std::filesystem::path& file)
        : size_(std::filesystem::file_size(file)), in_(file, std::ios::binary) {}

    std::size_t read(std::span<char> buffer) override {
        in_.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        return static_cast<std::size_t>(in_.gcount());
    }
    std::optional<std::uint64_t> size_bytes() const override { return size_; }
    bool rewind() override {
        in_.clear();
        return static_cast<bool>(in_.seekg(0));
    }

  private:
    std::uint64_t size_;
    std::ifstream in_;
};

std::string usual_socket() {
    std::vector<std::string> places{"/var/run/docker.sock", "/run/podman/podman.sock"};
    if (const char* own = ::getenv("XDG_RUNTIME_DIR")) places.push_back(std::string(own) + "/podman/podman.sock");
    std::error_code none;
    for (const std::string& place : places) {
        if (std::filesystem::is_socket(place, none)) return place;
    }
    return places.front();
}

}  // namespace docker_engine

Result<EngineAddress> parse_engine_address(const std::string& text) {
    using namespace docker_engine;
    if (text.starts_with(kUnix) && text.size() > kUnix.size() + 1) {
        return EngineAddress{text, text.substr(kUnix.size()), "http://engine"};
    }
    if (text.starts_with(kTcp) && text.size() > kTcp.size()) {
        return EngineAddress{text, "", "http://" + text.substr(kTcp.size())};
    }
    return invalid("'{}' is no address of a container engine: expected unix:///path/of/docker.sock or tcp://host:port",
                   text);
}

Result<EngineAddress> engine_address(const std::string& of_task, const DockerSettings& settings) {
    if (!of_task.empty()) return parse_engine_address(of_task);
    if (!settings.host.empty()) return parse_engine_address(settings.host);
    return parse_engine_address("unix://" + docker_engine::usual_socket());
}

Engine Engine::unstoppable() const {
    Engine out(*http_, address_, {});
    out.deadline_ = docker_engine::kCleaning;
    return out;
}

Result<void> Engine::ping() {
    auto answered = call({.path = "/_ping"});
    if (answered || answered.error().code == ErrorCode::Cancelled) return {};
    return refuse(ErrorCode::Unavailable, "no container engine answers at {}: {}", address_.text,
                  answered.error().message);
}

Result<net::Response> Engine::send(const Call& call, const std::function<Result<void>(std::string_view)>& on_bytes) {
    net::Request request;
    request.method = call.method;
    const bool is_ping = call.path == "/_ping";
    request.url = net::with_query(address_.base + (is_ping ? "" : docker_engine::kVersion) + call.path, call.query);
    request.headers = call.headers;
    if (!call.content_type.empty()) request.headers.add("Content-Type", call.content_type);
    request.body = call.body;
    request.options.unix_socket = address_.unix_socket;
    request.options.connect_timeout = docker_engine::kConnect;
    request.options.idle_timeout = docker_engine::kSilence;
    request.options.deadline = is_ping ? std::optional(docker_engine::kConnect) : deadline_;
    request.options.follow_redirects = false;
    std::string failure;
    bool good = false;
    const net::Receiver receiver{.on_head = [&](const net::Response& head) -> Result<void> {
                                     good = head.code < 400;
                                     return {};
                                 },
                                 .on_bytes = [&](std::string_view bytes) -> Result<void> {
                                     if (good) return on_bytes(bytes);
                                     if (failure.size() < docker_engine::kLongestMessage) failure += bytes;
                                     return {};
                                 }};
    auto response = http_->send(request, receiver, stop_);
    if (!response) return response;
    if (response->code >= 400) return tl::unexpected(docker_engine::error_of(*response, failure, call.path));
    return response;
}

Result<Value> Engine::call(const Call& call) {
    std::string body;
    const auto response = send(call, [&](std::string_view bytes) -> Result<void> {
        body += bytes;
        return {};
    });
    if (!response) return tl::unexpected(response.error());
    const auto type = response->headers.find("Content-Type");
    if (body.empty() || !type || type->find("json") == std::string::npos) return Value();
    auto read = parse_json(body);
    if (!read) return refuse(ErrorCode::Unavailable, "the container engine answers no JSON to {}", call.path);
    return read;
}

Result<void> Engine::stream(const Call& call, const std::function<Result<void>(std::string_view)>& on_bytes) {
    const auto response = send(call, on_bytes);
    if (!response) return tl::unexpected(response.error());
    return {};
}

Result<void> EngineProgress::feed(std::string_view bytes) {
    pending_ += bytes;
    std::size_t from = 0;
    for (std::size_t end = 0; (end = pending_.find('\n', from)) != std::string::npos; from = end + 1) {
        if (auto taken = line(std::string_view(pending_).substr(from, end - from)); !taken) return taken;
    }
    pending_.erase(0, from);
    if (pending_.size() > docker_engine::kLongestMessage) {
        return refuse(ErrorCode::Unavailable, "the container engine sends a message without an end");
    }
    return {};
}

Result<void> EngineProgress::line(std::string_view text) {
    const auto message = parse_json(text);
    if (!message || !message->is_map()) return {};  // blank lines, and news that we do not know
    const std::string error = message->text("error");
    if (!error.empty()) return refuse(ErrorCode::Unavailable, "the container engine says: {}", error);
    take_(*message);
    return {};
}

std::shared_ptr<net::Source> file_source(const std::filesystem::path& file) {
    return std::make_shared<docker_engine::FileSource>(file);
}

}  // namespace sluice::tasks
