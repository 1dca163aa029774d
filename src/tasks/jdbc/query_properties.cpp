#include "tasks/jdbc/query_properties.h"

#include "plugin/task_files.h"
#include "rows/row_file.h"
#include "storage/storage.h"
#include "value/json.h"

namespace sluice::tasks {
namespace {

using databases::Outcome;
using databases::ScriptPart;
using databases::Session;
using databases::SqlResult;

constexpr std::size_t kMostRows = 100'000;  // that are put into outputs
constexpr std::uint64_t kLongestScript = 64ULL * 1024 * 1024;

databases::Statement bound(std::string_view sql, const Value& parameters, char mark) {
    databases::Statement out;
    const Map* known = parameters.if_map();
    out.sql = databases::bind_names(sql, mark,
                                    [&](std::string_view name) { return known != nullptr && known->contains(name); });
    for (const std::string& name : out.sql.names) out.values.push_back(*known->find(name));
    return out;
}

/// A map, or the JSON text of one
Result<Value> parameters_of(const QueryProperties& want) {
    if (want.parameters.is_null() || want.parameters.is_map()) return want.parameters;
    const auto read =
        want.parameters.is_string() ? parse_json(want.parameters.as_string()) : Result<Value>(want.parameters);
    if (read && read->is_map()) return read;
    return invalid("property 'parameters': expected a map of names and values");
}

/// Takes the rows of one statement.
class Rows {
  public:
    Rows(FetchType type, plugin::TaskContext& context, std::string name)
        : type_(type), context_(context), name_(std::move(name)) {}

    Result<void> take(Value row) {
        ++size_;
        switch (type_) {
            case FetchType::None:
                break;
            case FetchType::One:
                if (size_ == 1) first_ = std::move(row);
                break;
            case FetchType::All:
                if (size_ > static_cast<std::int64_t>(kMostRows)) {
                    return invalid("more than {} rows; use fetchType: STORE, which puts them into a file", kMostRows);
                }
                all_.push_back(std::move(row));
                break;
            case FetchType::Store:
                if (auto opened = open(); !opened) return opened;
                writer_->write(row);
        }
        return {};
    }

    Result<Value> finish() {
        context_.metric("fetch.size", "counter", static_cast<double>(size_));
        switch (type_) {
            case FetchType::None:
                return Value{{"size", size_}};
            case FetchType::One:
                return Value{{"row", std::move(first_)}, {"size", std::min<std::int64_t>(size_, 1)}};
            case FetchType::All:
                return Value{{"rows", Value(std::move(all_))}, {"size", size_}};
            case FetchType::Store:
                break;
        }
        if (auto opened = open(); !opened) return tl::unexpected(opened.error());
        if (auto done = writer_->commit(); !done) return tl::unexpected(done.error());
        return Value{{"uri", address_}, {"size", size_}};
    }

  private:
    Result<void> open() {
        if (writer_) return {};
        const auto address = context_.file_address(name_);
        if (!address) return tl::unexpected(address.error());
        auto created = context_.storage().create(*address);
        if (!created) return tl::unexpected(created.error());
        address_ = address->text();
        writer_.emplace(std::move(*created));
        return {};
    }

    FetchType type_;
    plugin::TaskContext& context_;
    std::string name_;
    std::int64_t size_ = 0;
    Value first_{};
    List all_{};
    std::string address_{};
    std::optional<rows::RowWriter> writer_{};
};

/// All statements of a script, one after the other.
class Script {
  public:
    Script(const Value& parameters, FetchType type, Session& session, plugin::TaskContext& context)
        : parameters_(parameters), type_(type), session_(session), context_(context) {}

    /// An entry for each statement that gives rows
    Result<List> run(std::string_view script) {
        const std::vector<ScriptPart> parts = databases::split_statements(script);
        if (parts.empty()) return invalid("property 'sql': there is no statement in it");
        List out;
        for (const ScriptPart& part : parts) {
            ++number_;
            auto one = run_one(part);
            if (!one) {
                Error error = placed(one.error(), script, part.offset);
                if (parts.size() > 1)
                    error.message = fmt::format("statement {} of {}: {}", number_, parts.size(), error.message);
                return tl::unexpected(std::move(error));
            }
            if (*one) out.push_back(std::move(**one));
        }
        return out;
    }

  private:
    SqlResult<std::optional<Value>> run_one(const ScriptPart& part) {
        Rows taken(type_, context_, number_ == 1 ? "rows.ion" : fmt::format("rows-{}.ion", number_));
        const auto statement = bound(part.text, parameters_, session_.mark());
        const auto done = session_.run(statement, [&](Value row) { return taken.take(std::move(row)); });
        if (!done) return tl::unexpected(done.error());
        tell(*done);
        if (!done->gives_rows) return std::optional<Value>();
        auto outputs = taken.finish();
        if (!outputs) return tl::unexpected(databases::SqlError{outputs.error()});
        return std::optional(std::move(*outputs));
    }

    void tell(const Outcome& done) {
        if (!done.told.empty())
            context_.log(LogLevel::Debug, fmt::format("statement {}: {}", number_, done.told));
        else if (done.affected >= 0)
            context_.log(LogLevel::Debug, fmt::format("statement {}: {} rows changed", number_, done.affected));
    }

