#pragma once
#include "store/search.h"

namespace sluice::store {

/// A row of the audit.
struct AuditRow {
    std::int64_t seq = 0;
    Timestamp at{};
    std::string actor{};
    std::string via{};  // PAGE, API, CLI, SQL
    std::string remote{};
    std::string act{};
    std::string resource{};
    std::string name_space{};
    std::string subject{};
    Value before{};
    Value after{};
};

/// Who did what, newest first. The cursor is the seq of the last row.
/// Errors  those of filters; Invalid: another order
Result<Found<AuditRow>> find_audit(pg::Connection& connection, const Search& search);

}  // namespace sluice::store
