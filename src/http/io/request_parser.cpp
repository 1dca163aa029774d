#include "http/io/request_parser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>

namespace sluice::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;

// Chunk headers with extensions, and trailers: nobody needs more, and they count against no other limit.
constexpr std::size_t kMaxBetweenChunks = 8 * 1024;
// So long is the end of a chunked body, "0\r\n\r\n". The parser relies on it as soon as it has seen the zero.
constexpr std::size_t kLastChunk = 5;

std::string text_of(beast::string_view text) {
    return {text.data(), text.size()};
}

/// Exactly "chunked" is understood. Anything else must be refused: who takes it for "no body" reads the body as
/// requests.
bool is_chunked_only(const Headers& headers) {
    const auto codings = headers.all("Transfer-Encoding");
    return codings.size() == 1 && equal_ignoring_case(trimmed(codings.front()), "chunked");
}

/// A line that begins with a blank continues the one before. The parser would join them; a proxy that takes them for
/// two headers reads another request. It looks at the next line before it takes one, so the break and the blank always
/// come together.
bool has_folded_line(std::string_view head) {
    return head.find("\r\n ") != std::string_view::npos || head.find("\r\n\t") != std::string_view::npos;
}

}  // namespace

class RequestParser::Beast final : public beast::http::basic_parser<true> {
  public:
    explicit Beast(const Limits& limits) : limits_(limits) {
        header_limit(static_cast<std::uint32_t>(limits.max_header_bytes));
        // The limit depends on the route, which is known after the header: whoever takes the body counts.
        body_limit(std::numeric_limits<std::uint64_t>::max());
        eager(false);
    }

    RequestHead head{};
    Failure failure{};
    std::string* body = nullptr;

    /// false: the request is refused
    bool finish_head() {
        head.chunked = chunked();
        if (const auto length = content_length()) head.content_length = *length;
        head.keep_alive = keep_alive();
        if (head.headers.has("Transfer-Encoding") && (!is_chunked_only(head.headers) || head.version < 11)) {
            return fail(Status::NotImplemented, "Transfer-Encoding must be 'chunked', and of HTTP/1.1");
        }
        if (head.headers.all("Host").size() != 1 && (head.version >= 11 || head.headers.has("Host"))) {
            return fail(Status::BadRequest, "a request must have exactly one Host header");
        }
        return true;
    }

    bool fail(Status status, std::string message) {
        failure = {status, std::move(message)};
        return false;
    }

    void explain(const error_code& failed) {
        using beast::http::error;
        if (failure.message.empty()) {
            if (failed == error::header_limit && head.method.empty()) {
                fail(Status::UriTooLong, "the request line is too long");
            } else if (failed == error::header_limit) {
                fail(Status::HeaderTooLarge,
                     fmt::format("the header is longer than {} bytes", limits_.max_header_bytes));
            } else if (failed == error::bad_version) {
                fail(Status::VersionNotSupported, "expected HTTP/1.1 or HTTP/1.0");
            } else {
                fail(Status::BadRequest, "malformed request: " + failed.message());
            }
        }
    }

  private:
    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                         error_code& failed) override {
        head.method = text_of(method);
        head.version = version;
        if (target.size() > limits_.max_target_bytes) {
            fail(Status::UriTooLong,
                 fmt::format("the request target is longer than {} bytes", limits_.max_target_bytes));
            failed = beast::http::error::bad_target;
            return;
        }
        head.target = text_of(target);
    }

    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                       error_code& failed) override {
        // Fields behind the last chunk come this way too; they must not change the header that was acted upon.
        if (header_is_over_) return;
        if (head.headers.size() >= limits_.max_headers) {
            fail(Status::HeaderTooLarge, fmt::format("more than {} header fields", limits_.max_headers));
            failed = beast::http::error::bad_field;
            return;
        }
        head.headers.add(text_of(name), text_of(value));
    }

    void on_header_impl(error_code&) override { header_is_over_ = true; }

    std::size_t on_body_impl(beast::string_view piece, error_code&) override {
        body->append(piece.data(), piece.size());
        return piece.size();
    }
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece, error_code&) override {
        body->append(piece.data(), piece.size());
        return piece.size();
    }
    void on_response_impl(int, beast::string_view, int, error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
    void on_finish_impl(error_code&) override {}

    const Limits& limits_;
    bool header_is_over_ = false;
};

RequestParser::RequestParser(const Limits& limits) : beast_(std::make_unique<Beast>(limits)) {}
RequestParser::~RequestParser() = default;

RequestHead& RequestParser::head() {
    return beast_->head;
}
bool RequestParser::done() const {
    return beast_->is_done();
}
const RequestParser::Failure& RequestParser::failure() const {
    return beast_->failure;
}

RequestParser::Fed RequestParser::feed(std::string_view bytes, std::string& body) {
    if (done()) return {0, Progress::Done};
    const bool in_head = !beast_->is_header_done();
    beast_->body = &body;
    std::size_t used = 0;
    for (;;) {
        error_code failed;
        const std::string_view rest = bytes.substr(used);
        if (!in_head && beast_->head.chunked && rest.size() < kLastChunk) break;
        used += beast_->put({rest.data(), rest.size()}, failed);
        if (failed == beast::http::error::need_more || (!failed && used == bytes.size() && !done())) {
            if (!in_head && bytes.size() - used > kMaxBetweenChunks) {
                beast_->fail(Status::BadRequest, "too much between two chunks of the body");
                return {used, Progress::Failed};
            }
            break;
        }
        if (failed) {
            beast_->explain(failed);
            return {used, Progress::Failed};
        }
        if (in_head && beast_->is_header_done()) break;
        if (done()) return {used, Progress::Done};
    }
    if (!in_head) return {used, used > 0 ? Progress::BodyMoved : Progress::NeedMore};
    if (has_folded_line(bytes.substr(0, used))) {
        beast_->fail(Status::BadRequest, "a header line is continued on the next one: send each on one line");
        return {used, Progress::Failed};
    }
    if (!beast_->is_header_done()) return {used, Progress::NeedMore};
    return {used, beast_->finish_head() ? Progress::HeaderDone : Progress::Failed};
}

}  // namespace sluice::http
