#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/id.h"
#include "pg/pg.h"

namespace sluice::cluster {

/// Leads, or waits to lead, one role of the cluster.
///
/// The advisory lock of a dedicated session makes it quick: it is free as soon as the leader's session ends, and others
/// end that session when the leader's lease is over. What makes it safe is the epoch: every write of the leader asks
/// for it in the same transaction (still_leads). Threads  one
class Leadership {
  public:
    Leadership(std::string role, pg::ConnectionConfig config, pg::DatabaseClock& clock);
    ~Leadership();

    /// Tries to get or to keep the lead. The lock's session is asked whether it still lives: by `ask`, so that a leader
    /// who wants to know something anyway needs one statement for both.
    /// Returns the epoch while we lead.
    /// Errors  DatabaseError; we don't lead then
    std::optional<std::int64_t> lead(const ServiceId& service, const std::function<void(pg::Connection&)>& ask = ping);

    /// Whether the lead is still ours, in the transaction that writes; it stays so until its end.
    bool still_leads(pg::Transaction& tx, const ServiceId& service) const;

    void resign();
    bool leads() const { return epoch_.has_value(); }

  private:
    static void ping(pg::Connection& session);
    bool try_lock();
    void forget();

    const std::string role_;
    const pg::ConnectionConfig config_;
    pg::DatabaseClock& clock_;
    std::unique_ptr<pg::Connection> session_{};
    ServiceId named_{};  // the session's application_name
    std::optional<std::int64_t> epoch_{};
};

}  // namespace sluice::cluster