    const Value& parameters_;
    FetchType type_;
    Session& session_;
    plugin::TaskContext& context_;
    std::size_t number_ = 0;
};

/// Whether the author begins and ends transactions.
bool has_transactions(std::string_view script) {
    for (const ScriptPart& part : databases::split_statements(script)) {
        std::string word;
        for (const char c : part.text.substr(0, 8)) {
            if (std::isalpha(static_cast<unsigned char>(c)) == 0) break;
            word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
        for (const std::string_view known : {"begin", "start", "commit", "end", "rollback", "abort"}) {
            if (word == known) return true;
        }
    }
    return false;
}

Result<void> plain(Session& session, const char* command) {
    const auto done = session.run(std::string(command));
    if (!done) return tl::unexpected(done.error().error);
    return {};
}

/// How the statements of a script belong together.
enum class Together { No, Committed, LeftOpen };

/// The script, and `afterSQL` behind it, in a transaction or not. `is_open`: there is one, left open
Result<List> run_script(const QueryProperties& want, Together together, bool& is_open, Session& session,
                        plugin::TaskContext& context) {
    const auto type = fetch_type_of(want);
    if (!type) return tl::unexpected(type.error());
    const auto sql = sql_text(want.sql, context);
    if (!sql) return tl::unexpected(sql.error());
    const auto parameters = parameters_of(want);
    if (!parameters) return tl::unexpected(parameters.error());
    const bool several = together != Together::No && !has_transactions(*sql) &&
                         (databases::split_statements(*sql).size() > 1 || !want.after_sql.empty());
    if (several) {
        const char* begin = together == Together::LeftOpen ? session.begin_snapshot() : "begin";
        if (auto begun = plain(session, begin); !begun) return tl::unexpected(begun.error());
    }
    auto out = Script(*parameters, *type, session, context).run(*sql);
    if (out && !want.after_sql.empty()) {
        if (auto after = Script(*parameters, FetchType::None, session, context).run(want.after_sql); !after) {
            out = refuse(after.error().code, "property 'afterSQL': {}", after.error().message);
        }
    }
    // After a failure there is nothing to be saved: the session ends, and with it the transaction.
    if (!out) return out;
    is_open = several && together == Together::LeftOpen;
    if (several && !is_open) {
        if (auto done = plain(session, "commit"); !done) return tl::unexpected(done.error());
    }
    return out;
}

}  // namespace

Result<FetchType> fetch_type_of(const QueryProperties& want) {
    if (want.fetch_type == "FETCH_ONE") return FetchType::One;
    if (want.fetch_type == "FETCH") return FetchType::All;
    if (want.fetch_type == "STORE") return FetchType::Store;
    if (want.fetch_type != "NONE") {
        return invalid("property 'fetchType': expected NONE, FETCH_ONE, FETCH or STORE, found '{}'", want.fetch_type);
    }
    if (want.store) return FetchType::Store;
    if (want.fetch_one) return FetchType::One;
    return want.fetch ? FetchType::All : FetchType::None;
}

Error placed(const databases::SqlError& error, std::string_view script, std::size_t offset) {
    Error out = error.error;
    if (!error.offset) return out;
    const Place place = databases::place_in(script, offset + *error.offset);
    out.message = fmt::format("line {}, column {}: {}", place.line, place.column, out.message);
    return out;
}

Result<std::string> sql_text(const std::string& sql, plugin::TaskContext& context) {
    if (!plugin::is_storage_address(sql)) return sql;
    const auto uri = storage::Uri::parse(sql);
    if (!uri) return tl::unexpected(uri.error());
    return context.storage().get(*uri, kLongestScript);
}

Result<Value> run_query(const QueryProperties& want, Session& session, plugin::TaskContext& context) {
    bool is_open = false;
    auto out = run_script(want, Together::Committed, is_open, session, context);
    if (!out) return tl::unexpected(out.error());
    return out->empty() ? Value() : std::move(out->back());
}

Result<Value> run_queries(const QueryProperties& want, Session& session, plugin::TaskContext& context) {
    bool is_open = false;
    auto out = run_script(want, want.transaction ? Together::Committed : Together::No, is_open, session, context);
    if (!out) return tl::unexpected(out.error());
    return Value{{"outputs", Value(std::move(*out))}};
}

Result<Value> poll_query(const QueryProperties& want, std::shared_ptr<Session> session, plugin::TaskContext& context) {
    bool is_open = false;
    auto out = run_script(want, Together::LeftOpen, is_open, *session, context);
    if (!out) return tl::unexpected(out.error());
    Value found = out->empty() ? Value() : std::move(out->back());
    const bool any = found.get("size").value_or(Value(0)).as_integer() > 0;
    if (is_open && any) {
        context.when_stored([session = std::move(session)] { return plain(*session, "commit"); });
    } else if (is_open) {
        if (auto done = plain(*session, "commit"); !done) return tl::unexpected(done.error());
    }
    return any ? found : Value();
}

}  // namespace sluice::tasks
