#pragma once
#include <chrono>
#include <exception>
#include <stop_token>

#include "net/client.h"
#include "net/session.h"
#include "net/source_reader.h"

namespace sluice::net {

/// One request and its response on one session.
class Transfer {
  public:
    Transfer(const Session& session, const Request& request, const Receiver& receiver, const ClientConfig& config);

    /// Takes everything of this request out of the session again.
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// Errors  as Client::send
    Result<Response> run(std::stop_token stop);

  private:
    using Clock = std::chrono::steady_clock;

    // What libcurl is told (transfer_setup.cpp)
    Result<void> set_up();
    Result<void> set_headers();
    Result<void> set_body(const std::string& method);
    void set_multipart(const Multipart& form);
    void set_source(Source& source, const std::string& method);
    void set_authentication();
    void set_proxy();
    void set_tls();
    void set_blob(CURLoption option, const std::string& text);
    void set_callbacks();
    template <class T>
    void set(CURLoption option, T value);

    // What libcurl calls; each turns exceptions into an end of the transfer.
    static std::size_t take_header(char* bytes, std::size_t one, std::size_t size, void* self);
    static std::size_t take_body(char* bytes, std::size_t one, std::size_t size, void* self);
    static int count_progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t sent);
    static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

    /// Runs what may throw, for libcurl, which is C. false: it threw; the exception goes on when libcurl has returned
    template <class Action>
    bool without_exceptions(const Action& action) noexcept;
    Result<void> wait(const std::stop_token& stop);
    Result<void> check_limits(const std::stop_token& stop) const;
    Duration nap() const;
    void header_line(std::string_view line);
    Result<void> body_bytes(std::string_view bytes);
    Result<void> announce_head();
    Result<Response> finish(CURLcode code);
    Error explain(CURLcode code) const;
    std::string host() const;

    const Session& session_;
    const Request& request_;
    const Receiver& receiver_;
    const ClientConfig& config_;
    Clock::time_point started_ = Clock::now();
    Clock::time_point moved_ = Clock::now();  // the last byte in either direction
    curl_off_t bytes_ = 0;
    std::uint64_t body_size_ = 0;
    bool head_announced_ = false;
    Response response_{};
    std::optional<Error> own_error_{};  // the reason why we ended it ourselves
    std::exception_ptr thrown_{};
    std::string refused_address_{};  // by Options::reach
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    std::unique_ptr<curl_slist, FreeList> header_list_{};
    std::unique_ptr<curl_mime, FreeMime> mime_{};
    std::vector<std::unique_ptr<SourceReader>> readers_{};
};

}  // namespace sluice::net
