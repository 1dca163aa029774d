#include "pg/connection.h"

#include <libpq-fe.h>
#include <pqxx/pqxx>

#include "base/log.h"
#include "base/service.h"
#include "pg/actor.h"
#include "pg/connection_parameters.h"
#include "pg/database_error.h"

namespace sluice::pg {
namespace {

const Logger kLog("pg");

/// The server asked for a password, got one, and did not let us in.
class PasswordRefused : public pqxx::broken_connection {
  public:
    using pqxx::broken_connection::broken_connection;
};

/// Makes the handle ourselves, so that libpqxx and we use the same one.
class SharedHandle : public pqxx::connectionpolicy {
  public:
    explicit SharedHandle(const std::string& options) : pqxx::connectionpolicy(options) {}

    handle do_startconnect(handle original) override {
        if (original != nullptr) return original;
        const OutsideWait waiting;
        raw_ = PQconnectdb(options().c_str());
        if (PQstatus(raw_) != CONNECTION_OK) {
            const std::string reason = PQerrorMessage(raw_);
            const bool with_password = PQconnectionUsedPassword(raw_) != 0;
            PQfinish(std::exchange(raw_, nullptr));
            if (with_password) throw PasswordRefused(reason);
            throw pqxx::broken_connection(reason);
        }
        return raw_;
    }
    handle do_dropconnect(handle original) noexcept override { return original; }
    handle do_disconnect(handle original) noexcept override {
        if (original != nullptr) PQfinish(original);
        raw_ = nullptr;
        return nullptr;
    }
    bool is_ready(handle h) const noexcept override { return h != nullptr && PQstatus(h) == CONNECTION_OK; }

    PGconn* raw_ = nullptr;
};

class SharedConnection : public pqxx::connection_base {
  public:
    explicit SharedConnection(const std::string& options) : pqxx::connection_base(policy_), policy_(options) {
        init();
        inhibit_revival();
    }
    ~SharedConnection() noexcept { close(); }
    PGconn* raw() const { return policy_.raw_; }

