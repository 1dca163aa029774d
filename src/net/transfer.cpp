#include "net/transfer.h"

#include <cerrno>
#include <cstring>

#include "base/utf8.h"
#include "net/address.h"

namespace sluice::net {
namespace {

constexpr Duration kLongestNap = 60s;
constexpr std::size_t kStopWriting = CURL_WRITEFUNC_ERROR;

std::string_view trimmed(std::string_view text) {
    const std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

Error error_of(ErrorCode code, std::string message) {
    return {code, std::move(message)};
}

}  // namespace

Transfer::Transfer(const Session& session, const Request& request, const Receiver& receiver, const ClientConfig& config)
    : session_(session), request_(request), receiver_(receiver), config_(config) {}

Transfer::~Transfer() {
    ::curl_easy_reset(session_.easy());
}

Result<Response> Transfer::run(std::stop_token stop) {
    if (const auto ready = set_up(); !ready) return tl::unexpected(ready.error());
    ::curl_multi_add_handle(session_.multi(), session_.easy());
    Result<void> waited;
    {
        // A stop ends the pause at once.
        const std::stop_callback wake(stop, [this] { ::curl_multi_wakeup(session_.multi()); });
        waited = wait(stop);
    }
    CURLcode code = CURLE_OK;
    int left = 0;
    while (const CURLMsg* message = ::curl_multi_info_read(session_.multi(), &left)) {
        if (message->msg == CURLMSG_DONE) code = message->data.result;
    }
    ::curl_multi_remove_handle(session_.multi(), session_.easy());
    if (thrown_) std::rethrow_exception(thrown_);
    if (!waited) return tl::unexpected(waited.error());
    return finish(code);
}

Result<void> Transfer::wait(const std::stop_token& stop) {
    for (int running = 1;;) {
        if (const auto checked = check_limits(stop); !checked) return checked;
        const CURLMcode code = ::curl_multi_perform(session_.multi(), &running);
        if (code != CURLM_OK) return refuse(ErrorCode::Unavailable, "libcurl: {}", ::curl_multi_strerror(code));
        if (running == 0) return {};
        const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(nap()).count();
        ::curl_multi_poll(session_.multi(), nullptr, 0, static_cast<int>(milliseconds), nullptr);
    }
}

Duration Transfer::nap() const {
    const Options& options = request_.options;
    const auto left = [now = Clock::now()](Clock::time_point since, Duration limit) {
        return std::chrono::duration_cast<Duration>(since + limit - now);
    };
    Duration out = std::min(kLongestNap, left(moved_, options.idle_timeout));
    if (options.deadline) out = std::min(out, left(started_, *options.deadline));
    return std::max(out, Duration{0});
}

Result<void> Transfer::check_limits(const std::stop_token& stop) const {
    const Options& options = request_.options;
    const auto now = Clock::now();
    if (stop.stop_requested()) return refuse(ErrorCode::Cancelled, "the request to {} was stopped", host());
    if (options.deadline && now >= started_ + *options.deadline) {
        return refuse(ErrorCode::Timeout, "the request to {} took longer than {}", host(),
                      for_people(*options.deadline));
    }
    if (now >= moved_ + options.idle_timeout) {
        return refuse(ErrorCode::Timeout, "nothing came from {} for {}", host(), for_people(options.idle_timeout));
    }
    return {};
}

template <class Action>
bool Transfer::without_exceptions(const Action& action) noexcept {
    try {
        action();
        return true;
    } catch (...) {
        thrown_ = std::current_exception();
        return false;
    }
}

std::size_t Transfer::take_header(char* bytes, std::size_t one, std::size_t size, void* self) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    return transfer.without_exceptions([&] { transfer.header_line({bytes, one * size}); }) ? one * size : kStopWriting;
}

void Transfer::header_line(std::string_view line) {
    if (line.starts_with("HTTP/")) {  // a new response: after 100 Continue, a redirect, or a proxy's own
        response_.headers.clear();
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    // Servers send names of files and the like in any encoding; headers become outputs, which are UTF-8.
    response_.headers.add(repaired_utf8(std::string(trimmed(line.substr(0, colon)))),
                          repaired_utf8(std::string(trimmed(line.substr(colon + 1)))));
}

std::size_t Transfer::take_body(char* bytes, std::size_t one, std::size_t size, void* self) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    const bool ran = transfer.without_exceptions([&] {
        if (const auto taken = transfer.body_bytes({bytes, one * size}); !taken) transfer.own_error_ = taken.error();
    });
    return ran && !transfer.own_error_ ? one * size : kStopWriting;
}

Result<void> Transfer::body_bytes(std::string_view bytes) {
    if (auto announced = announce_head(); !announced) return announced;
    body_size_ += bytes.size();
    const auto& longest = request_.options.longest_body_bytes;
    if (longest && body_size_ > *longest) {
        return refuse(ErrorCode::TooLarge, "the answer of {} is longer than {} bytes", host(), *longest);
    }
    return receiver_.on_bytes(bytes);
}

Result<void> Transfer::announce_head() {
    if (std::exchange(head_announced_, true)) return {};
    long code = 0;
    ::curl_easy_getinfo(session_.easy(), CURLINFO_RESPONSE_CODE, &code);
    const char* url = nullptr;
    ::curl_easy_getinfo(session_.easy(), CURLINFO_EFFECTIVE_URL, &url);
    response_.code = static_cast<int>(code);
    response_.url = url == nullptr ? request_.url : url;
    return receiver_.on_head ? receiver_.on_head(response_) : Result<void>{};
}

int Transfer::count_progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t sent) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    if (std::exchange(transfer.bytes_, received + sent) != received + sent) transfer.moved_ = Clock::now();
    return 0;
}

