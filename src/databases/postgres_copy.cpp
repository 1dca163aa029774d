// What moves many rows: COPY in both directions, and one statement for all rows of a file.
#include <libpq-fe.h>

#include "databases/postgres_session.h"
#include "databases/postgres_values.h"

namespace sluice::databases {
namespace {

constexpr auto kName = "sluice_batch";

}  // namespace

SqlResult<void> PostgresSession::begin_copy(const BoundText& sql, int wanted) {
    if (stop_.stop_requested()) return tl::unexpected(sql_error(ErrorCode::Cancelled, "asked to stop"));
    if (PQsendQuery(connection_, sql.text.c_str()) == 0) return tl::unexpected(connection_error());
    const ResultPtr result = next_result();
    if (!result) return tl::unexpected(connection_error());
    if (PQresultStatus(result.get()) == wanted) return {};
    SqlError error = PQresultStatus(result.get()) == PGRES_FATAL_ERROR
                         ? error_of(result.get(), sql)
                         : sql_error(ErrorCode::Invalid, "the server does not copy; is the statement a query?");
    drain();
    return tl::unexpected(std::move(error));
}

SqlResult<std::int64_t> PostgresSession::end_of_copy(const BoundText& sql) {
    std::int64_t rows = 0;
    std::optional<SqlError> failed;
    while (const ResultPtr result = next_result()) {
        if (PQresultStatus(result.get()) == PGRES_COMMAND_OK)
            rows = std::strtoll(PQcmdTuples(result.get()), nullptr, 10);
        else if (!failed)
            failed = error_of(result.get(), sql);
    }
    if (failed) return tl::unexpected(std::move(*failed));
    if (PQstatus(connection_) != CONNECTION_OK) return tl::unexpected(connection_error());
    return rows;
}

SqlResult<std::int64_t> PostgresSession::copy_out(const std::string& sql,
                                                  const std::function<void(std::string_view)>& on_piece) {
    const BoundText text{.text = sql};
    if (auto begun = begin_copy(text, PGRES_COPY_OUT); !begun) return tl::unexpected(begun.error());
    while (true) {
        char* piece = nullptr;
        const int length = PQgetCopyData(connection_, &piece, 1);
        const std::unique_ptr<char, decltype(&PQfreemem)> owner(piece, &PQfreemem);
        if (length > 0) {
            on_piece({piece, static_cast<std::size_t>(length)});
            continue;
        }
        if (length < 0) break;  // -1 is the end, -2 a failure, which the result tells
        wait(false);
        if (PQstatus(connection_) != CONNECTION_OK) return tl::unexpected(connection_error());
    }
    return end_of_copy(text);
}

SqlResult<std::int64_t> PostgresSession::copy_in(const std::string& sql,
                                                 const std::function<std::string()>& next_piece) {
    const BoundText text{.text = sql};
    if (auto begun = begin_copy(text, PGRES_COPY_IN); !begun) return tl::unexpected(begun.error());
    const auto put = [&](auto send) {
        int done = send();
        for (; done == 0; done = send()) wait(true);
        return done > 0;
    };
    for (std::string piece = next_piece(); !piece.empty(); piece = next_piece()) {
        if (!put([&] { return PQputCopyData(connection_, piece.data(), static_cast<int>(piece.size())); })) break;
        flush();
        if (stop_.stop_requested()) {
            put([&] { return PQputCopyEnd(connection_, "asked to stop"); });
            drain();
            return tl::unexpected(sql_error(ErrorCode::Cancelled, "asked to stop"));
        }
    }
    put([&] { return PQputCopyEnd(connection_, nullptr); });
    return end_of_copy(text);
}

/// The types that the server wants for the placeholders.
SqlResult<std::vector<unsigned int>> PostgresSession::prepare(const BoundText& sql) {
    if (PQsendPrepare(connection_, kName, sql.text.c_str(), 0, nullptr) == 0) return tl::unexpected(connection_error());
    if (const ResultPtr result = next_result(); !result || PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
        SqlError error = result ? error_of(result.get(), sql) : connection_error();
        drain();
        return tl::unexpected(std::move(error));
    }
    drain();
    if (PQsendDescribePrepared(connection_, kName) == 0) return tl::unexpected(connection_error());
    const ResultPtr described = next_result();
    drain();
    if (!described || PQresultStatus(described.get()) != PGRES_COMMAND_OK) return tl::unexpected(connection_error());
    std::vector<unsigned int> out;
    for (int i = 0; i < PQnparams(described.get()); ++i) out.push_back(PQparamtype(described.get(), i));
    return out;
}

SqlResult<std::int64_t> PostgresSession::run_for_all(const BoundText& sql, const NextRow& next, std::int64_t bunch) {
    const auto types = prepare(sql);
    if (!types) return tl::unexpected(types.error());
    std::int64_t affected = 0;
    std::int64_t number = 0;
    for (bool over = false; !over;) {
        std::vector<std::vector<Value>> rows;
        while (static_cast<std::int64_t>(rows.size()) < bunch) {
            auto row = next();
            if (!row) return tl::unexpected(SqlError{row.error()});
            if (over = !*row; over) break;
            if (auto wrong = wrong_count(++number, (*row)->size(), types->size()))
                return tl::unexpected(std::move(*wrong));
            rows.push_back(std::move(**row));
        }
        const auto changed = run_bunch(sql, rows, *types);
        if (!changed) return changed;
        affected += *changed;
    }
    return affected;
}

SqlResult<std::int64_t> PostgresSession::run_bunch(const BoundText& sql, const std::vector<std::vector<Value>>& rows,
                                                   const std::vector<unsigned int>& types) {
    if (rows.empty()) return 0;
    if (stop_.stop_requested()) return tl::unexpected(sql_error(ErrorCode::Cancelled, "asked to stop"));
    if (PQenterPipelineMode(connection_) == 0) return tl::unexpected(connection_error());
    std::vector<PostgresParameter> parameters(types.size());
    std::vector<const char*> texts(types.size());
    for (const std::vector<Value>& row : rows) {
        for (std::size_t i = 0; i < types.size(); ++i) {
            parameters[i] = postgres_parameter(row[i], types[i]);
            texts[i] = parameters[i].text ? parameters[i].text->c_str() : nullptr;
        }
        if (PQsendQueryPrepared(connection_, kName, static_cast<int>(texts.size()), texts.data(), nullptr, nullptr,
                                0) == 0) {
            return tl::unexpected(connection_error());
        }
        flush();
    }
    if (PQpipelineSync(connection_) == 0) return tl::unexpected(connection_error());
    return read_bunch(sql, rows.size());
}

SqlResult<std::int64_t> PostgresSession::read_bunch(const BoundText& sql, std::size_t count) {
    std::int64_t affected = 0;
    std::optional<SqlError> failed;
    for (std::size_t answered = 0; answered <= count;) {
        const ResultPtr result = next_result();
        if (!result) {  // behind each statement's results
            if (PQstatus(connection_) != CONNECTION_OK) return tl::unexpected(connection_error());
            continue;
        }
        ++answered;
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_PIPELINE_SYNC) break;
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
            affected += std::strtoll(PQcmdTuples(result.get()), nullptr, 10);
        else if (status == PGRES_FATAL_ERROR && !failed)
            failed = error_of(result.get(), sql);
    }
    PQexitPipelineMode(connection_);
    if (failed) return tl::unexpected(std::move(*failed));
    return affected;
}

}  // namespace sluice::databases
