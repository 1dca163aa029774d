#include <cstddef>
#include <cstdint>

#include "http/conditional.h"
#include "http/content_type.h"
#include "http/http.h"
#include "http/io/request_parser.h"
#include "http/range.h"
#include "http/uri.h"
#include "webserver/client_address.h"

// Any bytes as requests, one after the other on a connection: what is read does not depend on the pieces in which they
// come, and all that handlers take from a header can be read.

namespace {

using namespace sluice;
using namespace sluice::http;

// Beyond that the pieces count: what stands between two chunks is held back, and its limit is one of what is held.
constexpr std::size_t kSameInPieces = 4 * 1024;

/// All requests of a connection, as far as they were understood.
struct Seen {
    struct One {
        RequestHead head{};
        std::string body{};
    };
    std::vector<One> requests{};
    bool refused = false;
};

Seen read(std::string_view bytes, std::size_t piece) {
    Seen out;
    const Limits limits{.max_header_bytes = 2 * kSameInPieces, .max_headers = 50, .max_target_bytes = 1024};
    std::string held;
    auto parser = std::make_unique<RequestParser>(limits);
    std::string body;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        held += bytes.substr(at, piece);
        for (;;) {
            const RequestParser::Fed fed = parser->feed(held, body);
            ensure(fed.used <= held.size(), "more was used than there is");
            held.erase(0, fed.used);
            if (fed.progress == RequestParser::Progress::Failed) {
                ensure(!parser->failure().message.empty(), "refused without a reason");
                out.refused = true;
                return out;
            }
            if (!parser->done()) {
                if (fed.used == 0) break;
                continue;
            }
            out.requests.push_back({parser->head(), std::move(body)});
            body.clear();
            parser = std::make_unique<RequestParser>(limits);
            if (held.empty()) break;
        }
    }
    return out;
}

bool same(const Headers& a, const Headers& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Header& x, const Header& y) { return x.name == y.name && x.value == y.value; });
}

void check_same(const Seen& whole, const Seen& pieces) {
    ensure(whole.refused == pieces.refused, "refused {}, in pieces {}", whole.refused, pieces.refused);
    ensure(whole.requests.size() == pieces.requests.size(), "{} requests, in pieces {}", whole.requests.size(),
           pieces.requests.size());
    for (std::size_t i = 0; i < whole.requests.size(); ++i) {
        const auto& [a, of_a] = whole.requests[i];
        const auto& [b, of_b] = pieces.requests[i];
        ensure(a.method == b.method && a.target == b.target && a.version == b.version && same(a.headers, b.headers),
               "request {} has another header in pieces", i);
        ensure(a.keep_alive == b.keep_alive && of_a == of_b, "request {} has another body in pieces", i);
    }
}

/// What a server and its handlers make of it.
void look_at(const Seen::One& one) {
    const Headers& headers = one.head.headers;
    ensure(one.head.chunked || one.body.size() == one.head.content_length.value_or(0),
           "a body of {} bytes, {} were told", one.body.size(), one.head.content_length.value_or(0));
    Request request{.target = one.head.target, .headers = headers, .body = one.body, .remote = "10.0.0.1"};
    if (const auto target = parse_target(one.head.target)) {
        if (const auto segments = split_path(target->path)) {
            for (const std::string& segment : *segments)
                ensure(segment != "." && segment != ".." && is_utf8(segment), "a segment '{}'", segment);
        }
        if (const auto query = Query::parse(target->query)) {
            for (const auto& [name, value] : *query) ensure(is_utf8(name) && is_utf8(value), "a query that is no text");
        }
    }
    static const webserver::TrustedProxies proxies({*webserver::Network::parse("10.0.0.0/8")});
    proxies.client_of(request);
    request.cookie("session");
    request.accepts("text/html");
    is_not_modified(headers, {{"ETag", "\"a\""}, {"Last-Modified", "Tue, 24 Nov 2026 05:10:00 GMT"}});
    range_still_applies(headers, {{"ETag", "\"a\""}});
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{10}, UINT64_MAX}) {
        const RangeChoice range = choose_range(headers.find("Range").value_or(""), size);
        if (range.kind == RangeChoice::Kind::Part)
            ensure(range.first < size && range.size <= size - range.first, "a range beyond the end");
    }
    if (const auto form = form_of(request)) {
        for (const Part& part : form->parts) ensure(is_utf8(part.head.name), "a part's name that is no text");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const Seen whole = read(bytes, std::max<std::size_t>(size, 1));
    for (const Seen::One& one : whole.requests) look_at(one);
    if (size > kSameInPieces) return 0;
    // What is wrong in a header may be seen before its end, or at it.
    const std::string ended = std::string(bytes) + "\r\n\r\n";
    const Seen at_once = read(ended, ended.size());
    check_same(at_once, read(ended, 1));
    check_same(at_once, read(ended, 7));
    return 0;
}
