#pragma once
#include <string>

#include "http/request.h"
#include "http/response.h"

namespace sluice::http {

/// How the end of an answer is told to the client.
enum class Framing { Length, Chunked, UntilClose };

/// An answer as it goes out, but for the Connection header and the empty line: the connection adds them.
struct Wire {
    Status status = Status::Ok;
    std::string head{};
    Body body{};
    Framing framing = Framing::Length;
    bool gzip = false;     // of a streamed answer: its pieces must be packed
    bool no_body = false;  // of a streamed answer to HEAD
};

/// What the request's connection adds to the decision.
struct ComposeOptions {
    int version = 11;
    bool on_reactor = false;              // pack no large bodies here, others wait
    std::optional<std::uint64_t> size{};  // of a streamed body, where it is known
};

/// Makes 304, 206 and 416 of it where the request asks for that, packs it, and writes its header.
Wire compose(const Request& request, Response response, const ComposeOptions& options);

/// The header of an answer whose body follows in pieces.
Wire compose_stream(const Request& request, Response head, const ComposeOptions& options);

}  // namespace sluice::http
