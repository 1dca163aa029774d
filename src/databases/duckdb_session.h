#pragma once
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "databases/duckdb_library.h"
#include "databases/session.h"
#include "expr/zone.h"

namespace sluice::databases {

class DuckSession : public Session {
  public:
    /// Opens the file, which is made when it is missing; "": a database in memory.
    /// zone  where times with zone are shown; "": UTC
    /// Errors  Unavailable: the library or the file; Invalid: no such zone
    static Result<std::unique_ptr<DuckSession>> open(const std::filesystem::path& file, const std::string& zone,
                                                     std::stop_token stop);
    ~DuckSession() override;

    using Session::run;
    char mark() const override { return '$'; }
    SqlResult<Outcome> run(const Statement& statement, const OnRow& on_row) override;
    SqlResult<std::int64_t> run_for_all(const BoundText& sql, const NextRow& next, std::int64_t bunch) override;

  private:
    class Prepared;
    class Answer;
    DuckSession(const DuckLibrary& library, expr::Zone zone, std::stop_token stop)
        : library_(library), zone_(std::move(zone)), stop_(std::move(stop)) {}

    SqlError error_of(const char* message) const;
    SqlResult<void> bind(duck_statement* statement, const std::vector<Value>& values) const;
    SqlResult<Outcome> take(Answer& answer, const OnRow& on_row) const;

    const DuckLibrary& library_;
    expr::Zone zone_;
    std::stop_token stop_;
    duck_database* database_ = nullptr;
    duck_connection* connection_ = nullptr;
};

}  // namespace sluice::databases
