#include "databases/sqlite_session.h"

#include <sqlite3.h>

#include "expr/encoding.h"
#include "value/extension.h"
#include "value/json.h"

namespace sluice::databases {
namespace {

constexpr int kBusyMs = 60'000;             // another task may be writing
constexpr int kLookMs = 50;                 // how often a statement that waits for it looks
constexpr int kStepsBetweenLooks = 10'000;  // of SQLite's own machine

void bind(sqlite3_stmt* statement, int at, const Value& value) {
    switch (value.kind()) {
        case Kind::Null:
            sqlite3_bind_null(statement, at);
            break;
        case Kind::Bool:
            sqlite3_bind_int(statement, at, value.as_bool() ? 1 : 0);
            break;
        case Kind::Int:
        case Kind::Long:
            sqlite3_bind_int64(statement, at, value.as_integer());
            break;
        case Kind::Float:
        case Kind::Double:
            sqlite3_bind_double(statement, at, value.as_double());
            break;
        default: {
            const Extension* extension = value.if_extension();
            const std::string text = value.is_string()      ? value.as_string()
                                     : extension != nullptr ? extension->text()
                                                            : to_json(value);
            sqlite3_bind_text64(statement, at, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        }
    }
}

bool is_boolean(const char* declared) {
    return declared != nullptr && (sqlite3_stricmp(declared, "BOOLEAN") == 0 || sqlite3_stricmp(declared, "BOOL") == 0);
}

Value column_value(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER: {
            const std::int64_t number = sqlite3_column_int64(statement, column);
            if (is_boolean(sqlite3_column_decltype(statement, column)) && (number == 0 || number == 1))
                return Value(number == 1);
            if (number >= INT32_MIN && number <= INT32_MAX) return Value(static_cast<std::int32_t>(number));
            return Value(number);
        }
        case SQLITE_FLOAT:
            return Value(sqlite3_column_double(statement, column));
        case SQLITE_NULL:
            return Value();
        default: {
            const bool is_blob = sqlite3_column_type(statement, column) == SQLITE_BLOB;
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
            const std::string_view text(bytes != nullptr ? bytes : "",
                                        static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
            return is_blob ? Value(expr::base64_of(text)) : Value(text);
        }
    }
}

Value row_of(sqlite3_stmt* statement) {
    Map row;
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
        row.set(sqlite3_column_name(statement, column), column_value(statement, column));
    }
    return Value(std::move(row));
}

}  // namespace

Result<std::filesystem::path> SqliteSession::file_of(const std::string& url) {
    std::string_view name = url;
    if (name.starts_with("jdbc:")) name.remove_prefix(5);
    if (!name.starts_with("sqlite:")) return invalid("property 'url': expected jdbc:sqlite:file.db, found '{}'", url);
    name.remove_prefix(7);
    name = name.substr(0, name.find('?'));
    if (name.empty() || name == ":memory:") return std::filesystem::path(":memory:");
    return std::filesystem::path(name);
}

Result<std::unique_ptr<SqliteSession>> SqliteSession::open(const std::filesystem::path& file, std::stop_token stop) {
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &database,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    ensure(database != nullptr, "no memory for a database");
    std::unique_ptr<SqliteSession> out(new SqliteSession(database, std::move(stop)));
    if (code != SQLITE_OK)
        return refuse(ErrorCode::Unavailable, "{}: {}", file.filename().string(), sqlite3_errmsg(database));
    sqlite3_extended_result_codes(database, 1);
    sqlite3_busy_handler(database, &SqliteSession::wait_for_lock, out.get());
    sqlite3_progress_handler(database, kStepsBetweenLooks, &SqliteSession::is_to_stop, out.get());
    return out;
}

SqliteSession::~SqliteSession() {
    sqlite3_close_v2(database_);
}

int SqliteSession::is_to_stop(void* self) {
    return static_cast<SqliteSession*>(self)->stop_.stop_requested() ? 1 : 0;
}

int SqliteSession::wait_for_lock(void* self, int tries) {
    if (is_to_stop(self) != 0 || tries >= kBusyMs / kLookMs) return 0;
    sqlite3_sleep(kLookMs);
    return 1;
}

SqlError SqliteSession::error_of(const BoundText& sql) const {
    if (stop_.stop_requested()) return sql_error(ErrorCode::Cancelled, "asked to stop");
    SqlError out = sql_error(ErrorCode::Invalid, fmt::format("{} (SQLite {})", sqlite3_errmsg(database_),
                                                             sqlite3_extended_errcode(database_)));
    if (const int offset = sqlite3_error_offset(database_); offset >= 0)
        out.offset = sql.source_offset(static_cast<std::size_t>(offset));
    return out;
}

SqlResult<SqliteSession::StatementPtr> SqliteSession::prepare(const BoundText& sql) {
    sqlite3_stmt* made = nullptr;
    const char* rest = nullptr;
    const char* const end = sql.text.data() + sql.text.size();
    const int code = sqlite3_prepare_v2(database_, sql.text.data(), static_cast<int>(sql.text.size()), &made, &rest);
    StatementPtr out(made, &sqlite3_finalize);
    if (code != SQLITE_OK) return tl::unexpected(error_of(sql));
    // SQLite leaves alone what stands behind the first statement; blanks and comments there are none.
    sqlite3_stmt* more = nullptr;
    const int second = sqlite3_prepare_v2(database_, rest, static_cast<int>(end - rest), &more, nullptr);
    const StatementPtr next(more, &sqlite3_finalize);
    if (second == SQLITE_OK && more == nullptr) return out;
    SqlError error =
        sql_error(ErrorCode::Invalid, "one statement is expected here, and there is another one behind it");
    error.offset = sql.source_offset(static_cast<std::size_t>(rest - sql.text.data()));
    return tl::unexpected(std::move(error));
}

SqlResult<Outcome> SqliteSession::run(const Statement& statement, const OnRow& on_row) {
    if (stop_.stop_requested()) return tl::unexpected(sql_error(ErrorCode::Cancelled, "asked to stop"));
    const auto prepared = prepare(statement.sql);
    if (!prepared) return tl::unexpected(prepared.error());
    sqlite3_stmt* one = prepared->get();
    if (one == nullptr) return Outcome{};  // nothing but a comment
    for (std::size_t i = 0; i < statement.values.size(); ++i) bind(one, static_cast<int>(i) + 1, statement.values[i]);
    Outcome out{.gives_rows = sqlite3_column_count(one) > 0};
    const int before = sqlite3_total_changes(database_);
    int code = sqlite3_step(one);
    for (; code == SQLITE_ROW; code = sqlite3_step(one)) {
        if (auto taken = on_row(row_of(one)); !taken) return tl::unexpected(SqlError{taken.error()});
    }
    if (code != SQLITE_DONE) return tl::unexpected(error_of(statement.sql));
    if (sqlite3_stmt_readonly(one) == 0) out.affected = sqlite3_total_changes(database_) - before;
    return out;
}

SqlResult<std::int64_t> SqliteSession::run_for_all(const BoundText& sql, const NextRow& next, std::int64_t) {
    const auto prepared = prepare(sql);
    if (!prepared) return tl::unexpected(prepared.error());
    sqlite3_stmt* one = prepared->get();
    const int wanted = sqlite3_bind_parameter_count(one);
    std::int64_t number = 0;
    std::int64_t affected = 0;
    for (auto row = next(); !row || *row; row = next()) {
        if (!row) return tl::unexpected(SqlError{row.error()});
        const std::vector<Value>& values = **row;
        if (auto wrong = wrong_count(++number, values.size(), static_cast<std::size_t>(wanted)))
            return tl::unexpected(std::move(*wrong));
        for (std::size_t i = 0; i < values.size(); ++i) bind(one, static_cast<int>(i) + 1, values[i]);
        int code = sqlite3_step(one);
        while (code == SQLITE_ROW) code = sqlite3_step(one);
        if (code != SQLITE_DONE) return tl::unexpected(error_of(sql));
        affected += sqlite3_changes(database_);
        sqlite3_reset(one);
    }
    return affected;
}

}  // namespace sluice::databases
