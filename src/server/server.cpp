#include "server/server.h"

#include <unistd.h>

#include "base/log.h"
#include "cluster/membership.h"
#include "executor/executor.h"
#include "maintenance/maintenance.h"
#include "maintenance/reconciler.h"
#include "net/client.h"
#include "pg/migrations.h"
#include "process/supervisor.h"
#include "scheduler/scheduler.h"
#include "server/instance.h"
#include "server/task_settings.h"
#include "server/version.h"
#include "storage/local_storage.h"
#include "tasks/catalog.h"
#include "tasks/docker/container.h"
#include "webserver/webserver.h"
#include "worker/worker.h"

namespace sluice::server {
namespace {

const Logger kLog("server");

pg::ConnectionConfig connection_of(const Config& config, bool direct) {
    pg::ConnectionConfig out;
    out.url = direct && !config.database.direct_url.empty() ? config.database.direct_url : config.database.url;
    out.application = "sluice";
    out.pooled = config.database.pooled && !direct;
    return out;
}

std::string host_name() {
    char name[256] = {};
    gethostname(name, sizeof name - 1);
    return name;
}

std::size_t slots_of(const Config& config) {
    if (config.worker.slots > 0) return static_cast<std::size_t>(config.worker.slots);
    return 8 * std::max(1U, std::thread::hardware_concurrency());
}

cluster::Member member_of(const Config& config, const std::set<Role>& roles) {
    cluster::Member member;
    for (const Role role : roles) member.roles.emplace_back(to_text(role));
    member.host = host_name();
    member.pid = getpid();
    member.version = version();
    member.worker_group = config.worker.group;
    member.slots = roles.contains(Role::Worker) ? static_cast<int>(slots_of(config)) : 0;
    member.connections = static_cast<int>(config.database.connections);
    return member;
}

constexpr std::int64_t kDedicated = 2;  // connections: LISTEN, leadership

}  // namespace

std::string_view to_text(Role role) {
    switch (role) {
        case Role::Webserver: return "webserver";
        case Role::Executor: return "executor";
        case Role::Worker: return "worker";
        case Role::Scheduler: return "scheduler";
    }
    return "";
}

/// The members stand in the order in which they start; they stop in the reverse one.
class Server::Parts {
  public:
    Parts(Config config_, std::set<Role> roles_, bool migrate_first_, std::vector<http::StaticFile> page_)
        : config(std::move(config_)),
          page(std::move(page_)),
          roles(std::move(roles_)),
          migrate_first(migrate_first_),
          pool(connection_of(config, false), static_cast<std::size_t>(config.database.connections - kDedicated), clock),
          signals({.connection = connection_of(config, true)}, clock),
          storage(storage::LocalConfig{.folder = config.storage.path}),
          instance(make_instance(config, process_environment(), storage, templates)),
          catalog(tasks::builtin_catalog(task_settings(config))),
          flows(catalog.types(), config.plugin_defaults),
          runtime{flows, catalog, instance},
          membership(pool, member_of(config, roles),
                     {.beat = config.liveness.heartbeat,
                      .lease = config.liveness.lease,
                      .self_fence = config.liveness.self_fence}),
          reaper(pool, signals, config.liveness.lease),
          housekeeper(pool),
          reconciler(pool, signals) {}

    Result<void> prepare_database() {
        return pool.with_connection([&](pg::Connection& connection) -> Result<void> {
            if (migrate_first) {
                if (auto done = pg::migrate(connection); !done) return tl::unexpected(done.error());
            } else if (auto fits = pg::usable(pg::schema_state(connection)); !fits) {
                return fits;
            }
            maintenance::ensure_partitions(connection);
            return {};
        });
    }

    void start_executors() {
        for (std::int64_t i = 0; i < config.executor.threads; ++i) {
            executors.push_back(std::make_unique<executor::Executor>(
                pool, signals, runtime,
                executor::ExecutorConfig{
                    .batch = static_cast<std::size_t>(config.executor.batch),
                    .step = {.task_runs = static_cast<int>(config.executor.task_runs_per_step)}}));
            signals.subscribe(pg::kEventsChannel,
                              [one = executors.back().get()](const auto&) { one->waker().wake(); });
        }
        timers = std::make_unique<executor::TimerService>(pool, signals);
        signals.subscribe(pg::kTimersChannel, [this](const auto&) { timers->waker().wake(); });
    }

    void make_worker() {
        processes = std::make_unique<process::Supervisor>(
            process::SupervisorConfig{.clock = [this] { return clock.now(); }});
        worker = std::make_unique<worker::Worker>(
            pool, signals, membership, worker::Tools{catalog, flows, instance, storage, http_client, *processes},
            worker::WorkerConfig{
                .slots = slots_of(config), .group = config.worker.group, .temporary_folder = config.worker.folder});
        // The worker has removed the folders of those that were killed: by that their containers are known.
        tasks::remove_left_containers(http_client, task_settings(config).docker);
    }

