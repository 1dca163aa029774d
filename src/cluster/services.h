#pragma once
#include <optional>
#include <vector>

#include "base/id.h"
#include "pg/pg.h"

namespace sluice::cluster {

/// A service as people see it.
struct ServiceRow {
    ServiceId id{};
    std::vector<std::string> roles{};
    std::string state{};
    std::string host{};
    std::int64_t pid = 0;
    std::string version{};
    std::string worker_group{};
    std::int64_t slots = 0;
    std::int64_t running = 0;
    Timestamp started_at{};
    Timestamp heartbeat_at{};
    std::optional<Timestamp> ended_at{};
    std::string details{};
};
std::vector<ServiceRow> list_services(pg::Connection& connection);

/// Declares one service dead whose lease is over. Empty: all are well
std::optional<ServiceId> bury_service(pg::Transaction& tx);

/// Drops rows of services that ended longer ago than this.
void forget_services(pg::Connection& connection, Duration age);

}  // namespace sluice::cluster
