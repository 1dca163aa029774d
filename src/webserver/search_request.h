#pragma once
#include "pg/pool.h"
#include "store/search.h"
#include "webserver/list_reader.h"

namespace sluice::webserver {

/// Reads what a list is asked for: page and size, sort, cursor, total, and filters in both forms, `namespace=a` and
/// `filters[namespace][PREFIX]=a`. Dates and time ranges come out as instants.
///
/// now  to count time ranges back from
/// Errors  Invalid: page, size, sort, dates in the wrong order; BadRequest: a malformed filter
Result<store::Search> search_of(const http::Request& request, Timestamp now);

/// Only the filters of it: for operations by query.
Result<std::vector<store::Filter>> filters_of(const http::Request& request, Timestamp now);

/// The same of a body: [{"field": "FLOW_ID" or "flowId", "operation", "value"}], where groups of "and" may stand; null
/// has none.
/// Errors  BadRequest: a malformed filter; Invalid: dates
Result<std::vector<store::Filter>> filters_in_json(const Value& list, Timestamp now);

/// Throws again what is not the user's to mend.
Error search_error(const pg::StatementError& refused);
Error search_error(const pg::DatabaseError& failed);

/// Runs a search, and tells the user what he can mend: a regular expression that is none, a question that takes too
/// long.
template <class Run>
auto telling(const Run& run) -> decltype(run()) {
    try {
        return run();
    } catch (const pg::StatementError& refused) {
        return tl::unexpected(search_error(refused));
    } catch (const pg::DatabaseError& failed) {
        return tl::unexpected(search_error(failed));
    }
}
/// On the database itself: what an act depends on.
template <class Use>
auto run_search(pg::Pool& pool, const Use& use) {
    return telling([&] { return pool.with_connection(use); });
}
/// Where lists are read.
template <class Use>
auto run_search(ListReader& lists, const http::Request& request, const Use& use) {
    return telling([&] { return lists.read(request, use); });
}
/// The parameters of every list, for the description of the API.
inline const std::vector<std::string> kSearchParameters{"page", "size", "sort", "filters", "total"};

/// One more condition.
store::Filter equal_to(std::string field, std::string value);

/// PagedResults: {"results": […], "total": n}, with nextCursor where there is one.
/// searched_from  rows before it were not looked at: to go on, ask for what is before it
http::Response paged(List results, const store::Query::Count& total, const std::string& next_cursor = "",
                     const std::optional<Timestamp>& searched_from = {});

}  // namespace sluice::webserver