    void make_scheduler() {
        scheduler = std::make_unique<scheduler::Scheduler>(pool, signals, membership, connection_of(config, true),
                                                           scheduler::Tools{flows, instance});
        signals.subscribe(pg::kTriggersChannel, [this](const auto&) { scheduler->waker().wake(); });
    }

    void make_web() {
        web = std::make_unique<webserver::WebServer>(
            webserver::Services{pool, signals, flows, instance, storage, membership},
            webserver::WebConfig{.address = config.http.address,
                                 .port = static_cast<int>(config.http.port),
                                 .public_url = config.http.url,
                                 .authenticate = config.admin.enabled,
                                 .admin_user = config.admin.user,
                                 .admin_password = config.admin.password,
                                 .version = version(),
                                 .page = page});
    }

    const Config config;
    const std::vector<http::StaticFile> page;
    const std::set<Role> roles;
    const bool migrate_first;
    pg::DatabaseClock clock{};
    pg::Pool pool;
    pg::Signals signals;
    storage::LocalStorage storage;
    net::Client http_client{};
    expr::TemplateCache templates{};
    const store::Instance instance;
    const plugin::TaskCatalog catalog;
    store::Flows flows;
    const executor::Runtime runtime;
    std::unique_ptr<process::Supervisor> processes{};
    cluster::Membership membership;
    maintenance::Reaper reaper;
    maintenance::Housekeeper housekeeper;
    maintenance::Reconciler reconciler;
    std::vector<std::unique_ptr<executor::Executor>> executors{};
    std::unique_ptr<executor::TimerService> timers{};
    std::unique_ptr<worker::Worker> worker{};
    std::unique_ptr<scheduler::Scheduler> scheduler{};
    std::unique_ptr<webserver::WebServer> web{};
};

Server::Server(Config config, std::set<Role> roles, bool migrate_first, std::vector<http::StaticFile> page)
    : parts_(std::make_unique<Parts>(std::move(config), std::move(roles), migrate_first, std::move(page))) {}

Server::~Server() = default;

Result<void> Server::start() {
    Parts& p = *parts_;
    if (auto prepared = p.prepare_database(); !prepared) return prepared;
    // Everybody subscribes before the signals start.
    if (p.roles.contains(Role::Executor)) p.start_executors();
    if (p.roles.contains(Role::Worker)) p.make_worker();
    if (p.roles.contains(Role::Scheduler)) p.make_scheduler();
    if (p.roles.contains(Role::Webserver)) p.make_web();
    cluster::Membership::Callbacks callbacks;
    callbacks.alone = [&p](bool alone) { p.signals.set_alone(alone); };
    callbacks.silent = [&p] { p.reaper.waker().wake(); };
    // Who is alone sends no signals; so a process that comes says so.
    p.signals.subscribe(pg::kServicesChannel, [&p](const auto&) { p.signals.set_alone(false); });
    if (p.worker) {
        callbacks.fenced = [&p] { p.worker->fence(); };
        callbacks.beat = [&p] {
            p.processes->renew_lease(p.config.liveness.self_fence);
            p.worker->look_for_kills();
        };
    }
    p.membership.set_callbacks(std::move(callbacks));
    p.membership.join();
    p.signals.start();
    p.signals.notify(pg::kServicesChannel);
    p.membership.start();
    p.reaper.start();
    p.housekeeper.start();
    p.reconciler.start();
    for (auto& executor : p.executors) executor->start();
    if (p.timers) p.timers->start();
    if (p.worker) p.worker->start();
    if (p.scheduler) p.scheduler->start();
    if (p.web) {
        if (auto listening = p.web->start(); !listening) return listening;
    }
    kLog.info("server.started", {{"version", version()},
                                 {"service_id", p.membership.id()},
                                 {"connections_at_most", p.config.database.connections}});
    return {};
}

void Server::stop() {
    Parts& p = *parts_;
    kLog.info("server.stopping");
    p.membership.drain();
    if (p.web) p.web->stop(10s);
    if (p.scheduler) p.scheduler->stop();
    if (p.worker) p.worker->stop(p.config.shutdown.grace);
    if (p.timers) p.timers->stop();
    for (auto& executor : p.executors) executor->stop();
    p.reconciler.stop();
    p.housekeeper.stop();
    p.reaper.stop();
    p.membership.leave();
    p.signals.stop();
    kLog.info("server.stopped");
}

int Server::port() const { return parts_->web ? parts_->web->port() : 0; }
std::string Server::made_password() const { return parts_->web ? parts_->web->made_password() : ""; }
std::string Server::admin_user() const { return parts_->web ? parts_->web->admin_user() : ""; }

}  // namespace sluice::server
