#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace sluice::net {

struct Header {
    std::string name{};
    std::string value{};
    bool operator==(const Header&) const = default;
};

/// Header fields in the order and spelling in which they were sent or received.
class Headers {
  public:
    Headers() = default;
    Headers(std::initializer_list<Header> fields) : fields_(fields) {}

    void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
    void clear() { fields_.clear(); }
    /// The first value of that name, in any case.
    std::optional<std::string> find(std::string_view name) const;
    std::vector<std::string> all(std::string_view name) const;
    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    std::size_t size() const { return fields_.size(); }

  private:
    std::vector<Header> fields_{};
};

/// Bytes that are pulled while a request is sent. Used by one thread.
class Source {
  public:
    virtual ~Source() = default;
    /// Fills the buffer as far as possible; 0 means the end. An exception ends the request and goes on.
    virtual std::size_t read(std::span<char> buffer) = 0;
    /// Empty: not known, so that the body is sent in chunks.
    virtual std::optional<std::uint64_t> size_bytes() const = 0;
    /// Back to the beginning, for redirects and authentication. false: not possible
    virtual bool rewind() { return false; }
};

struct Part {
    std::string name{};
    std::variant<std::string, std::shared_ptr<Source>> content{};
    std::optional<std::string> file_name{};  // makes it a file
    std::string content_type{};              // empty: text/plain for texts, application/octet-stream for files
};
struct Multipart {
    std::vector<Part> parts{};
};

/// Nothing, text, a stream, or a form with files.
using Body = std::variant<std::monostate, std::string, std::shared_ptr<Source>, Multipart>;

struct BasicAuth {
    std::string user{};
    std::string password{};
};
struct DigestAuth {
    std::string user{};
    std::string password{};
};
struct BearerAuth {
    std::string token{};
};
using Auth = std::variant<std::monostate, BasicAuth, DigestAuth, BearerAuth>;

struct Proxy {
    enum class Kind { Http, Socks } kind = Kind::Http;
    std::string host{};
    std::uint16_t port = 0;
    std::string user{};
    std::string password{};
};

enum class Reach {
    Anywhere,
    PublicOnly,  // no loopback, private, link-local or other special address, whatever name leads to it
};

struct Options {
    Duration connect_timeout = 30s;
    Duration idle_timeout = 5min;        // without a byte in either direction
    std::optional<Duration> deadline{};  // for all of it, redirects too
    bool follow_redirects = true;
    std::optional<Proxy> proxy{};          // the environment's proxies are never used
    Auth auth{};                           // not sent to another host after a redirect
    bool insecure_tls = false;             // any certificate will do
    std::string ca_file{};                 // authorities to trust; empty: the system's
    std::string ca_pem{};                  // the same as text; goes before the file
    std::string client_certificate_pem{};  // shown to servers that ask for one
    std::string client_key_pem{};
    std::string client_key_password{};
    bool path_as_is = false;                            // "/a/../b" is not made "/b"
    std::optional<std::uint64_t> longest_body_bytes{};  // of the response, decompressed
    bool decompress = true;                             // offer and undo gzip, deflate, br, zstd
    Reach reach = Reach::Anywhere;  // with a proxy it holds for the proxy's address, not for the host behind it
    std::string unix_socket{};      // instead of the host of the URL
};

struct Request {
    std::string method = "GET";
    std::string url{};
    Headers headers{};  // a Content-Length is not taken from here
    Body body{};
    Options options{};
};

struct Response {
    int code = 0;
    Headers headers{};   // of the last response, when it was redirected
    std::string url{};   // where it came from in the end
    std::string body{};  // empty when a Receiver took it
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// application/x-www-form-urlencoded: blanks become '+'
std::string form_urlencoded(const Pairs& pairs);
/// The URL with these parameters after its own, percent-encoded.
std::string with_query(std::string_view url, const Pairs& parameters);
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace sluice::net
