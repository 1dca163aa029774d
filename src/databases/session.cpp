#include "databases/session.h"

namespace sluice::databases {

SqlResult<Outcome> Session::run(const std::string& sql) {
    return run(Statement{.sql = {.text = sql}}, [](Value) { return Result<void>(); });
}

std::optional<SqlError> wrong_count(std::int64_t row, std::size_t values, std::size_t placeholders) {
    if (values == placeholders) return {};
    return sql_error(ErrorCode::Invalid,
                     fmt::format("row {} has {} values, the statement {} placeholders", row, values, placeholders));
}

}  // namespace sluice::databases
