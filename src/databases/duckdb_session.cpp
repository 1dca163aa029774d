#include "databases/duckdb_session.h"

#include "databases/duckdb_values.h"
#include "expr/failure.h"
#include "value/json.h"

namespace sluice::databases {
namespace {

constexpr int kChangedRows = 1;
constexpr int kQueryResult = 3;

}  // namespace

class DuckSession::Prepared {
  public:
    Prepared(const DuckSession& session, const std::string& sql) : library_(session.library_) {
        failed_ = library_.prepare(session.connection_, sql.c_str(), &statement_) != 0;
    }
    ~Prepared() { library_.destroy_prepare(&statement_); }
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;

    duck_statement* get() const { return statement_; }
    /// Null: it is good
    const char* mistake() const { return failed_ ? library_.prepare_error(statement_) : nullptr; }

  private:
    const DuckLibrary& library_;
    duck_statement* statement_ = nullptr;
    bool failed_ = false;
};

class DuckSession::Answer {
  public:
    Answer(const DuckSession& session, duck_statement* statement) : library_(session.library_) {
        const std::stop_callback interrupt(session.stop_, [&] { library_.interrupt(session.connection_); });
        failed_ = library_.execute_prepared_streaming(statement, &result) != 0;
    }
    ~Answer() { library_.destroy_result(&result); }
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;

    const char* mistake() { return failed_ ? library_.result_error(&result) : nullptr; }
    DuckResult result{};

