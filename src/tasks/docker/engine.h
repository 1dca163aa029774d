#pragma once
#include <filesystem>
#include <functional>

#include "net/client.h"
#include "tasks/settings.h"
#include "value/value.h"

namespace sluice::tasks {

/// Where a container engine listens.
struct EngineAddress {
    std::string text{};         // as it was given: unix:///run/docker.sock
    std::string unix_socket{};  // empty: `base` is a host
    std::string base{};         // http://host:port
};

/// Errors  Invalid: neither unix:// nor tcp://
Result<EngineAddress> parse_engine_address(const std::string& text);
/// The first of: what the task says, what the configuration says, a usual socket that is there. One that is not there,
/// where there is none.
Result<EngineAddress> engine_address(const std::string& of_task, const DockerSettings& settings);

/// The API of Docker, which Podman speaks, too.
/// Threads  one at a time
class Engine {
  public:
    /// stop  ends calls that wait
    Engine(net::Client& http, EngineAddress address, std::stop_token stop)
        : http_(&http), address_(std::move(address)), stop_(std::move(stop)) {}

    const EngineAddress& address() const { return address_; }
    /// The same one, for calls that must go on although the task was stopped: they have a deadline.
    Engine unstoppable() const;

    /// The same one, whose calls end by another token.
    Engine stopped_by(std::stop_token stop) const { return {*http_, address_, std::move(stop)}; }
    /// Errors  Unavailable: nobody answers there
    Result<void> ping();

    struct Call {
        std::string method = "GET";
        std::string path{};
        net::Pairs query{};
        net::Body body{};
        std::string content_type{};
        net::Headers headers{};
    };
    /// The JSON of its answer; null where there is none.
    /// Errors  the engine's own message, NotFound for 404, Conflict for 409
    Result<Value> call(const Call& call);
    /// The same, with the bytes of a good answer as they come.
    Result<void> stream(const Call& call, const std::function<Result<void>(std::string_view)>& on_bytes);

  private:
    Result<net::Response> send(const Call& call, const std::function<Result<void>(std::string_view)>& on_bytes);

    net::Client* http_;
    EngineAddress address_;
    std::stop_token stop_;
    std::optional<Duration> deadline_{};
};

/// JSON texts, one after the other, as the engine tells the progress of pulls, pushes and builds.
class EngineProgress {
  public:
    using Take = std::function<void(const Value& message)>;
    explicit EngineProgress(Take take) : take_(std::move(take)) {}

    /// Errors  what the engine says went wrong
    Result<void> feed(std::string_view bytes);

  private:
    Result<void> line(std::string_view text);

    Take take_;
    std::string pending_{};
};

/// A file of this machine as the body of a request.
std::shared_ptr<net::Source> file_source(const std::filesystem::path& file);

}  // namespace sluice::tasks
