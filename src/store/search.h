#pragma once
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "store/filter.h"

namespace sluice::store {

/// "state.startDate:desc"
struct SortKey {
    std::string field{};
    bool descending = false;
};

enum class Total {
    None,
    Exact,     // counted up to kMostCounted, then estimated; of a long history also where counting takes long
    Complete,  // counted to the end
};
inline constexpr std::int64_t kMostCounted = 10'000;

/// What a list is asked for.
struct Search {
    std::vector<Filter> filters{};
    std::vector<SortKey> sort{};
    std::size_t size = 10;
    std::size_t offset = 0;
    std::string cursor{};  // where the page before ended; wins over offset
    Total total = Total::Exact;

    const Filter* filter(std::string_view field) const;
};

template <class Row>
struct Found {
    std::vector<Row> rows{};
    Query::Count total{};
    std::string next_cursor{};                 // empty: that was all, or this order has none
    std::optional<Timestamp> searched_from{};  // older rows were not looked at: that would take too long
};

/// What a sort field is in SQL.
struct SortField {
    std::string_view name{};
    std::string_view column{};
};

/// Errors  Invalid "Invalid sort parameter …": no such field
Result<void> apply_sort(Query& query, std::span<const SortKey> keys, std::span<const SortField> fields);

Query::Count count(const Query& query, pg::Connection& connection, Total total);

/// An estimate is never less than what the page shows, and one more where the page is full: who reads on until he has
/// `total` rows misses none.
template <class Row>
Found<Row> with_fit_total(Found<Row> found, const Search& search) {
    const std::size_t seen = search.offset + found.rows.size() + (found.rows.size() == search.size ? 1 : 0);
    if (found.total.estimated) found.total.rows = std::max(found.total.rows, static_cast<std::int64_t>(seen));
    return found;
}

}  // namespace sluice::store
