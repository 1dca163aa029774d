#pragma once
#include "base/service.h"
#include "pg/pool.h"
#include "server/log_sinks.h"

namespace sluice::server {

struct LogShipperConfig {
    std::string receiver{};  // file, syslog, http
    std::string service_id{};
    LogLevel level = LogLevel::Trace;
    std::int64_t batch = 500;
    Duration lease = 30s;
};

/// Ships the lines of executions and triggers, in the order of their numbers, from the database to a receiver. One
/// process at a time does it for a kind of receiver (sluice.log_shipping). What was taken is remembered after it was
/// taken: a process that dies in between lets its last lines come twice, and none is left out.
///
/// A number is drawn before its transaction commits, so a line may show after others of higher numbers. Only what is
/// settled is shipped: numbers that were drawn when every transaction that runs now had not begun. That takes some two
/// seconds.
class LogShipper : public Service {
  public:
    LogShipper(pg::Pool& pool, LogShipperConfig config, std::unique_ptr<LogSink> sink);
    ~LogShipper() override { stop(); }

    /// Threads  any
    void reopen() { sink_->reopen(); }

  protected:
    Turn turn(std::stop_token stop) override;
    /// What was drawn is looked at again soon, until it is settled.
    Duration idle_pause() override { return fresh_ || waiting_ ? Duration{300ms} : Duration::max(); }
    void recover() override { pool_.drop_idle(); }

  private:
    struct Span {
        std::vector<store::LogRow> lines{};
        std::int64_t upto = 0;  // no others up to this number
    };
    struct Mark {
        std::int64_t seq = 0;
        std::int64_t xmax = 0;
        std::chrono::steady_clock::time_point at{};
    };

    void settle(std::int64_t last, std::int64_t xmax, std::int64_t xmin);
    Span next_span(std::int64_t after);
    bool ship(const Span& span, std::stop_token stop);
    void told(std::int64_t upto, std::int64_t lines, std::int64_t refused);

    pg::Pool& pool_;
    const LogShipperConfig config_;
    const std::unique_ptr<LogSink> sink_;
    std::int64_t batch_;
    std::int64_t last_ = 0;
    std::int64_t settled_ = 0;
    std::optional<Mark> fresh_{};    // drawn; those that drew have a transaction's number in a moment
    std::optional<Mark> waiting_{};  // for the transactions that had begun
};

}  // namespace sluice::server
