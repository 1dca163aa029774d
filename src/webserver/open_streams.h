#pragma once
#include <deque>
#include <list>

#include "base/guarded.h"
#include "base/service.h"
#include "http/responder.h"
#include "pg/signals.h"
#include "webserver/gatekeeper.h"

namespace sluice::webserver {

/// Ends streams of events whose readers may not have them any more: who logged out, lost a role, was disabled. Whoever
/// still may something asks again and is judged anew.
///
/// A change of users, roles, tokens and sessions is told by NOTIFY and counts at once. If that is lost, and for
/// sessions that run out, all streams are looked at every minute. Threads  watch(): any
class OpenStreams : public Service {
  public:
    OpenStreams(Gatekeeper& gatekeeper, pg::Signals& signals);
    ~OpenStreams() override;

    void watch(const http::Request& request, const http::EventStream& stream);

  protected:
    Turn turn(std::stop_token stop) override;
    void finish() override { streams_.clear(); }

  private:
    struct Stream {
        http::Request request{};
        http::EventStream::Handle handle;
        std::string rights{};
    };

    Gatekeeper& gatekeeper_;
    Guarded<std::deque<Stream>> arriving_{};
    std::list<Stream> streams_{};  // of the service's own thread
};

}  // namespace sluice::webserver
