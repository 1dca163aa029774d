#pragma once
#include <functional>
#include <memory>

#include "queue/queue.h"

namespace sluice::queue {

/// A claim, and the execution that it belongs to; null: that is gone.
struct TakenJob {
    Claim claim{};
    std::shared_ptr<const engine::Execution> execution{};
};

/// As take_jobs(), with the executions of the same look, each read once.
/// read  makes one of its columns
std::vector<TakenJob> take_jobs_to_run(pg::Connection& connection, std::size_t most, const std::string& worker_group,
                                       std::int64_t from_seq, const ServiceId& worker,
                                       const std::function<engine::Execution(pg::Row&)>& read);

}  // namespace sluice::queue
