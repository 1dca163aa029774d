#include "cluster/services.h"

#include "sql/cluster.h"

namespace sluice::cluster {

std::vector<ServiceRow> list_services(pg::Connection& connection) {
    std::vector<ServiceRow> out;
    for (pg::Row row : connection.run(sql::list_services)) {
        ServiceRow service;
        service.id = ServiceId{row.text()};
        service.roles = row.texts();
        service.state = row.text();
        service.host = row.text();
        service.pid = row.integer();
        service.version = row.text();
        service.worker_group = row.text();
        service.slots = row.integer();
        service.running = row.integer();
        service.started_at = row.timestamp();
        service.heartbeat_at = row.timestamp();
        service.ended_at = row.maybe_timestamp();
        service.details = row.text();
        out.push_back(std::move(service));
    }
    return out;
}

std::optional<ServiceId> bury_service(pg::Transaction& tx) {
    const pg::Rows rows = tx.run(sql::bury_service);
    if (rows.empty()) return {};
    return ServiceId{rows[0].text()};
}

void forget_services(pg::Connection& connection, Duration age) { connection.run(sql::forget_services, age); }

}  // namespace sluice::cluster
