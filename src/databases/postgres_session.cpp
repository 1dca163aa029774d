#include "databases/postgres_session.h"

#include <libpq-fe.h>
#include <poll.h>

#include "base/time.h"
#include "databases/postgres_values.h"

namespace sluice::databases {
namespace {

constexpr int kLookMs = 200;  // how often a statement that waits looks whether it is to stop
constexpr auto kAskAgain = 2s;

std::string trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    return std::string(text);
}

std::string field(const pg_result* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text != nullptr ? text : "";
}

/// Byte offset of a character, counted from 1
std::size_t byte_of(std::string_view text, std::size_t character) {
    std::size_t at = 0;
    for (std::size_t seen = 1; at < text.size() && seen < character; ++seen) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
    }
    return at;
}

void tell(void* handler, const pg_result* result) {
    const auto& on_notice = *static_cast<const std::function<void(std::string)>*>(handler);
    const char* severity = PQresultErrorField(result, PG_DIAG_SEVERITY);
    const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (on_notice && message != nullptr)
        on_notice(fmt::format("{}: {}", severity != nullptr ? severity : "NOTICE", message));
}

}  // namespace

PostgresSession::PostgresSession(pg_conn* connection, const PostgresConfig& config, std::stop_token stop)
    : connection_(connection),
      stop_(std::move(stop)),
      zone_(config.time_zone),
      password_(config.password),
      on_notice_(config.on_notice) {
    ensure(connection_ != nullptr, "libpq gave no connection");
    PQsetNoticeReceiver(connection_, &tell, &on_notice_);
    PQsetnonblocking(connection_, 1);
}

PostgresSession::~PostgresSession() {
    if (PQtransactionStatus(connection_) == PQTRANS_ACTIVE) send_cancel();  // or the server would finish it for nobody
    PQfinish(connection_);
}

void PostgresSession::send_cancel() const {
    const std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> cancel(PQgetCancel(connection_), &PQfreeCancel);
    char reason[256];
    if (cancel) PQcancel(cancel.get(), reason, sizeof reason);  // a server that is gone has nothing to cancel
}

void PostgresSession::wait(bool until_writable) {
    if (stop_.stop_requested() && std::chrono::steady_clock::now() - cancelled_at_ > kAskAgain) {
        cancelled_at_ = std::chrono::steady_clock::now();
        send_cancel();
    }
    pollfd one{.fd = PQsocket(connection_), .events = POLLIN, .revents = 0};
    if (until_writable) one.events |= POLLOUT;
    ::poll(&one, 1, kLookMs);
    if ((one.revents & (POLLIN | POLLHUP | POLLERR)) != 0)
        PQconsumeInput(connection_);  // a failure is told by the result
}

void PostgresSession::flush() {
    while (PQflush(connection_) > 0) wait(true);
}

PostgresSession::ResultPtr PostgresSession::next_result() {
    flush();
    while (PQisBusy(connection_) != 0 && PQstatus(connection_) == CONNECTION_OK) wait(false);
    return {PQgetResult(connection_), &PQclear};
}

void PostgresSession::drain() {
    while (const ResultPtr result = next_result()) {
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_COPY_IN || status == PGRES_COPY_BOTH) PQputCopyEnd(connection_, "not wanted");
        if (status == PGRES_COPY_OUT) {
            char* piece = nullptr;
            while (PQgetCopyData(connection_, &piece, 0) > 0) PQfreemem(piece);
        }
    }
}

SqlError PostgresSession::connection_error() const {
    std::string text = trimmed(PQerrorMessage(connection_));
    for (std::size_t at = 0; !password_.empty() && (at = text.find(password_, at)) != std::string::npos; ++at) {
        text.replace(at, password_.size(), "*");
    }
    return sql_error(ErrorCode::Unavailable, text);
}