  private:
    /// A connection that libpqxx revives has lost its prepared statements, LISTENs and locks without a word.
    void inhibit_revival() {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
        inhibit_reactivation(true);
#pragma GCC diagnostic pop
    }
    SharedHandle policy_;
};

std::string conninfo_of(const std::map<std::string, std::string>& parameters) {
    std::string out;
    for (const auto& [key, value] : parameters) {
        out += key + "='";
        for (const char c : value) {
            if (c == '\'' || c == '\\') out += '\\';
            out += c;
        }
        out += "' ";
    }
    return out;
}

}  // namespace

struct Connection::Session {
    explicit Session(const std::string& options) : pqxx(options) {}
    SharedConnection pqxx;
};

std::string libpq_url(std::string_view url) {
    constexpr std::string_view kJdbc = "jdbc:";
    if (!url.starts_with(kJdbc)) return std::string(url);
    std::string out(url.substr(kJdbc.size()));
    // jdbc's names of what libpq calls otherwise
    const std::pair<std::string_view, std::string_view> names[] = {{"currentSchema=", "options=-csearch_path%3D"},
                                                                   {"ApplicationName=", "application_name="}};
    for (const auto& [theirs, ours] : names) {
        const auto at = out.find(theirs);
        if (at != std::string::npos) out.replace(at, theirs.size(), ours);
    }
    return out;
}

Connection::Connection(const ConnectionConfig& config, DatabaseClock& clock) : config_(config) {
    try {
        session_ = std::make_unique<Session>(conninfo_of(connection_parameters(config)));
    } catch (const PasswordRefused& refused) {
        if (config.password) config.password->refused();
        throw DatabaseError("28P01", "", refused.what());
    } catch (const pqxx::failure& failed) {
        throw DatabaseError("08001", "", failed.what() + tls_hint(config));
    }
    set_up(clock);
}

Connection::~Connection() = default;

pg_conn* Connection::raw() const {
    return session_->pqxx.raw();
}
bool Connection::is_broken() const {
    return broken_ || PQstatus(raw()) != CONNECTION_OK;
}
int Connection::backend_pid() const {
    return PQbackendPID(raw());
}

void Connection::cancel() const {
    PGcancel* cancel = PQgetCancel(raw());
    if (cancel == nullptr) return;
    char reason[256];
    PQcancel(cancel, reason, sizeof reason);
    PQfreeCancel(cancel);
}

/// The limits end what a vanished client left behind: its transaction, its locks.
///
/// All our statements look rows up by keys, a few hundred at once, in tables that grow quicker than they are analysed.
/// A plan that reads the whole table to join it with the keys is never right, however cheap it looks while the table
/// seems small: it costs more with every row of history. Without sequential scans there is no such plan, as long as a
/// statement has no condition on the table besides its keys.
void Connection::set_up(DatabaseClock& clock) {
    const auto ms = [](Duration d) { return std::to_string(d / 1ms); };
    std::vector<std::pair<std::string_view, std::string>> settings{
        {"statement_timeout", ms(config_.statement_timeout)},
        {"lock_timeout", ms(config_.lock_timeout)},
        {"idle_in_transaction_session_timeout", "10000"},
        {"timezone", "UTC"},
        {"datestyle", "ISO"},
        {"intervalstyle", "iso_8601"},
        {"extra_float_digits", "1"},
        {"search_path", "sluice, public"},
        {"client_min_messages", "warning"},
        {"enable_hashjoin", "off"},
        {"enable_mergejoin", "off"},
        {"enable_seqscan", "off"},
        {"random_page_cost", "1.1"},
        {"jit", "off"},
        {"sluice.server", "on"},  // what this connection does is no person's act, unless it says whose
    };
    if (!config_.pooled && PQhost(raw()) != nullptr && PQhost(raw())[0] != '/') {
        for (const auto& [name, value] : {std::pair("tcp_keepalives_idle", "5"),
                                          {"tcp_keepalives_interval", "2"},
                                          {"tcp_keepalives_count", "3"},
                                          {"tcp_user_timeout", "10000"}}) {
            settings.emplace_back(name, value);
        }
    }
    for (const auto& [name, value] : settings) {
        settings_text_ += fmt::format("{} pg_catalog.set_config('{}', '{}', {})",
                                      settings_text_.empty() ? "select" : ",", name, value, config_.pooled);
    }
    settings_.text = settings_text_.c_str();
    if (!config_.pooled) run_text(settings_text_);
    const auto before = std::chrono::steady_clock::now();
    const Rows rows = run_text("select clock_timestamp()");
    clock.set(rows[0].timestamp(), before, std::chrono::steady_clock::now());
}

void Connection::fail(const pg_result* result, std::string_view statement) {
    const char* sqlstate = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const char* constraint = result != nullptr ? PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME) : nullptr;
    const char* primary = result != nullptr ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
    const char* detail = result != nullptr ? PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL) : nullptr;
    std::string message = primary != nullptr ? primary : PQerrorMessage(raw());
    if (detail != nullptr) message += std::string(" (") + detail + ")";
    const std::string state = sqlstate != nullptr ? sqlstate : "";
    if (breaks_connection(state)) broken_ = true;
    raise(state, statement, constraint != nullptr ? constraint : "", message);
}

std::shared_ptr<const pg_result> Connection::checked(pg_result* result, std::string_view statement) {
    std::shared_ptr<const pg_result> kept(result, [](const pg_result* r) { PQclear(const_cast<pg_result*>(r)); });
    const auto status = PQresultStatus(result);
    if (result == nullptr || (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)) fail(result, statement);
    return kept;
}

void Connection::tell_slow(std::string_view statement, Moment since, const pg_result* result) const {
    if (config_.slow_statements == Duration{0}) return;
    const auto took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - since);
    if (took < config_.slow_statements) return;
    const std::string_view changed = PQcmdTuples(const_cast<pg_result*>(result));
    const int rows = changed.empty() ? PQntuples(result) : std::atoi(changed.data());
    kLog.warn("statement.slow", {{"statement", statement.empty() ? std::string_view("(text)") : statement},
                                 {"took_ms", in_ms(took)},
                                 {"rows", rows},
                                 {"outcome", std::string_view(PQresStatus(PQresultStatus(result)))},
                                 {"backend_pid", backend_pid()}});
}

