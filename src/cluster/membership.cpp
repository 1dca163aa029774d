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

std::int64_t Membership::since_beat_us() const {
    return steady_us() - last_beat_us_;
}

bool Membership::is_doubtful() const {
    return !is_alive() || since_beat_us() > config_.doubt().count();
}

Duration Membership::in_touch() const {
    if (is_doubtful()) return Duration{0};
    return Duration{steady_us() - in_touch_since_us_};
}

/// The lease counts from before the beat was sent: the database can't have written it earlier.
void Membership::note_beat(std::int64_t begun_us) {
    if (standing_ == Standing::Outside || begun_us - last_beat_us_ > config_.doubt().count())
        in_touch_since_us_ = steady_us();
    last_beat_us_ = begun_us;
}

void Membership::join() {
    const std::int64_t begun = steady_us();
    pool_.with_connection([&](pg::Connection& connection) {
        const ServiceId fresh{time_ordered_id(pool_.clock().now())};
        connection.run(sql::register_service, fresh, member_.roles, member_.host, member_.pid, member_.version,
                       member_.worker_group, member_.slots, member_.connections, config_.lease);
        id_.with([&](ServiceId& id) { id = fresh; });
    });
    note_beat(begun);
    standing_ = Standing::Alive;
    log_.info("service.joined", {{"service_id", id()}});
    if (watchdog_.joinable()) return;
    // Its own thread: a beat that hangs in the network must not keep us from holding our work in time.
    watchdog_ = std::jthread([this](std::stop_token stop) {
        Waker pause;
        while (!stop.stop_requested()) {
            pause.wait(stop, 200ms);
            suspend_if_silent();
        }
    });
}

void Membership::fence(std::string_view why) {
    if (standing_.exchange(Standing::Outside) == Standing::Outside) return;
    log_.error("service.fenced", {{"service_id", id()}, {"reason", why}});
    callbacks_.fenced();
}

void Membership::suspend_if_silent() {
    if (since_beat_us() <= config_.self_fence.count()) return;
    auto alive = Standing::Alive;
    if (!standing_.compare_exchange_strong(alive, Standing::Suspended)) return;
    log_.warn("service.suspended", {{"service_id", id()}, {"reason", "no heartbeat could be written in time"}});
    callbacks_.suspended();
}

bool Membership::is_suspended() {
    suspend_if_silent();
    return standing_ == Standing::Suspended;
}

bool Membership::is_over(const ServiceId& as) const {
    return standing_ == Standing::Outside || id() != as;
}

Turn Membership::turn(std::stop_token) {
    suspend_if_silent();
    if (standing_ == Standing::Outside) join();
    const std::int64_t begun = steady_us();
    const std::string state = draining_ ? "DRAINING" : "RUNNING";
    const pg::Rows rows = pool_.run(sql::heartbeat, id(), config_.lease, state, callbacks_.details());
    if (rows.empty()) {
        ++refused_beats_;
        fence("the cluster declared this service dead");
        return Turn::Worked;
    }
    pg::Row row = rows[0];
    row.skip();
    const bool alone = row.integer() == 0;
    const bool silent = row.boolean();
    if (steady_us() - begun > config_.self_fence.count()) return Turn::Worked;  // an answer that says nothing about now
    note_beat(begun);
    if (standing_.exchange(Standing::Alive) == Standing::Suspended)
        log_.info("service.resumed", {{"service_id", id()}});
    callbacks_.alone(alone);
    if (silent) callbacks_.silent();
    callbacks_.beat(config_.self_fence - Duration{since_beat_us()});
    return Turn::Idle;
}

void Membership::leave() {
    stop();
    watchdog_ = {};
    if (standing_.exchange(Standing::Outside) == Standing::Outside) return;
    try {
        pool_.run(sql::end_service, id());
        log_.info("service.left", {{"service_id", id()}});
    } catch (const pg::DatabaseError& away) {  // then its lease ends by itself
        log_.warn("service.not_left", {{"service_id", id()}, {"reason", std::string_view(away.what())}});
    }
}

}  // namespace sluice::cluster