  private:
    const DuckLibrary& library_;
    bool failed_ = false;
};

Result<std::unique_ptr<DuckSession>> DuckSession::open(const std::filesystem::path& file, const std::string& zone,
                                                       std::stop_token stop) {
    const auto library = DuckLibrary::load();
    if (!library) return tl::unexpected(library.error());
    std::optional<expr::Zone> shown;
    try {
        shown = zone.empty() ? expr::Zone::utc() : expr::Zone::named(zone);
    } catch (const expr::Failure& wrong) {
        return invalid("property 'timeZoneId': {}", wrong.text());
    }
    std::unique_ptr<DuckSession> out(new DuckSession(**library, *shown, std::move(stop)));
    char* reason = nullptr;
    if ((*library)->open_ext(file.empty() ? nullptr : file.c_str(), &out->database_, nullptr, &reason) != 0) {
        const std::string told = reason != nullptr ? reason : "it can't be opened";
        (*library)->free(reason);
        return refuse(ErrorCode::Unavailable, "the DuckDB database {}: {}", file.filename().string(), told);
    }
    ensure((*library)->connect(out->database_, &out->connection_) == 0, "DuckDB gave no connection");
    return out;
}

DuckSession::~DuckSession() {
    if (connection_ != nullptr) library_.disconnect(&connection_);
    if (database_ != nullptr) library_.close(&database_);
}

SqlError DuckSession::error_of(const char* message) const {
    if (stop_.stop_requested()) return sql_error(ErrorCode::Cancelled, "asked to stop");
    return sql_error(ErrorCode::Invalid, message != nullptr ? message : "DuckDB refused it without a reason");
}

SqlResult<void> DuckSession::bind(duck_statement* statement, const std::vector<Value>& values) const {
    for (std::uint64_t i = 0; i < values.size(); ++i) {
        const Value& value = values[i];
        int failed = 0;
        if (value.is_null())
            failed = library_.bind_null(statement, i + 1);
        else if (value.is_bool())
            failed = library_.bind_boolean(statement, i + 1, value.as_bool());
        else if (value.is_integer())
            failed = library_.bind_int64(statement, i + 1, value.as_integer());
        else if (value.is_number())
            failed = library_.bind_double(statement, i + 1, value.as_double());
        else {
            const Extension* extension = value.if_extension();
            std::string text = value.is_string()      ? value.as_string()
                               : extension != nullptr ? extension->text()
                                                      : to_json(value);
            // A region is none of DuckDB's: 2024-01-01T10:00+01:00[Europe/Paris]
            if (extension != nullptr && extension->type() == ExtensionType::ZonedDateTime)
                text = text.substr(0, text.find('['));
            failed = library_.bind_varchar_length(statement, i + 1, text.data(), text.size());
        }
        if (failed != 0)
            return tl::unexpected(
                sql_error(ErrorCode::Invalid, fmt::format("the value of placeholder {} is refused", i + 1)));
    }
    return {};
}

SqlResult<Outcome> DuckSession::take(Answer& answer, const OnRow& on_row) const {
    Outcome out;
    const int kind = library_.result_return_type(answer.result);
    if (kind == kChangedRows) out.affected = static_cast<std::int64_t>(library_.rows_changed(&answer.result));
    if (kind != kQueryResult) return out;
    out.gives_rows = true;
    const std::stop_callback interrupt(stop_, [&] { library_.interrupt(connection_); });
    while (duck_chunk* fetched = library_.fetch_chunk(answer.result)) {
        const std::shared_ptr<duck_chunk> chunk(fetched,
                                                [this](duck_chunk* one) { library_.destroy_data_chunk(&one); });
        const std::uint64_t rows = library_.data_chunk_get_size(fetched);
        if (rows == 0) break;
        std::vector<DuckColumn> columns;
        std::vector<std::string> names;
        for (std::uint64_t i = 0; i < library_.column_count(&answer.result); ++i) {
            columns.emplace_back(library_, library_.data_chunk_get_vector(fetched, i), zone_);
            names.emplace_back(library_.column_name(&answer.result, i));
        }
        for (std::uint64_t row = 0; row < rows; ++row) {
            Map map;
            for (std::size_t i = 0; i < columns.size(); ++i) {
                auto value = columns[i].at(row);
                if (!value)
                    return tl::unexpected(
                        sql_error(ErrorCode::Invalid, fmt::format("column '{}': {}", names[i], value.error().message)));
                map.set(names[i], std::move(*value));
            }
            if (auto taken = on_row(Value(std::move(map))); !taken) return tl::unexpected(SqlError{taken.error()});
        }
    }
    const char* mistake = library_.result_error(&answer.result);
    if (stop_.stop_requested() || (mistake != nullptr && *mistake != '\0')) return tl::unexpected(error_of(mistake));
    return out;
}

SqlResult<Outcome> DuckSession::run(const Statement& statement, const OnRow& on_row) {
    if (stop_.stop_requested()) return tl::unexpected(error_of(nullptr));
    const Prepared prepared(*this, statement.sql.text);
    if (const char* mistake = prepared.mistake()) return tl::unexpected(error_of(mistake));
    if (auto bound = bind(prepared.get(), statement.values); !bound) return tl::unexpected(bound.error());
    Answer answer(*this, prepared.get());
    if (const char* mistake = answer.mistake()) return tl::unexpected(error_of(mistake));
    return take(answer, on_row);
}

SqlResult<std::int64_t> DuckSession::run_for_all(const BoundText& sql, const NextRow& next, std::int64_t) {
    const Prepared prepared(*this, sql.text);
    if (const char* mistake = prepared.mistake()) return tl::unexpected(error_of(mistake));
    const std::uint64_t wanted = library_.nparams(prepared.get());
    std::int64_t affected = 0;
    std::int64_t number = 0;
    for (auto row = next(); !row || *row; row = next()) {
        if (!row) return tl::unexpected(SqlError{row.error()});
        if (auto wrong = wrong_count(++number, (*row)->size(), wanted)) return tl::unexpected(std::move(*wrong));
        if (auto bound = bind(prepared.get(), **row); !bound) return tl::unexpected(bound.error());
        Answer answer(*this, prepared.get());
        if (const char* mistake = answer.mistake()) return tl::unexpected(error_of(mistake));
        const auto done = take(answer, [](Value) { return Result<void>(); });
        if (!done) return tl::unexpected(done.error());
        affected += std::max<std::int64_t>(done->affected, 0);
    }
    return affected;
}

}  // namespace sluice::databases
