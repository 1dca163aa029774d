#pragma once
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "pg/connection.h"
#include "pg/database_error.h"

namespace sluice::pg {

/// A bounded set of connections, made when they are needed.
///
/// A connection that broke, and after a failure of the kind that takes a server down all idle ones, are dropped: the
/// next user gets a fresh one, with the host's address asked for anew.
/// Threads  any
class Pool {
  public:
    Pool(ConnectionConfig config, std::size_t size, DatabaseClock& clock);
    ~Pool();

    /// Lends a connection to `use`. Waits for a free one, at most `patience`.
    /// Errors  DatabaseError (53300 when none became free)
    template <class Use>
    auto with_connection(Use&& use) {
        Lease lease(*this);
        return std::forward<Use>(use)(*lease.connection);
    }

    /// Runs `use(Transaction&)` in a transaction and commits it, unless it throws or answers a Result with an error:
    /// then nothing of it stays. The whole of it is repeated, up to 5 times, when the server asks for that (deadlock,
    /// serialization failure); `use` must therefore change nothing outside.
    template <class Use>
    auto in_transaction(Use&& use) {
        for (int attempt = 1;; ++attempt) {
            try {
                return with_connection([&](Connection& connection) { return committed(connection, use); });
            } catch (const DatabaseError& failed) {
                if (!is_transient(failed.sqlstate()) || attempt >= 5) throw;
                pause_before_repeat(attempt);
            }
        }
    }

    /// One statement that is a transaction by itself.
    template <class... Args>
    Rows run(const Statement& statement, const Args&... args) {
        return with_connection([&](Connection& connection) { return connection.run(statement, args...); });
    }

    /// Closes all idle connections, for example after a failover.
    void drop_idle();

    DatabaseClock& clock() { return clock_; }
    const ConnectionConfig& config() const { return config_; }
    std::size_t size() const { return size_; }
    std::size_t in_use() const;

  private:
    struct Lease {
        explicit Lease(Pool& pool_) : pool(pool_), connection(pool_.take()) {}
        ~Lease() { pool.give_back(std::move(connection)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        Pool& pool;
        std::unique_ptr<Connection> connection;
    };

    template <class Use>
    static auto committed(Connection& connection, Use& use) {
        Transaction tx(connection);
        if constexpr (std::is_void_v<decltype(use(tx))>) {
            use(tx);
            tx.commit();
        } else {
            auto out = use(tx);
            if (!is_refusal(out)) tx.commit();
            return out;
        }
    }
    template <class Out>
    static bool is_refusal(const Out& out) {
        if constexpr (requires { out.has_value(), out.error(); }) {
            return !out.has_value();
        } else {
            return false;
        }
    }
    static void pause_before_repeat(int attempt);
    std::unique_ptr<Connection> take();
    void give_back(std::unique_ptr<Connection> connection);

    const ConnectionConfig config_;
    const std::size_t size_;
    DatabaseClock& clock_;
    mutable std::mutex mutex_{};
    std::condition_variable free_{};
    std::vector<std::unique_ptr<Connection>> idle_{};
    std::size_t in_use_ = 0;
};

}  // namespace sluice::pg
