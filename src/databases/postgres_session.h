#pragma once
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "databases/session.h"

struct pg_conn;
struct pg_result;

namespace sluice::databases {

struct PostgresConfig {
    std::string url{};
    std::string username{};
    std::string password{};
    bool ssl = false;
    std::string ssl_mode{};  // "": as the URL says
    // PEM texts
    std::string ssl_root_cert{}, ssl_cert{}, ssl_key{};
    std::string ssl_key_password{};
    std::string time_zone{};  // "": UTC
    /// What the server tells beside results: RAISE NOTICE, warnings.
    std::function<void(std::string)> on_notice{};
};

class PostgresSession : public Session {
  public:
    /// Errors  Invalid: properties; Unavailable: the server can't be reached, or refuses us; Cancelled
    static Result<std::unique_ptr<PostgresSession>> connect(const PostgresConfig& config, std::stop_token stop);
    ~PostgresSession() override;

    using Session::run;
    char mark() const override { return '$'; }
    const char* begin_snapshot() const override { return "begin isolation level repeatable read"; }
    SqlResult<Outcome> run(const Statement& statement, const OnRow& on_row) override;
    SqlResult<std::int64_t> run_for_all(const BoundText& sql, const NextRow& next, std::int64_t bunch) override;

    /// COPY … TO STDOUT: each piece as it comes. Returns the number of rows.
    SqlResult<std::int64_t> copy_out(const std::string& sql, const std::function<void(std::string_view)>& on_piece);
    /// COPY … FROM STDIN: pieces until an empty one. Returns the number of rows.
    SqlResult<std::int64_t> copy_in(const std::string& sql, const std::function<std::string()>& next_piece);

    /// 'text', with what is special in it escaped
    std::string quoted(const std::string& text) const;
    /// Parameters of the URL that mean nothing here
    const std::vector<std::string>& ignored_parameters() const { return ignored_; }

  private:
    using ResultPtr = std::unique_ptr<pg_result, void (*)(pg_result*)>;
    PostgresSession(pg_conn* connection, const PostgresConfig& config, std::stop_token stop);

    /// Waits until the connection can be read (or written), and asks the server to cancel when we are to stop.
    void wait(bool until_writable);
    ResultPtr next_result();
    /// Reads and drops what still comes.
    void drain();
    SqlResult<Outcome> read_rows(const Statement& statement, const OnRow& on_row);
    Value row_of(const pg_result* result) const;
    SqlError error_of(const pg_result* result, const BoundText& sql) const;
    SqlError connection_error() const;
    void send_cancel() const;
    /// Sends all that is buffered, reading meanwhile.
    void flush();
    SqlResult<std::vector<unsigned int>> prepare(const BoundText& sql);
    SqlResult<std::int64_t> run_bunch(const BoundText& sql, const std::vector<std::vector<Value>>& rows,
                                      const std::vector<unsigned int>& types);
    SqlResult<std::int64_t> read_bunch(const BoundText& sql, std::size_t count);
    SqlResult<std::int64_t> end_of_copy(const BoundText& sql);
    SqlResult<void> begin_copy(const BoundText& sql, int wanted);

    pg_conn* connection_;
    std::stop_token stop_;
    std::string zone_;
    std::string password_;
    std::function<void(std::string)> on_notice_;
    std::vector<std::string> ignored_{};
    std::chrono::steady_clock::time_point cancelled_at_{};
};

}  // namespace sluice::databases
