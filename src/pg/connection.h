#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "pg/clock.h"
#include "pg/parameters.h"
#include "pg/password_source.h"
#include "pg/rows.h"
#include "pg/statement.h"

struct pg_conn;

namespace sluice::pg {

struct ConnectionConfig {
    std::string url;                     // postgresql://…, jdbc:postgresql://… or libpq's key=value form
    std::string application = "sluice";  // shown in pg_stat_activity
    Duration statement_timeout = 30s;
    Duration lock_timeout = 10s;
    Duration connect_timeout = 5s;
    /// A proxy in between pools transactions: statements are not prepared, and what else is a session's is set in each
    /// transaction.
    bool pooled = false;
    /// Statements that take longer are told: name, time, rows, never their values. 0: none
    Duration slow_statements = 0s;
    /// Files in PEM, read again by each new connection; empty: as the URL or libpq says.
    struct Tls {
        std::string ca_file{};      // of the authorities that the server's certificate must be by
        std::string certificate{};  // our own, where the server wants one
        std::string key{};
        std::string key_password{};
    };
    Tls tls{};
    /// Asked for each new connection; its answer wins over the URL's. Null: the URL has it.
    std::shared_ptr<PasswordSource> password{};
};

/// Turns a jdbc: URL into one that libpq reads; others are left alone.
std::string libpq_url(std::string_view url);

/// One session. libpqxx keeps it; libpq's own calls on the same handle serve pipelines and notifications.
///
/// Errors  every call: DatabaseError (the connection is broken when is_broken() says so afterwards), StatementError
/// Threads one at a time
class Connection {
  public:
    Connection(const ConnectionConfig& config, DatabaseClock& clock);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Runs one statement. Outside a transaction it is one by itself.
    template <class... Args>
    Rows run(const Statement& statement, const Args&... args) {
        return run_with(statement, Parameters::of(args...));
    }
    Rows run_with(const Statement& statement, const Parameters& parameters);

    /// A text that is not a prepared statement: several commands at once, or one that is made on the fly.
    Rows run_text(const std::string& sql);

    /// One command that is made on the fly, with parameters. `name` stands for it in error messages.
    Rows run_once(std::string_view name, const std::string& sql, const Parameters& parameters);

    /// Runs the statements one after the other in libpq's pipeline mode: one round trip for all.
    /// Returns the results in the same order; the first failure is thrown, and the following were not run.
    struct Queued {
        const Statement* statement;
        Parameters parameters;
        std::function<void(const Rows&)> then{};  // called with the result; of a Transaction only
    };
    std::vector<Rows> run_pipelined(const std::vector<Queued>& queue);

    bool is_broken() const;
    int backend_pid() const;
    pg_conn* raw() const;

    /// Asks the server to cancel what runs on this connection. May be called from another thread.
    void cancel() const;

  private:
    struct Session;
    friend class Transaction;
    void set_up(DatabaseClock& clock);
    /// Behind a proxy: the settings of this transaction.
    const Statement& settings() const { return settings_; }
    bool is_idle() const;
    Rows in_own_transaction(Queued statement);
    void prepare(const Statement& statement);
    using Moment = std::chrono::steady_clock::time_point;
    void tell_slow(std::string_view statement, Moment since, const pg_result* result) const;
    [[noreturn]] void fail(const pg_result* result, std::string_view statement);
    std::shared_ptr<const pg_result> checked(pg_result* result, std::string_view statement);

    ConnectionConfig config_;
    std::unique_ptr<Session> session_;
    std::unordered_set<std::string> prepared_{};
    bool broken_ = false;
    std::string settings_text_{};
    Statement settings_{"settings", ""};
};

/// A transaction on a connection. It is rolled back unless commit() was called.
///
/// It begins with its first statement, and in the same round trip; queued statements and COMMIT share one too.
class Transaction {
  public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    template <class... Args>
    Rows run(const Statement& statement, const Args&... args) {
        return run_with(statement, Parameters::of(args...));
    }
    Rows run_with(const Statement& statement, const Parameters& parameters);
    Rows run_text(const std::string& sql);

    /// For a statement whose result nobody needs: it goes out together with the others at the next run() or commit(),
    /// so that the writes of a turn cost one round trip.
    template <class... Args>
    void send(const Statement& statement, const Args&... args) {
        queue_.push_back({&statement, Parameters::of(args...)});
    }
    /// The same, and `then` gets the result when it is there: before commit() returns.
    template <class... Args>
    void send_for(std::function<void(const Rows&)> then, const Statement& statement, const Args&... args) {
        queue_.push_back({&statement, Parameters::of(args...), std::move(then)});
    }
    void flush();

    /// now() of this transaction: the time of everything that it decides.
    Timestamp now();

    /// Runs `after` when, and only when, the transaction was committed: wakeups and answers to clients.
    void after_commit(std::function<void()> after) { after_commit_.push_back(std::move(after)); }

    void commit();
    Connection& connection() { return connection_; }

  private:
    Rows run_last();

    Connection& connection_;
    bool begun_ = false;
    bool done_ = false;
    Timestamp now_{};
    std::vector<Connection::Queued> queue_{};
    std::vector<std::function<void()>> after_commit_{};
};

}  // namespace sluice::pg
