#include "store/query.h"

#include <algorithm>
#include <limits>

#include "sql/store.h"
#include "value/json.h"

namespace sluice::store {
namespace {
constexpr Duration kCountingTime = 50ms;
}

void Query::add(std::string_view condition, std::size_t values) {
    const std::size_t before = used_;
    from_ += "\n    and (";
    for (;;) {
        const std::size_t mark = condition.find("$?");
        from_ += condition.substr(0, mark);
        if (mark == std::string_view::npos) break;
        from_ += fmt::format("${}", ++used_);
        condition.remove_prefix(mark + 2);
    }
    from_ += ')';
    ensure(used_ - before == values, "{}: a condition has {} places for {} values", name_, used_ - before, values);
}

Query& Query::where_any(std::string_view condition, const std::vector<std::string>& values) {
    std::string any;
    for (const std::string& value : values) {
        parameters_.add(value);
        any += any.empty() ? "" : " or ";
        any += condition;
    }
    add(any.empty() ? "false" : any, values.size());
    return *this;
}

Query& Query::group_by(std::string_view terms) {
    from_ += "\ngroup by ";
    from_ += terms;
    return *this;
}

Query& Query::order_by(std::string_view terms) {
    order_ += order_.empty() ? "\norder by " : ", ";
    order_ += terms;
    return *this;
}

Query& Query::limit(std::size_t most, std::size_t offset) {
    limit_ = fmt::format("\nlimit {}", most);
    if (offset > 0) limit_ += fmt::format(" offset {}", offset);
    return *this;
}

pg::Rows Query::run(pg::Connection& connection) const {
    return connection.run_once(name_, select_ + "\n" + from_ + order_ + limit_, parameters_);
}

pg::Rows Query::run_within(pg::Connection& connection, const std::string& head, const std::string& tail) const {
    return connection.run_once(name_, fmt::format("{} ({}\n{}) as q{}", head, select_, from_, tail), parameters_);
}

std::int64_t Query::count_to(pg::Connection& connection, std::int64_t most) const {
    const std::string counted =
        fmt::format("select count(*) from (select 1 {}{} limit {}) as found", from_, order_, most + 1);
    return connection.run_once(name_ + " count", counted, parameters_)[0].integer();
}

/// A list must not wait for its total. Empty: it took too long
std::optional<std::int64_t> Query::count_for_a_while(pg::Connection& connection, std::int64_t most) const {
    constexpr std::string_view kCanceled = "57014";
    pg::Transaction transaction(connection);
    transaction.run_text(fmt::format("set local statement_timeout = {}", kCountingTime / 1ms));
    try {
        const std::int64_t rows = count_to(connection, most);
        transaction.commit();
        return rows;
    } catch (const pg::DatabaseError& error) {
        if (error.sqlstate() != kCanceled) throw;
        return {};
    }
}

std::int64_t Query::estimate(pg::Connection& connection) const {
    const pg::Rows plan =
        connection.run_once(name_ + " estimate", "explain (format json) select 1 " + from_, parameters_);
    const auto tree = parse_json(plan[0].text());
    ensure(tree.has_value() && tree->is_list() && !tree->as_list().empty(), "{}: a plan that is none", name_);
    const auto root = tree->as_list().front().get("Plan");
    const auto rows = root ? root->get("Plan Rows") : std::nullopt;
    return rows && rows->if_integer() ? *rows->if_integer() : 0;
}

Query::Count Query::count(pg::Connection& connection) const {
    return {count_to(connection, std::numeric_limits<std::int64_t>::max() - 1), false};
}

Query::Count Query::count_or_estimate(pg::Connection& connection, std::int64_t most) const {
    auto rows = count_for_a_while(connection, most);
    // A machine may stand still for a moment: that is no reason to guess where there is little to count.
    if (!rows && !connection.run(sql::is_history_long)[0].boolean()) rows = count_to(connection, most);
    if (rows && *rows <= most) return {*rows, false};
    return {std::max(estimate(connection), rows.value_or(0)), true};
}

}  // namespace sluice::store
