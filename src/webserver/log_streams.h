#pragma once
#include <deque>
#include <list>
#include <map>

#include "base/guarded.h"
#include "base/service.h"
#include "http/responder.h"
#include "pg/pool.h"
#include "pg/signals.h"
#include "store/find_logs.h"

namespace sluice::webserver {

/// Sends the log lines of executions to those who follow them: first what is stored, then what is written.
///
/// Numbers of lines are drawn before their transactions commit, so a lower one may show after a higher one. Each stream
/// therefore knows which of the last half minute's lines it has sent, and asks for the others, too: every line is sent
/// once. A client that reads slowly gets more when it has taken what is on the way.
/// Threads  follow(): any
class LogStreams : public Service {
  public:
    LogStreams(pg::Pool& pool, pg::Signals& signals);
    ~LogStreams() override;

    /// Lines after `after_seq` that the selection names. The stream's end is the client's business.
    void follow(store::LogSelection selection, std::int64_t after_seq, http::EventStream events);
    std::size_t size() const { return size_; }

  protected:
    Turn turn(std::stop_token stop) override;
    Duration idle_pause() override;
    void recover() override { pool_.drop_idle(); }
    void finish() override { streams_.clear(); }

  private:
    struct Stream {
        store::LogSelection selection{};
        http::EventStream events;
        std::int64_t floor = 0;                      // all up to here is sent and settled
        std::int64_t cursor = 0;                     // the highest that was sent
        std::map<std::int64_t, Timestamp> recent{};  // what was sent between the two
    };
    struct Need {
        bool late = false;  // something between floor and cursor is missing
        bool more = false;  // something is behind the cursor
    };

    std::vector<Need> needs_of_streams();
    bool send_more(std::vector<Stream*> group);
    void send_late(Stream& stream);
    static void send(Stream& stream, const store::LogRow& row, const std::shared_ptr<const std::string>& text);
    static void settle(Stream& stream, Timestamp settled);

    pg::Pool& pool_;
    Guarded<std::deque<Stream>> arriving_{};
    std::list<Stream> streams_{};  // of the service's own thread
    std::atomic<std::size_t> size_{0};
};

}  // namespace sluice::webserver
