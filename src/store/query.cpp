#include "store/query.h"

#include "value/json.h"

namespace sluice::store {

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

Query::Count Query::count(pg::Connection& connection, std::int64_t most) const {
    const std::string counted =
        fmt::format("select count(*) from (select 1 {}{} limit {}) as found", from_, order_, most + 1);
    const std::int64_t rows = connection.run_once(name_ + " count", counted, parameters_)[0].integer();
    if (rows <= most) return {rows, false};
    const pg::Rows plan =
        connection.run_once(name_ + " estimate", "explain (format json) select 1 " + from_, parameters_);
    const auto tree = parse_json(plan[0].text());
    ensure(tree.has_value() && tree->is_list() && !tree->as_list().empty(), "{}: a plan that is none", name_);
    const auto root = tree->as_list().front().get("Plan");
    const auto estimate = root ? root->get("Plan Rows") : std::nullopt;
    const std::int64_t guess = estimate && estimate->if_integer() ? *estimate->if_integer() : 0;
    return {std::max(guess, rows), true};
}

}  // namespace sluice::store
