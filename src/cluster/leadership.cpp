#include "cluster/leadership.h"

#include "base/log.h"
#include "sql/cluster.h"

namespace sluice::cluster {
namespace {
const Logger kLog("leadership");
constexpr pg::Statement kTryLock{"try_lead",
                                 "select pg_try_advisory_lock(hashtextextended('sluice leader ' || $1::text, 3))"};
// By it others tell whose session holds the lock.
constexpr pg::Statement kName{"name_session",
                              "select set_config('application_name', 'sluice ' || $1::text || ' ' || $2::text, false)"};
constexpr pg::Statement kPing{"ping", "select 1"};
}  // namespace

Leadership::Leadership(std::string role, pg::ConnectionConfig config, pg::DatabaseClock& clock)
    : role_(std::move(role)), config_(std::move(config)), clock_(clock) {}

Leadership::~Leadership() {
    resign();
}

void Leadership::ping(pg::Connection& session) {
    session.run(kPing);
}

std::optional<std::int64_t> Leadership::lead(const ServiceId& service,
                                             const std::function<void(pg::Connection&)>& ask) {
    try {
        if (!session_) session_ = std::make_unique<pg::Connection>(config_, clock_);
        if (named_ != service) {
            session_->run(kName, role_, service);
            named_ = service;
        }
        if (epoch_) {
            ask(*session_);
            return epoch_;
        }
        if (!try_lock()) return {};
        epoch_ = session_->run(sql::become_leader, role_, service)[0].integer();
        kLog.info("leadership.taken", {{"role", role_}, {"service_id", service}, {"epoch", *epoch_}});
        ask(*session_);
        return epoch_;
    } catch (...) {
        if (epoch_) kLog.warn("leadership.lost", {{"role", role_}});
        forget();
        throw;
    }
}

/// Also ends the session of a leader whose lease is over; the lock is free at the next try.
bool Leadership::try_lock() {
    if (session_->run(kTryLock, role_)[0].boolean()) return true;
    for (pg::Row row : session_->run(sql::end_stale_leader, role_)) {
        const std::int64_t pid = row.integer();
        kLog.warn("leadership.stale_session_ended",
                  {{"role", role_}, {"backend_pid", pid}, {"service_id", row.text()}});
    }
    return session_->run(kTryLock, role_)[0].boolean();
}

void Leadership::forget() {
    epoch_.reset();
    session_.reset();
    named_ = {};
}

bool Leadership::still_leads(pg::Transaction& tx, const ServiceId& service) const {
    return epoch_ && !tx.run(sql::is_leader, role_, service, *epoch_).empty();
}

void Leadership::resign() {
    if (epoch_) kLog.info("leadership.resigned", {{"role", role_}});
    forget();
}

}  // namespace sluice::cluster
