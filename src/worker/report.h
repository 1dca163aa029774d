#pragma once
#include <variant>

#include "queue/queue.h"
#include "store/logs.h"

namespace sluice::worker {

/// The task was ended without a result, and its claim may still be ours: it goes back to the queue.
struct GivenBack {
    bool operator==(const GivenBack&) const = default;
};

/// What a worker tells of a task, in the name under which it was claimed.
struct Report {
    std::int64_t seq = 0;  // of this process: 1, 2, 3, …
    queue::ClaimId claim{};
    ServiceId worker{};
    std::variant<store::LogWrite, store::MetricWrite, queue::Finished, GivenBack> what{};

    bool ends_claim() const { return what.index() >= 2; }
    bool is_result() const { return std::holds_alternative<queue::Finished>(what); }
};

/// As a record of the spool.
std::string to_record(const Report& report);
/// Errors  Invalid: no report
Result<Report> report_of(std::string_view record);

}  // namespace sluice::worker
