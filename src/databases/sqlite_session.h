#pragma once
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "databases/session.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sluice::databases {

class SqliteSession : public Session {
  public:
    /// Of jdbc:sqlite:name or sqlite:name; ":memory:" when it names no file.
    /// Errors  Invalid: another kind of URL
    static Result<std::filesystem::path> file_of(const std::string& url);

    /// Opens the file, which is made when it is missing.
    /// Errors  Invalid: it is no database; Unavailable: it can't be opened
    static Result<std::unique_ptr<SqliteSession>> open(const std::filesystem::path& file, std::stop_token stop);
    ~SqliteSession() override;

    using Session::run;
    char mark() const override { return '?'; }
    const char* begin_snapshot() const override { return "begin immediate"; }
    SqlResult<Outcome> run(const Statement& statement, const OnRow& on_row) override;
    SqlResult<std::int64_t> run_for_all(const BoundText& sql, const NextRow& next, std::int64_t bunch) override;

  private:
    using StatementPtr = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;
    SqliteSession(sqlite3* database, std::stop_token stop) : database_(database), stop_(std::move(stop)) {}

    SqlResult<StatementPtr> prepare(const BoundText& sql);
    SqlError error_of(const BoundText& sql) const;
    static int is_to_stop(void* self);
    /// Called again and again while another connection holds a lock. 0: no longer
    static int wait_for_lock(void* self, int tries);

    sqlite3* database_;
    std::stop_token stop_;
};

}  // namespace sluice::databases
