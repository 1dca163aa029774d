#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/headers.h"

namespace sluice::http {

struct Request;

/// Takes the bytes of an upload while they arrive. A sink that is destroyed before finish() takes back what it wrote:
/// the client went away, or something later in the request failed.
/// Threads  threads of the request pool, one at a time; it may block, the client is then slowed down
class BodySink {
  public:
    virtual ~BodySink() = default;

    /// Errors  any; the request is answered with it and the connection closed
    virtual Result<void> write(std::string_view piece) = 0;
    /// All bytes came. The text is what the handler gets to know of it, for example the address in a storage.
    virtual Result<std::string> finish() = 0;
};

/// What is known of a part of a form when its content begins.
struct PartHead {
    std::string name{};
    std::string filename{};  // empty: not a file
    bool is_file = false;    // a file name was given, even an empty one
    Headers headers{};
};

/// A part of a form that came in full.
struct Part {
    PartHead head{};
    std::string text{};      // the content of a part without sink
    std::string stored{};    // what the sink's finish() said
    std::uint64_t size = 0;  // of the content, in bytes
    bool went_to_sink = false;
};

/// Chooses where a request's body goes. Called when the header is there and before the client is told to go on.
/// Errors  any; the request is answered with it and the body refused
using SinkFactory = std::function<Result<std::unique_ptr<BodySink>>(const Request&)>;

/// Chooses where a part goes; a null pointer keeps it in memory, within Limits::max_text_part.
using PartSinkFactory = std::function<Result<std::unique_ptr<BodySink>>(const Request&, const PartHead&)>;

}  // namespace sluice::http
