#include "server/log_shipper.h"

#include "sql/server.h"

namespace sluice::server {
namespace log_shipper {

constexpr Duration kShippingPoll = 1s;
constexpr Duration kShippingBackOff = 15s;  // shorter than the lease
constexpr std::int64_t kSpan = 5000;        // numbers that are looked through at once
// Between drawing a number and its transaction's there are some instructions, and nothing that waits.
constexpr Duration kNumbered = 900ms;

}  // namespace log_shipper

using namespace log_shipper;

LogShipper::LogShipper(pg::Pool& pool, LogShipperConfig config, std::unique_ptr<LogSink> sink)
    : Service("log_shipping", {.poll = kShippingPoll, .first_back_off = 500ms, .longest_back_off = kShippingBackOff}),
      pool_(pool),
      config_(std::move(config)),
      sink_(std::move(sink)),
      batch_(config_.batch) {}

void LogShipper::settle(std::int64_t last, std::int64_t xmax, std::int64_t xmin) {
    const auto now = std::chrono::steady_clock::now();
    last_ = last;
    if (waiting_ && xmin >= waiting_->xmax) {
        settled_ = waiting_->seq;
        waiting_.reset();
    }
    if (!waiting_ && fresh_ && now - fresh_->at >= kNumbered) {
        waiting_ = Mark{fresh_->seq, xmax, now};
        fresh_.reset();
        if (xmin >= xmax) {  // none runs
            settled_ = waiting_->seq;
            waiting_.reset();
        }
    }
    if (!fresh_ && last > settled_ && !(waiting_ && waiting_->seq == last)) fresh_ = Mark{last, 0, now};
}

LogShipper::Span LogShipper::next_span(std::int64_t after) {
    Span out{.upto = std::min(settled_, after + kSpan)};
    out.lines = pool_.with_connection([&](pg::Connection& connection) {
        return store::logs_to_ship(connection, after, out.upto, config_.level, batch_);
    });
    if (static_cast<std::int64_t>(out.lines.size()) == batch_) out.upto = out.lines.back().seq;
    return out;
}

void LogShipper::told(std::int64_t upto, std::int64_t lines, std::int64_t refused) {
    pool_.run(sql::logs_shipped, config_.receiver, config_.service_id, upto, lines, refused, upto >= settled_);
}

/// Returns whether the span is done with.
/// Errors  OutsideError: the receiver can't take it now, and gets the same again
bool LogShipper::ship(const Span& span, std::stop_token stop) {
    const auto taken = span.lines.empty() ? Result<void>() : sink_->take(span.lines, std::move(stop));
    const auto count = static_cast<std::int64_t>(span.lines.size());
    if (taken) {
        told(span.upto, count, 0);
        batch_ = std::min(config_.batch, batch_ * 2);
        return true;
    }
    const Error& error = taken.error();
    const bool is_fault_of_lines = error.code == ErrorCode::Invalid || error.code == ErrorCode::TooLarge;
    if (is_fault_of_lines && count > 1) {
        batch_ = std::max<std::int64_t>(1, count / 2);  // so the guilty one is found
        return false;
    }
    if (is_fault_of_lines) {
        log_.warn("log_shipping.line_refused", {{"seq", span.lines.front().seq},
                                                {"execution_id", span.lines.front().execution_id},
                                                {"why", error.message}});
        told(span.upto, 0, 1);
        return true;
    }
    pool_.run(sql::logs_not_shipped, config_.receiver, config_.service_id, error.message);
    throw OutsideError(error.message);
}

Turn LogShipper::turn(std::stop_token stop) {
    const pg::Rows leads = pool_.run(sql::lead_log_shipping, config_.receiver, config_.service_id, config_.lease);
    if (leads.empty()) {
        fresh_.reset();
        waiting_.reset();
        settled_ = 0;
        return Turn::Idle;
    }
    pg::Row row = leads[0];
    const std::int64_t shipped = row.integer();
    const std::int64_t last = row.integer();
    const std::int64_t xmax = row.integer();
    settle(last, xmax, row.integer());
    if (settled_ <= shipped) {
        if (last_ <= shipped) told(shipped, 0, 0);
        return Turn::Idle;
    }
    const Span span = next_span(shipped);
    ship(span, std::move(stop));
    return span.upto < settled_ ? Turn::Worked : Turn::Idle;
}

}  // namespace sluice::server