void Connection::prepare(const Statement& statement) {
    if (prepared_.contains(statement.name)) return;
    checked(PQprepare(raw(), statement.name, statement.text, 0, nullptr), statement.name);
    prepared_.insert(statement.name);
}

namespace {
constexpr Statement kBegin{"begin", "begin"};
constexpr Statement kCommit{"commit", "commit"};

std::vector<const char*> pointers(const Parameters& parameters) {
    std::vector<const char*> out;
    out.reserve(parameters.size());
    for (const auto& value : parameters.values()) out.push_back(value ? value->c_str() : nullptr);
    return out;
}
}  // namespace

Rows Connection::run_with(const Statement& statement, const Parameters& parameters) {
    const OutsideWait waiting;
    if (config_.pooled && is_idle()) return in_own_transaction({&statement, parameters});
    if (config_.pooled) return run_once(statement.name, statement.text, parameters);
    const auto values = pointers(parameters);
    const int count = static_cast<int>(values.size());
    prepare(statement);
    const Moment since = std::chrono::steady_clock::now();
    pg_result* result = PQexecPrepared(raw(), statement.name, count, values.data(), nullptr, nullptr, 0);
    tell_slow(statement.name, since, result);
    return Rows(checked(result, statement.name));
}

Rows Connection::run_once(std::string_view name, const std::string& sql, const Parameters& parameters) {
    const OutsideWait waiting;
    if (config_.pooled && is_idle()) {
        const std::string kept(name);
        const Statement statement{kept.c_str(), sql.c_str()};
        return in_own_transaction({&statement, parameters});
    }
    const auto values = pointers(parameters);
    const int count = static_cast<int>(values.size());
    const Moment since = std::chrono::steady_clock::now();
    pg_result* result = PQexecParams(raw(), sql.c_str(), count, nullptr, values.data(), nullptr, nullptr, 0);
    tell_slow(name, since, result);
    return Rows(checked(result, name));
}

Rows Connection::run_text(const std::string& sql) {
    const OutsideWait waiting;
    // Several commands in one text are one transaction.
    const bool alone = config_.pooled && is_idle();
    const Moment since = std::chrono::steady_clock::now();
    pg_result* result = PQexec(raw(), alone ? (settings_text_ + "; " + sql).c_str() : sql.c_str());
    tell_slow("", since, result);
    return Rows(checked(result, ""));
}

bool Connection::is_idle() const {
    return PQtransactionStatus(raw()) == PQTRANS_IDLE;
}

Rows Connection::in_own_transaction(Queued statement) {
    try {
        return run_pipelined({{&kBegin, {}}, {&settings_, {}}, std::move(statement), {&kCommit, {}}})[2];
    } catch (const std::exception&) {
        if (!is_broken() && !is_idle()) run_text("rollback");
        throw;
    }
}

