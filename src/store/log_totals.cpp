#include "store/log_totals.h"

#include "base/log.h"
#include "sql/store.h"

namespace sluice::store {
namespace {

struct LinesWanted {
    std::optional<Timestamp> from{};
    std::optional<Timestamp> until{};
    std::optional<std::string> name_space{};
    bool exact_namespace = false;
    std::optional<std::string> flow_id{};
    LogLevel min_level = LogLevel::Trace;
};

bool is_lower(Operation operation) {
    return operation == Operation::GreaterThan || operation == Operation::GreaterThanOrEqualTo;
}

bool is_upper(Operation operation) {
    return operation == Operation::LessThan || operation == Operation::LessThanOrEqualTo;
}

/// False: the counts don't know about that.
bool understood(LinesWanted& out, const Filter& filter) {
    if (filter.values.size() != 1) return false;
    const std::string& value = filter.values.front();
    const bool equals = filter.operation == Operation::Equals;
    if (filter.field == "namespace" && !out.name_space && (equals || filter.operation == Operation::Prefix)) {
        out.name_space = value;
        out.exact_namespace = equals;
        return true;
    }
    if (filter.field == "flowId" && equals && !out.flow_id) {
        out.flow_id = value;
        return true;
    }
    if (filter.field == "level" && equals && out.min_level == LogLevel::Trace) {
        const auto level = parse_log_level(value);
        if (level) out.min_level = *level;
        return level.has_value();
    }
    const bool is_time = filter.field == "startDate" || filter.field == "endDate";
    if (!is_time || !(is_lower(filter.operation) || is_upper(filter.operation))) return false;
    const auto at = parse_iso(value);
    auto& bound = is_lower(filter.operation) ? out.from : out.until;
    if (!at || bound) return false;
    bound = *at;
    return true;
}

/// A namespace is counted with all below it.
bool is_only_namespace(pg::Connection& connection, const LinesWanted& wanted) {
    if (!wanted.flow_id) return false;
    constexpr std::int64_t kMoreThanOne = 2;
    const pg::Rows rows = connection.run(sql::namespaces_of_flow, *wanted.flow_id, *wanted.name_space, kMoreThanOne);
    return rows.size() == 1 && rows[0].text() == *wanted.name_space;
}

}  // namespace

bool asks_what_went_wrong(const Search& search) {
    const Filter* level = search.filter("level");
    return level != nullptr && level->operation == Operation::Equals &&
           parse_log_level(level->values.front()).value_or(LogLevel::Trace) >= LogLevel::Warn;
}

std::optional<Query::Count> counted_lines(pg::Connection& connection, const Search& search) {
    LinesWanted wanted;
    for (const Filter& filter : search.filters) {
        if (!understood(wanted, filter)) return {};
    }
    if (wanted.exact_namespace && !is_only_namespace(connection, wanted)) return {};
    const pg::Rows rows = connection.run(sql::count_lines, wanted.from, wanted.until, wanted.name_space, wanted.flow_id,
                                         static_cast<int>(wanted.min_level));
    if (rows.empty()) return Query::Count{};
    pg::Row row = rows[0];
    const std::optional<std::int64_t> lines = row.maybe_integer();
    if (!lines) return {};
    return Query::Count{*lines, row.boolean()};
}

}  // namespace sluice::store
