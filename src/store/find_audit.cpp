#include "store/find_audit.h"

#include "store/json_column.h"

namespace sluice::store {
namespace {

constexpr Field kAuditFields[] = {
    {"namespace", Field::Kind::Text, "a.namespace"},
    {"user", Field::Kind::Text, "a.actor"},
    {"resource", Field::Kind::Word, "a.resource"},
    {"act", Field::Kind::Word, "a.act"},
    {"via", Field::Kind::Word, "a.via"},
    {"subject", Field::Kind::Text, "a.subject"},
    {"startDate", Field::Kind::Time, "a.at"},
    {"endDate", Field::Kind::Time, "a.at"},
};

AuditRow audit_row_of(pg::Row& row) {
    AuditRow out;
    out.seq = row.integer();
    out.at = row.timestamp();
    out.actor = row.text();
    out.via = row.text();
    out.remote = row.maybe_text().value_or("");
    out.act = row.text();
    out.resource = row.text();
    out.name_space = row.maybe_text().value_or("");
    out.subject = row.text();
    out.before = value_of_column(row.maybe_text());
    out.after = value_of_column(row.maybe_text());
    return out;
}

bool is_sequence_number(std::string_view text) {
    return !text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Result<Found<AuditRow>> find_audit(pg::Connection& connection, const Search& search) {
    Query query(
        "find_audit",
        "select a.seq, a.at, a.actor, a.via, a.remote, a.act, a.resource, a.namespace, a.subject, a.before, a.after",
        "from sluice.audit_log a where true");
    for (const Filter& filter : search.filters) {
        if (filter.field == "q") {
            for (const std::string& words : filter.values) {
                apply_words(query, "a.actor || ' ' || a.act || ' ' || coalesce(a.namespace, '') || ' ' || a.subject",
                            words, filter.operation == Operation::NotEquals);
            }
        } else if (auto applied = apply(query, filter, kAuditFields); !applied) {
            return tl::unexpected(applied.error());
        }
    }
    Found<AuditRow> found;
    found.total = count(query, connection, search.total);
    if (!search.sort.empty()) return invalid("Invalid sort parameter: the audit is shown newest first");
    if (!search.cursor.empty()) {
        if (!is_sequence_number(search.cursor)) return invalid("Illegal argument: '{}' is no cursor", search.cursor);
        query.where("a.seq < $?::bigint", search.cursor);
    }
    query.order_by("a.seq desc").limit(search.size, search.cursor.empty() ? search.offset : 0);
    for (pg::Row row : query.run(connection)) found.rows.push_back(audit_row_of(row));
    if (found.rows.size() == search.size) found.next_cursor = std::to_string(found.rows.back().seq);
    return with_fit_total(std::move(found), search);
}

}  // namespace sluice::store
