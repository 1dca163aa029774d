#pragma once
#include "base/id.h"
#include "store/search.h"

namespace sluice::store {

/// What of a search for executions the counts of boards know about (sql/functions/execution_counts.sql): it finds the
/// few that failed or wait without reading all that ended well, and tells how many there are without counting them.
struct Narrowing {
    std::vector<std::string> states{};  // empty: any
    std::optional<std::string> name_space{};
    std::optional<std::string> flow_id{};
    std::optional<Timestamp> from{};
    bool is_all = true;  // the search asks for nothing else, so that what is counted is the answer

    /// Worth it: not for the state that nearly all executions are in.
    bool finds_few() const;
};

/// Empty: the counts can't help, since other kinds of executions are asked for, too.
std::optional<Narrowing> narrowing_of(const std::vector<Filter>& filters);

std::int64_t count_narrowed(pg::Connection& connection, const Narrowing& narrowing);

/// Ids that match `query` (of sluice.executions e, without order and limit), newest first, below `below`; from the
/// places where the counts say that there are some.
std::vector<ExecutionId> find_narrowed(pg::Connection& connection, const Query& query, const Narrowing& narrowing,
                                       std::string below, std::size_t most);

}  // namespace sluice::store
