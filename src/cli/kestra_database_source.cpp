// The tables are another product's: their texts are here and not in sql/, where all statements are held against our
// schema.
#include "cli/kestra_source.h"
#include "pg/connection.h"
#include "pg/database_error.h"
#include "value/json.h"

namespace sluice::cli {
namespace kestra_database_source {

using pg::Parameters;

/// What is read of each table. The rest is left alone, so that other versions' columns don't matter.
struct Table {
    const char* name;
    std::vector<const char*> columns;
    bool needed;
};
const std::vector<Table>& tables() {
    static const std::vector<Table> all{{"flows", {"value", "source_code"}, true},
                                        {"triggers", {"value"}, true},
                                        {"kv_metadata", {"value"}, false},
                                        {"namespace_file_metadata", {"value"}, false}};
    return all;
}

class DatabaseSource : public KestraSource {
  public:
    explicit DatabaseSource(KestraDatabase where) : where_(std::move(where)) {}

    /// All in one snapshot, which changes nothing there.
    Result<void> read() {
        try {
            pg::DatabaseClock clock;
            pg::Connection connection(
                {.url = where_.url, .application = "sluice import", .statement_timeout = 120s, .connect_timeout = 10s},
                clock);
            connection.run_text("begin isolation level repeatable read read only");
            if (auto fits = look_for_tables(connection); !fits) return fits;
            read_flows(connection);
            read_triggers(connection);
            if (there_.contains("kv_metadata")) read_beyond(connection, "kv_metadata", "name", "key");
            if (there_.contains("namespace_file_metadata"))
                read_beyond(connection, "namespace_file_metadata", "path", "file");
            connection.run_text("rollback");
            return {};
        } catch (const pg::DatabaseError& failed) {
            return refuse(ErrorCode::Unavailable, "{}", failed.what());
        } catch (const pg::StatementError& failed) {
            return invalid("the database can't be read: {}", failed.what());
        }
    }

    Result<std::vector<KestraFlow>> flows() override { return flows_; }
    Result<std::vector<KestraTrigger>> triggers() override { return triggers_; }
    Result<std::vector<std::string>> files(const std::string&) override { return std::vector<std::string>{}; }
    Result<std::string> file(const std::string&, const std::string& path) override {
        return not_found("the database has no file {}", path);
    }
    Result<std::vector<KestraKey>> keys(const std::string&) override { return std::vector<KestraKey>{}; }
    std::vector<std::string> out_of_reach() override { return out_of_reach_; }

  private:
    std::string table(const char* name) const { return quoted(where_.schema) + "." + name; }
    static std::string quoted(const std::string& name) {
        std::string out = "\"";
        for (const char c : name) out += c == '"' ? "\"\"" : std::string(1, c);
        return out + "\"";
    }

    /// Of the tenant, and of the namespace that is wanted.
    static constexpr const char* kWanted =
        "coalesce(value ->> 'tenantId', $1) = $1 "
        "and ($2 = '' or value ->> 'namespace' = $2 or starts_with(value ->> 'namespace', $2 || '.'))";
    pg::Rows ask(pg::Connection& connection, const char* name, const std::string& sql) const {
        return connection.run_once(name, sql, Parameters::of(where_.tenant, where_.name_space));
    }

    Result<void> look_for_tables(pg::Connection& connection) {
        for (const Table& one : tables()) {
            std::set<std::string> columns;
            for (pg::Row row : connection.run_once("kestra_columns",
                                                   "select column_name::text from information_schema.columns "
                                                   "where table_schema = $1 and table_name = $2",
                                                   Parameters::of(where_.schema, one.name)))
                columns.insert(row.text());
            if (columns.empty() && !one.needed) continue;
            if (columns.empty())
                return invalid(
                    "there is no table {}.{} that we may read: expected the database of a Kestra (--schema "
                    "names another schema than public)",
                    where_.schema, one.name);
            for (const char* column : one.columns) {
                if (!columns.contains(column))
                    return invalid(
                        "the table {}.{} has no column {}: it is of a version of Kestra that we do not "
                        "know; take over from its API, or from an export",
                        where_.schema, one.name, column);
            }
            there_.insert(one.name);
        }
        return {};
    }

    /// The latest revision of each that was not deleted.
    void read_flows(pg::Connection& connection) {
        const std::string sql = fmt::format(
            "select name_space, id, source_code from ("
            "  select distinct on (value ->> 'namespace', value ->> 'id') value ->> 'namespace' as name_space, "
            "    value ->> 'id' as id, source_code, coalesce((value ->> 'deleted')::boolean, false) as deleted "
            "  from {} where {} "
            "  order by value ->> 'namespace', value ->> 'id', (value ->> 'revision')::integer desc) latest "
            "where not deleted order by 1, 2",
            table("flows"), kWanted);
        for (pg::Row row : ask(connection, "kestra_flows", sql)) {
            const std::string name_space = row.text();
            const std::string id = row.text();
            flows_.push_back({name_space + "." + id, row.text()});
        }
    }

    void read_triggers(pg::Connection& connection) {
        const std::string sql = fmt::format(
            "select value::text from {} where {} order by value ->> 'namespace', "
            "value ->> 'flowId', value ->> 'triggerId'",
            table("triggers"), kWanted);
        for (pg::Row row : ask(connection, "kestra_triggers", sql))
            triggers_.push_back(kestra_trigger(parse_json(row.view()).value()));
    }

    /// Contents are in its storage, whatever that is: the database has their names only.
    void read_beyond(pg::Connection& connection, const char* name, const char* what, const char* kind) {
        const std::string sql = fmt::format(
            "select value ->> 'namespace', value ->> '{1}' from {0} where {2} and coalesce((value ->> "
            "'last')::boolean, true) "
            "and not coalesce((value ->> 'deleted')::boolean, false) and value ->> '{1}' not like '%/' "
            "and coalesce((value ->> 'expirationDate')::timestamptz > now(), true) order by 1, 2",
            table(name), what, kWanted);
        for (pg::Row row : ask(connection, name, sql)) {
            const std::string name_space = row.text();
            out_of_reach_.push_back(
                fmt::format("{} {} of {}: what it holds is not in the database but in the other "
                            "installation's storage; take it over from its API",
                            kind, row.text(), name_space));
        }
    }

    const KestraDatabase where_;
    std::set<std::string> there_{};
    std::vector<KestraFlow> flows_{};
    std::vector<KestraTrigger> triggers_{};
    std::vector<std::string> out_of_reach_{};
};

}  // namespace kestra_database_source

Result<std::unique_ptr<KestraSource>> kestra_database(KestraDatabase where) {
    auto source = std::make_unique<kestra_database_source::DatabaseSource>(std::move(where));
    if (auto done = source->read(); !done) return tl::unexpected(done.error());
    return std::unique_ptr<KestraSource>(std::move(source));
}

}  // namespace sluice::cli
