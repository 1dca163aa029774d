#pragma once
/// Databases that tasks talk to.
///
/// Promises
///  - Rows come one by one: memory does not grow with their number.
///  - A statement ends when its task is asked to stop, on the server, too.
///  - A password is in no message.
/// A session that is destroyed within a transaction rolls it back.
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "databases/sql_text.h"
#include "value/value.h"

namespace sluice::databases {

/// A statement to be run, with the values of its placeholders.
struct Statement {
    BoundText sql{};
    std::vector<Value> values{};
};

/// What a statement did.
struct Outcome {
    bool gives_rows = false;     // also when there are none
    std::int64_t affected = -1;  // -1: it tells none
    std::string told{};          // "INSERT 0 3"; "" where the database says nothing
};

/// A mistake of a statement; `offset` is where in its source, when the database says that.
struct SqlError {
    Error error{};
    std::optional<std::size_t> offset{};
};
template <class T>
using SqlResult = tl::expected<T, SqlError>;

inline SqlError sql_error(ErrorCode code, std::string message) {
    return {Error{.code = code, .message = std::move(message)}};
}

/// What is wrong when a row has not as many values as its statement has placeholders; empty: nothing
std::optional<SqlError> wrong_count(std::int64_t row, std::size_t values, std::size_t placeholders);

/// Gets a row as a map of columns. An error ends the statement, and is its error.
using OnRow = std::function<Result<void>(Value row)>;

/// One connection.
/// Threads  one
class Session {
  public:
    virtual ~Session() = default;

    /// What stands before the number of a placeholder
    virtual char mark() const = 0;
    /// Begins a transaction whose statements all see the same rows.
    virtual const char* begin_snapshot() const { return "begin"; }
    /// Errors  Invalid: the database refused it; Cancelled: asked to stop; Unavailable: the connection is gone
    virtual SqlResult<Outcome> run(const Statement& statement, const OnRow& on_row) = 0;
    /// begin, commit, rollback …
    SqlResult<Outcome> run(const std::string& sql);

    /// Runs `sql`, which has a placeholder for each value of a row, for all rows until `next` gives none. `bunch` is
    /// how many are sent before their answers are read. Returns how many rows of the table it changed.
    using NextRow = std::function<Result<std::optional<std::vector<Value>>>()>;
    virtual SqlResult<std::int64_t> run_for_all(const BoundText& sql, const NextRow& next, std::int64_t bunch) = 0;
};

}  // namespace sluice::databases
