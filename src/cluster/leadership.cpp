#include "cluster/leadership.h"

#include "base/log.h"
#include "sql/cluster.h"

namespace sluice::cluster {
namespace {
const Logger kLog("leadership");
constexpr pg::Statement kTryLock{"try_lead",
                                 "select pg_try_advisory_lock(hashtextextended('sluice leader ' || $1::text, 3))"};
constexpr pg::Statement kPing{"ping", "select 1"};
}  // namespace

Leadership::Leadership(std::string role, pg::ConnectionConfig config, pg::DatabaseClock& clock)
    : role_(std::move(role)), config_(std::move(config)), clock_(clock) {}

Leadership::~Leadership() { resign(); }

std::optional<std::int64_t> Leadership::lead(const ServiceId& service) {
    try {
        if (!session_) session_ = std::make_unique<pg::Connection>(config_, clock_);
        if (epoch_) {
            session_->run(kPing);
            return epoch_;
        }
        if (!session_->run(kTryLock, role_)[0].boolean()) return {};
        epoch_ = session_->run(sql::become_leader, role_, service)[0].integer();
        kLog.info("leadership.taken", {{"role", role_}, {"service_id", service}, {"epoch", *epoch_}});
        return epoch_;
    } catch (...) {
        if (epoch_) kLog.warn("leadership.lost", {{"role", role_}});
        epoch_.reset();
        session_.reset();
        throw;
    }
}

bool Leadership::still_leads(pg::Transaction& tx, const ServiceId& service) const {
    return epoch_ && !tx.run(sql::is_leader, role_, service, *epoch_).empty();
}

void Leadership::resign() {
    if (epoch_) kLog.info("leadership.resigned", {{"role", role_}});
    epoch_.reset();
    session_.reset();
}

}  // namespace sluice::cluster
