#include "pg/database_error.h"

namespace sluice::pg {
namespace {

std::string one_line(std::string_view statement, std::string_view sqlstate, std::string_view message) {
    while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.remove_suffix(1);
    std::string out(message);
    for (char& c : out) c = c == '\n' ? ' ' : c;
    if (!sqlstate.empty()) out += fmt::format(" [{}]", sqlstate);
    if (!statement.empty()) out += fmt::format(" in {}", statement);
    return out;
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
    for (const std::string_view prefix : prefixes) {
        if (text.starts_with(prefix)) return true;
    }
    return false;
}

}  // namespace

DatabaseError::DatabaseError(std::string sqlstate, std::string statement, const std::string& message)
    : OutsideError(one_line(statement, sqlstate, message)),
      sqlstate_(std::move(sqlstate)),
      statement_(std::move(statement)) {}

StatementError::StatementError(std::string sqlstate, std::string statement, std::string constraint,
                               const std::string& message)
    : std::runtime_error(one_line(statement, sqlstate, message)),
      sqlstate_(std::move(sqlstate)),
      statement_(std::move(statement)),
      constraint_(std::move(constraint)) {}

bool is_transient(std::string_view sqlstate) {
    return sqlstate == "40001" || sqlstate == "40P01";
}

bool breaks_connection(std::string_view sqlstate) {
    return sqlstate.empty() || starts_with_any(sqlstate, {"08", "57P", "25006", "25P03"});
}

void raise(std::string_view sqlstate, std::string_view statement, std::string_view constraint,
           std::string_view message) {
    // 40 rollback, 53 resources, 55 lock time-out, 57 operator or time-out, 58 system error, XX corruption
    const bool outside = breaks_connection(sqlstate) || starts_with_any(sqlstate, {"40", "53", "55", "57", "58", "XX"});
    if (outside) throw DatabaseError(std::string(sqlstate), std::string(statement), std::string(message));
    throw StatementError(std::string(sqlstate), std::string(statement), std::string(constraint), std::string(message));
}

}  // namespace sluice::pg