curl_socket_t Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    if (transfer.request_.options.reach == Reach::PublicOnly && address->family != AF_UNIX) {
        sockaddr_storage target{};
        std::memcpy(&target, &address->addr, std::min<std::size_t>(address->addrlen, sizeof(target)));
        if (is_special(target)) {
            transfer.refused_address_ = text_of(target);
            return CURL_SOCKET_BAD;
        }
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

Result<Response> Transfer::finish(CURLcode code) {
    if (own_error_) return tl::unexpected(*own_error_);
    if (code != CURLE_OK) return tl::unexpected(explain(code));
    if (const auto announced = announce_head(); !announced) return tl::unexpected(announced.error());
    return std::move(response_);
}

Error Transfer::explain(CURLcode code) const {
    const std::string where = host();
    const std::string detail = error_text_[0] != '\0' ? error_text_.data() : ::curl_easy_strerror(code);
    const auto unavailable = [](std::string message) { return error_of(ErrorCode::Unavailable, std::move(message)); };
    long error = 0;
    ::curl_easy_getinfo(session_.easy(), CURLINFO_OS_ERRNO, &error);
    if (!refused_address_.empty() && code == CURLE_COULDNT_CONNECT) {
        return error_of(ErrorCode::Forbidden,
                        fmt::format("{} leads to {}, which is no public address: requests from here may only reach "
                                    "public ones",
                                    where, refused_address_));
    }
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return error_of(
                ErrorCode::Invalid,
                fmt::format("'{}' is no URL that can be requested ({}): expected http:// or https:// and a host",
                            where.empty() ? request_.url : where, detail));
        case CURLE_COULDNT_RESOLVE_HOST:
            return unavailable(
                fmt::format("the host {} can't be found: is the name right, and does this server's DNS "
                            "know it?",
                            where));
        case CURLE_COULDNT_RESOLVE_PROXY:
            return unavailable(
                fmt::format("the proxy {} can't be found", request_.options.proxy ? request_.options.proxy->host : ""));
        case CURLE_COULDNT_CONNECT:
            return unavailable(fmt::format("no connection to {}: {}", where,
                                           error != 0 ? std::strerror(static_cast<int>(error)) : detail));
        case CURLE_OPERATION_TIMEDOUT:
            return error_of(ErrorCode::Timeout, fmt::format("no connection to {} within {}", where,
                                                            for_people(request_.options.connect_timeout)));
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
            return unavailable(fmt::format("the certificate of {} is not trusted: {}", where, detail));
        case CURLE_SSL_CERTPROBLEM:
            return error_of(ErrorCode::Invalid,
                            fmt::format("the client certificate or its key can't be used: {}", detail));
        case CURLE_SSL_CONNECT_ERROR:
            return unavailable(fmt::format("no TLS connection to {}: {}", where, detail));
        case CURLE_GOT_NOTHING:
            return unavailable(fmt::format("{} closed the connection without an answer", where));
        case CURLE_PARTIAL_FILE:
            return unavailable(fmt::format("{} closed the connection in the middle of its answer: {}", where, detail));
        case CURLE_TOO_MANY_REDIRECTS:
            return unavailable(fmt::format("the request was redirected too often, at last to {}", where));
        case CURLE_SEND_FAIL_REWIND:
            return unavailable(fmt::format("{} wants the body a second time, but it can be read only once", where));
        default:
            return unavailable(fmt::format("the request to {} failed: {}", where, detail));
    }
}

/// Host and port without credentials; of the last redirect, if there was one. Empty when the URL can't be read.
std::string Transfer::host() const {
    const char* effective = nullptr;
    ::curl_easy_getinfo(session_.easy(), CURLINFO_EFFECTIVE_URL, &effective);
    const std::unique_ptr<CURLU, void (*)(CURLU*)> url(::curl_url(), ::curl_url_cleanup);
    const auto part = [&](CURLUPart which) {
        char* text = nullptr;
        if (::curl_url_get(url.get(), which, &text, 0) != CURLUE_OK) return std::string();
        const std::unique_ptr<char, void (*)(void*)> owned(text, ::curl_free);
        return std::string(text);
    };
    const std::string text = effective != nullptr && *effective != '\0' ? effective : request_.url;
    if (::curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return {};
    const std::string port = part(CURLUPART_PORT);
    return part(CURLUPART_HOST) + (port.empty() ? "" : ":" + port);
}

}  // namespace sluice::net
