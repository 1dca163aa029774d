#include "cluster/membership.h"

#include "base/id.h"
#include "sql/cluster.h"

namespace sluice::cluster {
namespace {
std::int64_t steady_us() {
    return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
}  // namespace

Membership::Membership(pg::Pool& pool, Member member, LeaseConfig config)
    : Service("heartbeat", {.poll = config.beat, .first_back_off = 100ms, .longest_back_off = config.beat / 2}),
      pool_(pool),
      member_(std::move(member)),
      config_(config) {}

Membership::~Membership() {
    stop();
    watchdog_ = {};
}

ServiceId Membership::id() const {
    return id_.with([](const ServiceId& id) { return id; });
}

std::int64_t Membership::since_beat_us() const { return steady_us() - last_beat_us_; }

bool Membership::is_doubtful() const { return !alive_ || since_beat_us() > 2 * config_.beat.count() + 500'000; }

void Membership::join() {
    const std::int64_t begun = steady_us();
    pool_.with_connection([&](pg::Connection& connection) {
        const ServiceId fresh{time_ordered_id(pool_.clock().now())};
        connection.run(sql::register_service, fresh, member_.roles, member_.host, member_.pid, member_.version,
                       member_.worker_group, member_.slots, member_.connections, config_.lease);
        id_.with([&](ServiceId& id) { id = fresh; });
    });
    last_beat_us_ = begun;
    alive_ = true;
    log_.info("service.joined", {{"service_id", id()}});
    if (watchdog_.joinable()) return;
    // Its own thread: a beat that hangs in the network must not keep us from stopping our work in time.
    watchdog_ = std::jthread([this](std::stop_token stop) {
        Waker pause;
        while (!stop.stop_requested()) {
            pause.wait(stop, 200ms);
            fence_if_silent();
        }
    });
}

void Membership::fence(std::string_view why) {
    if (!alive_.exchange(false)) return;
    log_.error("service.fenced", {{"service_id", id()}, {"reason", why}});
    callbacks_.fenced();
}

bool Membership::fence_if_silent() {
    if (!alive_ || since_beat_us() <= config_.self_fence.count()) return false;
    fence("no heartbeat could be written in time");
    return true;
}

bool Membership::is_over(const ServiceId& as) {
    return fence_if_silent() || !alive_ || id() != as;
}

Turn Membership::turn(std::stop_token) {
    // After a standstill too: guards have ended what ran, and a beat would hide that from those who must know.
    fence_if_silent();
    if (!alive_) join();
    const std::int64_t begun = steady_us();
    const std::string state = draining_ ? "DRAINING" : "RUNNING";
    const pg::Rows rows = pool_.run(sql::heartbeat, id(), config_.lease, state, callbacks_.details());
    if (rows.empty()) {
        fence("the cluster declared this service dead");
        return Turn::Worked;
    }
    pg::Row row = rows[0];
    row.skip();
    const bool alone = row.integer() == 0;
    const bool silent = row.boolean();
    // The lease counts from before the beat was sent: the database can't have written it earlier.
    last_beat_us_ = begun;
    callbacks_.alone(alone);
    if (silent) callbacks_.silent();
    callbacks_.beat();
    return Turn::Idle;
}

void Membership::leave() {
    stop();
    watchdog_ = {};
    if (!alive_.exchange(false)) return;
    pool_.run(sql::end_service, id());
    log_.info("service.left", {{"service_id", id()}});
}

}  // namespace sluice::cluster