SqlError PostgresSession::error_of(const pg_result* result, const BoundText& sql) const {
    const std::string state = field(result, PG_DIAG_SQLSTATE);
    if (state.empty()) {
        return stop_.stop_requested() ? sql_error(ErrorCode::Cancelled, "asked to stop") : connection_error();
    }
    SqlError out = sql_error(ErrorCode::Invalid, fmt::format("{}: {} (SQLSTATE {})", field(result, PG_DIAG_SEVERITY),
                                                             field(result, PG_DIAG_MESSAGE_PRIMARY), state));
    const std::pair<int, const char*> more[] = {
        {PG_DIAG_MESSAGE_DETAIL, "detail"}, {PG_DIAG_MESSAGE_HINT, "hint"}, {PG_DIAG_CONTEXT, "where"}};
    for (const auto& [code, name] : more) {
        if (const std::string text = field(result, code); !text.empty())
            out.error.message += fmt::format("; {}: {}", name, text);
    }
    if (state == "57014" && stop_.stop_requested())
        out.error = {.code = ErrorCode::Cancelled, .message = "asked to stop"};
    if (const std::string position = field(result, PG_DIAG_STATEMENT_POSITION); !position.empty()) {
        const auto character = static_cast<std::size_t>(std::strtoul(position.c_str(), nullptr, 10));
        out.offset = sql.source_offset(byte_of(sql.text, character));
    }
    return out;
}

Value PostgresSession::row_of(const pg_result* result) const {
    Map row;
    const int columns = PQnfields(result);
    row.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
        Value value;
        if (PQgetisnull(result, 0, column) == 0) {
            const auto length = static_cast<std::size_t>(PQgetlength(result, 0, column));
            value = postgres_value(PQftype(result, column), {PQgetvalue(result, 0, column), length}, zone_);
        }
        row.set(PQfname(result, column), std::move(value));
    }
    return Value(std::move(row));
}

SqlResult<Outcome> PostgresSession::run(const Statement& statement, const OnRow& on_row) {
    if (stop_.stop_requested()) return tl::unexpected(sql_error(ErrorCode::Cancelled, "asked to stop"));
    std::vector<PostgresParameter> parameters;
    std::vector<const char*> texts;
    std::vector<Oid> types;
    for (const Value& value : statement.values) parameters.push_back(postgres_parameter(value));
    for (const PostgresParameter& parameter : parameters) {
        texts.push_back(parameter.text ? parameter.text->c_str() : nullptr);
        types.push_back(parameter.type);
    }
    const int sent = PQsendQueryParams(connection_, statement.sql.text.c_str(), static_cast<int>(texts.size()),
                                       types.data(), texts.data(), nullptr, nullptr, 0);
    if (sent == 0) return tl::unexpected(connection_error());
    PQsetSingleRowMode(connection_);
    return read_rows(statement, on_row);
}

SqlResult<Outcome> PostgresSession::read_rows(const Statement& statement, const OnRow& on_row) {
    Outcome out;
    while (const ResultPtr result = next_result()) {
        switch (PQresultStatus(result.get())) {
            case PGRES_SINGLE_TUPLE:
                out.gives_rows = true;
                if (auto taken = on_row(row_of(result.get())); !taken) {
                    send_cancel();
                    drain();
                    return tl::unexpected(SqlError{taken.error()});
                }
                break;
            case PGRES_TUPLES_OK:
                out.gives_rows = true;
                out.told = PQcmdStatus(result.get());
                break;
            case PGRES_COMMAND_OK:
                out.told = PQcmdStatus(result.get());
                if (const char* count = PQcmdTuples(result.get()); *count != '\0')
                    out.affected = std::strtoll(count, nullptr, 10);
                break;
            case PGRES_COPY_IN:
            case PGRES_COPY_OUT:
            case PGRES_COPY_BOTH:
                PQputCopyEnd(connection_, "not wanted");
                send_cancel();
                drain();
                return tl::unexpected(
                    sql_error(ErrorCode::Invalid,
                              "COPY FROM STDIN and TO STDOUT need the tasks jdbc.postgresql.CopyIn and CopyOut"));
            case PGRES_EMPTY_QUERY:
                break;
            default: {
                SqlError error = error_of(result.get(), statement.sql);
                drain();
                return tl::unexpected(std::move(error));
            }
        }
    }
    if (PQstatus(connection_) != CONNECTION_OK) return tl::unexpected(connection_error());
    return out;
}

std::string PostgresSession::quoted(const std::string& text) const {
    const std::unique_ptr<char, decltype(&PQfreemem)> out(PQescapeLiteral(connection_, text.data(), text.size()),
                                                          &PQfreemem);
    ensure(out != nullptr, "libpq can't quote a text");
    return out.get();
}

}  // namespace sluice::databases
