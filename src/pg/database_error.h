#pragma once
#include <string>
#include <string_view>

#include "base/error.h"

namespace sluice::pg {

/// The database could not do it now: gone, restarting, read-only, full, locked, too slow. Backing off may help.
class DatabaseError : public OutsideError {
  public:
    DatabaseError(std::string sqlstate, std::string statement, const std::string& message);
    const std::string& sqlstate() const { return sqlstate_; }
    const std::string& statement() const { return statement_; }

  private:
    std::string sqlstate_;
    std::string statement_;
};

/// The connection broke while COMMIT was under way: it may or may not have happened. Read back before repeating.
class CommitUnknown : public DatabaseError {
  public:
    using DatabaseError::DatabaseError;
};

/// The statement is wrong for these data: a constraint, a type, a missing table. Repeating it changes nothing.
class StatementError : public std::runtime_error {
  public:
    StatementError(std::string sqlstate, std::string statement, std::string constraint, const std::string& message);
    const std::string& sqlstate() const { return sqlstate_; }
    const std::string& statement() const { return statement_; }
    const std::string& constraint() const { return constraint_; }

  private:
    std::string sqlstate_;
    std::string statement_;
    std::string constraint_;
};

/// The whole transaction may simply be repeated: deadlock or serialization failure.
bool is_transient(std::string_view sqlstate);

/// The connection is of no use any more: 08xxx, 57P0x, 25006 (a failed-over primary), or none at all.
bool breaks_connection(std::string_view sqlstate);

/// Throws the right one of the above.
[[noreturn]] void raise(std::string_view sqlstate, std::string_view statement, std::string_view constraint,
                        std::string_view message);

inline constexpr std::string_view kUniqueViolation = "23505";

}  // namespace sluice::pg
