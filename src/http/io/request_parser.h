#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/config.h"
#include "http/headers.h"
#include "http/status.h"

namespace sluice::http {

/// The header of a request as it was sent.
struct RequestHead {
    std::string method{};
    std::string target{};
    int version = 11;
    Headers headers{};
    std::optional<std::uint64_t> content_length{};
    bool chunked = false;
    bool keep_alive = false;

    bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

/// Reads one request from bytes that come in pieces, by Boost.Beast's parser.
/// Threads  one at a time
class RequestParser {
  public:
    enum class Progress {
        NeedMore,    // what is left of the bytes is not enough; give it again with what follows
        HeaderDone,  // head() is there
        BodyMoved,   // a piece of the body was appended
        Done,        // the request is complete; what is left of the bytes belongs to the next one
        Failed,      // see failure()
    };
    struct Fed {
        std::size_t used = 0;
        Progress progress = Progress::NeedMore;
    };
    struct Failure {
        Status status = Status::BadRequest;
        std::string message{};
    };

    explicit RequestParser(const Limits& limits);
    ~RequestParser();

    /// Goes one step: a header, or as much of a body as there is. The body's bytes are appended to `body`, without the
    /// frames of chunks.
    Fed feed(std::string_view bytes, std::string& body);

    RequestHead& head();
    bool done() const;
    const Failure& failure() const;

  private:
    class Beast;
    std::unique_ptr<Beast> beast_;
};

}  // namespace sluice::http
