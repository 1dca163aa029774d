#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/query.h"

namespace sluice::store {

/// How a field is compared. Source  api.md §4.2
enum class Operation {
    Equals,
    NotEquals,
    GreaterThan,
    GreaterThanOrEqualTo,
    LessThan,
    LessThanOrEqualTo,
    In,
    NotIn,
    StartsWith,
    EndsWith,
    Contains,
    Regex,
    Prefix,
};
std::string_view to_text(Operation operation);
std::optional<Operation> operation_of(std::string_view text);

/// One condition of a search; all of them must hold. Several values: any of them (of a negation: none).
struct Filter {
    std::string field{};
    Operation operation = Operation::Equals;
    std::string key{};  // of a map: the label's key
    std::vector<std::string> values{};
};

/// What a field of a resource is in SQL.
struct Field {
    enum class Kind {
        Text,        // every comparison of texts
        Word,        // one of few words: equal or not
        Time,        // values are ISO instants
        Labels,      // a jsonb map of texts
        Map,         // a jsonb map of anything: its entry named by the filter's key, as text
        IndexedMap,  // the same, with an index on sluice.entries_of(it)
    };
    std::string_view name{};
    Kind kind = Kind::Text;
    std::string_view column{};
};

/// Adds the condition of a filter to the query, by the field of its name.
/// Errors  BadRequest "Invalid query filters: …": no such field here, or it can't be compared that way
Result<void> apply(Query& query, const Filter& filter, std::span<const Field> fields);

/// The answer to a filter that a resource does not know.
tl::unexpected<Error> unknown_filter(const Filter& filter);
tl::unexpected<Error> unfit_operation(const Filter& filter);

/// Words of a search text, each of which must stand somewhere in `text_expression`. `*` means all.
void apply_words(Query& query, std::string_view text_expression, std::string_view words, bool negated);

/// LIKE patterns of the words; empty: all match.
std::vector<std::string> patterns_of_words(std::string_view words);

/// `text` as the middle of a LIKE pattern.
std::string escaped_like(std::string_view text);

}  // namespace sluice::store
