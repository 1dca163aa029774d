#pragma once
#include <atomic>

#include "base/guarded.h"
#include "cluster/membership.h"
#include "http/request.h"
#include "http/response.h"
#include "pg/pool.h"

namespace sluice::webserver {

/// Where lists, searches and boards are read: a standby of the database where there is one that follows closely, else
/// the database itself. Whoever has changed something here reads the database until the standby has come so far;
/// nothing that an act depends on is read here.
///
/// The standby proves by this process's own heartbeat that it is a copy of this database, and how old it is: that holds
/// for whatever way it is replicated, and when it is cut off.
///
/// Threads  any that may wait for the database; wrote() any
class ListReader {
  public:
    /// replica     null: all is read from `primary`
    /// membership  of this process
    ListReader(pg::Pool& primary, pg::Pool* replica, const cluster::Membership& membership, Duration max_lag)
        : primary_(primary), replica_(replica), membership_(membership), max_lag_(max_lag) {}

    /// What `use(Connection&)`, which must only read, answers. After a failure of the standby it is called again.
    /// Errors  DatabaseError, StatementError
    template <class Use>
    auto read(const http::Request& request, const Use& use) -> decltype(use(std::declval<pg::Connection&>())) {
        if (const auto needed = position_for(request)) {
            std::optional<decltype(use(std::declval<pg::Connection&>()))> answer;
            on_replica([&](pg::Connection& connection) {
                if (is_fresh(connection, *needed)) answer = use(connection);
            });
            if (answer) {
                ++reads_.replica;
                return std::move(*answer);
            }
        }
        ++reads_.primary;
        return primary_.with_connection(use);
    }

    /// The last touch to the answer of a request that changed something.
    void wrote(const http::Request& request, http::Response& response, bool secure_cookies);

    struct Gauges {
        bool has_replica = false;
        bool in_use = false;                     // what was asked for last came from the standby, or could have
        double lag_seconds = 0;                  // of what the standby showed last
        std::uint64_t replica = 0, primary = 0;  // lists that were read there
    };
    Gauges gauges() const;

  private:
    using Clock = std::chrono::steady_clock;
    /// A position in the write-ahead log that holds all that somebody changed; empty: not asked for yet.
    struct Mark {
        std::optional<std::int64_t> position{};
        Clock::time_point at{};
    };

    using Marks = std::unordered_map<std::string, Mark>;  // by user, and by cookie

    /// Of many, those that no standby lacks any more.
    void forget_old(Marks& marks, Clock::time_point now) const;
    std::optional<std::int64_t> position_for(const http::Request& request);
    std::int64_t position_of(const std::string& writer);
    void on_replica(const std::function<void(pg::Connection&)>& use);
    bool is_fresh(pg::Connection& connection, std::int64_t needed);
    void tell(bool usable, std::string_view why);

    pg::Pool& primary_;
    pg::Pool* const replica_;
    const cluster::Membership& membership_;
    const Duration max_lag_;
    Guarded<Marks> marks_{};
    std::atomic<Clock::rep> away_until_{0};
    std::atomic<bool> usable_{true};
    std::atomic<double> lag_seconds_{0};
    struct {
        std::atomic<std::uint64_t> replica{0}, primary{0};
    } reads_{};
};

}  // namespace sluice::webserver
