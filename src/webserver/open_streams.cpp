#include "webserver/open_streams.h"

namespace sluice::webserver {
namespace {

constexpr Duration kLookAnyway = 60s;

}  // namespace

OpenStreams::OpenStreams(Gatekeeper& gatekeeper, pg::Signals& signals)
    : Service("open_streams", {.poll = kLookAnyway}), gatekeeper_(gatekeeper) {
    signals.subscribe(access::kAccessChannel, [this](const auto&) { waker().wake(); });
}

OpenStreams::~OpenStreams() {
    stop();
}

void OpenStreams::watch(const http::Request& request, const http::EventStream& stream) {
    Stream one{.request = request, .handle = stream.handle(), .rights = rights_of(visitor_of(request).identity)};
    arriving_.with([&](auto& arriving) { arriving.push_back(std::move(one)); });
}

Turn OpenStreams::turn(std::stop_token stop) {
    for (Stream& one : arriving_.with([](auto& arriving) { return std::exchange(arriving, {}); }))
        streams_.push_back(std::move(one));
    streams_.remove_if([&](const Stream& one) {
        if (stop.stop_requested() || one.handle.closed()) return one.handle.closed();
        const auto rights = gatekeeper_.rights_now(one.request);
        if (rights == one.rights) return false;
        one.handle.end();
        log_.info("stream.ended", {{"path", one.request.path}, {"reason", rights ? "other rights" : "not let in"}});
        return true;
    });
    return Turn::Idle;
}

}  // namespace sluice::webserver