std::vector<Rows> Connection::run_pipelined(const std::vector<Queued>& queue) {
    const OutsideWait waiting;
    std::vector<Rows> out;
    out.reserve(queue.size());
    if (!config_.pooled) {
        for (const Queued& queued : queue) prepare(*queued.statement);
    }
    if (PQenterPipelineMode(raw()) != 1) fail(nullptr, "pipeline");
    for (const Queued& queued : queue) {
        const auto values = pointers(queued.parameters);
        const int count = static_cast<int>(values.size());
        const int sent =
            config_.pooled
                ? PQsendQueryParams(raw(), queued.statement->text, count, nullptr, values.data(), nullptr, nullptr, 0)
                : PQsendQueryPrepared(raw(), queued.statement->name, count, values.data(), nullptr, nullptr, 0);
        if (sent != 1) {
            broken_ = true;  // half a pipeline: nobody can use this connection any more
            fail(nullptr, queued.statement->name);
        }
    }
    if (PQpipelineSync(raw()) != 1) {
        broken_ = true;
        fail(nullptr, "pipeline");
    }
    // All results are read before the first failure is thrown: the connection must be left clean.
    std::shared_ptr<const pg_result> failed;
    std::string_view failed_statement;
    Moment since = std::chrono::steady_clock::now();
    for (const Queued& queued : queue) {
        pg_result* result = PQgetResult(raw());
        tell_slow(queued.statement->name, std::exchange(since, std::chrono::steady_clock::now()), result);
        std::shared_ptr<const pg_result> kept(result, [](const pg_result* r) { PQclear(const_cast<pg_result*>(r)); });
        if (result != nullptr) PQclear(PQgetResult(raw()));  // the null that ends this statement's results
        const auto status = PQresultStatus(result);
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
            out.emplace_back(kept);
        else if (!failed && failed_statement.empty()) {
            failed = kept;
            failed_statement = queued.statement->name;
        }
    }
    PQclear(PQgetResult(raw()));  // PGRES_PIPELINE_SYNC
    if (PQexitPipelineMode(raw()) != 1) broken_ = true;
    if (!failed_statement.empty()) fail(failed.get(), failed_statement);
    return out;
}

namespace {
constexpr Statement kSayActor{
    "say_actor",
    "select pg_catalog.set_config('sluice.actor', $1, true), pg_catalog.set_config('sluice.via', $2, true), "
    "pg_catalog.set_config('sluice.remote', $3, true), pg_catalog.set_config('sluice.act', $4, true)"};
}  // namespace

Transaction::Transaction(Connection& connection) : connection_(connection) {}

Transaction::~Transaction() {
    if (!begun_ || done_ || connection_.is_broken()) return;
    try {
        connection_.run_text("rollback");
    } catch (const std::exception&) {
        // The server rolls back by itself when the connection ends, and the pool drops a broken one.
    }
}

/// Sends what is queued, with BEGIN in front when nothing was sent yet. Returns the result of the last statement.
Rows Transaction::run_last() {
    auto queue = std::exchange(queue_, {});
    if (!begun_ && connection_.config_.pooled) queue.insert(queue.begin(), {&connection_.settings(), {}});
    if (const auto& actor = this_threads_actor(); !begun_ && actor) {
        queue.insert(queue.begin(), {&kSayActor, Parameters::of(actor->name, actor->via, actor->remote, actor->act)});
    }
    if (!begun_) queue.insert(queue.begin(), {&kBegin, {}});
    begun_ = true;
    std::vector<Rows> results;
    if (queue.size() == 1)
        results.push_back(connection_.run_with(*queue.front().statement, queue.front().parameters));
    else
        results = connection_.run_pipelined(queue);
    for (std::size_t i = 0; i < queue.size(); ++i) {
        if (queue[i].then) queue[i].then(results[i]);
    }
    return results.back();
}

void Transaction::flush() {
    if (!queue_.empty()) run_last();
}

Rows Transaction::run_with(const Statement& statement, const Parameters& parameters) {
    queue_.push_back({&statement, parameters});
    return run_last();
}

namespace {
constexpr Statement kNothing{"nothing", "select"};
}  // namespace

Rows Transaction::run_text(const std::string& sql) {
    if (!begun_) run_with(kNothing, {});
    flush();
    return connection_.run_text(sql);
}

Timestamp Transaction::now() {
    static constexpr Statement kNow{"now", "select now()"};
    if (now_ == Timestamp{}) now_ = run(kNow)[0].timestamp();
    return now_;
}

void Transaction::commit() {
    if (begun_ || !queue_.empty()) {
        queue_.push_back({&kCommit, {}});
        try {
            // To COMMIT after a failed statement the server says ROLLBACK, and that this went well.
            if (run_last().command() != "COMMIT")
                raise("25P02", "commit", "", "a statement failed before, so that nothing was committed");
        } catch (const DatabaseError& failed) {
            if (!connection_.is_broken()) throw;
            throw CommitUnknown(failed.sqlstate(), "commit", failed.what());
        }
    }
    done_ = true;
    for (const auto& after : after_commit_) after();
}

}  // namespace sluice::pg
