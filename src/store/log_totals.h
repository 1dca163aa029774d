#pragma once
#include <optional>

#include "store/search.h"

namespace sluice::store {

/// How many lines a search finds, from what is counted (sql/functions/log_counts.sql). Empty: the counts don't know,
/// since something else is asked for than a namespace, a flow, a least level and a time, or not all is counted yet.
std::optional<Query::Count> counted_lines(pg::Connection& connection, const Search& search);

/// Whether only warnings or errors are wanted: these have indexes of their own.
bool asks_what_went_wrong(const Search& search);

}  // namespace sluice::store
