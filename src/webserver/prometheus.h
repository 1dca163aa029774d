#pragma once
#include <optional>
#include <string>

#include "base/guarded.h"
#include "pg/pool.h"
#include "webserver/access_times.h"
#include "webserver/list_reader.h"

namespace sluice::webserver {

/// What the database knows of the whole cluster; read at most every few seconds, however often it is asked for.
/// Threads  any
class ClusterGauges {
  public:
    explicit ClusterGauges(pg::Pool& pool) : pool_(pool) {}
    /// Lines in Prometheus' text format. Errors  DatabaseError
    std::string text();

  private:
    struct Known {
        std::string text{};
        std::chrono::steady_clock::time_point at{};
    };
    pg::Pool& pool_;
    Guarded<std::optional<Known>> known_{};
};

/// What this process knows of itself: requests, connections, memory, processor time.
struct ProcessGauges {
    http::Counters http{};
    std::size_t database_in_use = 0;
    std::size_t database_size = 0;
    ListReader::Gauges lists{};
    std::size_t followed_executions = 0;
    std::size_t followed_logs = 0;
    std::string version{};
};
std::string text_of(const ProcessGauges& gauges, const AccessTimes& times);

}  // namespace sluice::webserver
