#include "net/client.h"

#include <new>

#include "net/session.h"
#include "net/transfer.h"

namespace sluice::net {
namespace {

constexpr long kConnectionsOfSession = 4;  // redirects may lead over several hosts

void initialise_libcurl() {
    // Once in a process: libcurl keeps count, and a second initialisation while another thread works is not safe.
    static const CURLcode code = ::curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) throw OutsideError(fmt::format("libcurl does not start: {}", ::curl_easy_strerror(code)));
}

/// What connections depend on and libcurl does not look at when it chooses one that is open; and where they lead, so
/// that the session with the right connection is taken.
std::string key_of(const Request& request) {
    const std::size_t scheme = request.url.find("://");
    const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
    const std::size_t end = std::min(request.url.find_first_of("/?#", host), request.url.size());
    return request.url.substr(0, end);
}

}  // namespace

Session::Session() : multi_(::curl_multi_init()), easy_(::curl_easy_init()) {
    if (!multi_ || !easy_) throw std::bad_alloc();
    ::curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kConnectionsOfSession);
}

struct Client::Idle {
    Reach reach = Reach::Anywhere;  // a connection that was made without the check must not serve a request with it
    std::string key{};
    std::unique_ptr<Session> session{};
};

Client::Client(ClientConfig config) : config_(std::move(config)) {
    initialise_libcurl();
}
Client::~Client() = default;

Result<Response> Client::send(const Request& request, std::stop_token stop) {
    std::string body;
    const Receiver receiver{.on_bytes = [&](std::string_view bytes) -> Result<void> {
        body += bytes;
        return {};
    }};
    auto response = send(request, receiver, std::move(stop));
    if (response) response->body = std::move(body);
    return response;
}

Result<Response> Client::send(const Request& request, const Receiver& receiver, std::stop_token stop) {
    std::unique_ptr<Session> session = take_session(request);
    auto response = Transfer(*session, request, receiver, config_).run(std::move(stop));
    give_back(std::move(session), request);
    return response;
}

std::unique_ptr<Session> Client::take_session(const Request& request) {
    auto found = idle_.with([&](std::deque<Idle>& idle) -> std::unique_ptr<Session> {
        const std::string key = key_of(request);
        const auto fits = [&](const Idle& entry) { return entry.reach == request.options.reach && entry.key == key; };
        const auto it = std::find_if(idle.begin(), idle.end(), fits);
        if (it == idle.end()) return {};
        auto session = std::move(it->session);
        idle.erase(it);
        return session;
    });
    return found ? std::move(found) : std::make_unique<Session>();
}

void Client::give_back(std::unique_ptr<Session> session, const Request& request) {
    Idle oldest;  // its connections close outside the lock
    idle_.with([&](std::deque<Idle>& idle) {
        idle.push_back({request.options.reach, key_of(request), std::move(session)});
        if (idle.size() <= config_.idle_sessions) return;
        oldest = std::move(idle.front());
        idle.pop_front();
    });
}

}  // namespace sluice::net
