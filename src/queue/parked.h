#pragma once
#include <string>
#include <vector>

#include "pg/pg.h"

/// Events that failed too often and were put aside: what a person does with them.
namespace sluice::queue {

struct ParkedEvent {
    std::int64_t id = 0;
    std::string execution_id{};
    std::string name_space{};  // of its flow; empty: the execution is gone
    std::string flow_id{};
    std::string kind{};
    std::string task_run_id{};
    std::string error{};
    Timestamp parked_at{};
};
struct ParkedEvents {
    std::vector<ParkedEvent> rows{};
    std::int64_t total = 0;
};

/// The oldest first.
ParkedEvents parked_events(pg::Connection& connection, std::size_t most);
/// Puts it back into its queue. false: there is none of this id
bool retry_parked(pg::Transaction& tx, std::int64_t id);
/// Throws it away. false: there is none of this id
bool drop_parked(pg::Transaction& tx, std::int64_t id);

}  // namespace sluice::queue
