#include "server/server.h"

#include <algorithm>
#include <unistd.h>

#include "base/log_level.h"
#include "cluster/membership.h"
#include "executor/executor.h"
#include "maintenance/counter.h"
#include "maintenance/maintenance.h"
#include "maintenance/reconciler.h"
#include "maintenance/retention.h"
#include "net/client.h"
#include "pg/migrations.h"
#include "process/supervisor.h"
#include "scheduler/scheduler.h"
#include "server/database_password.h"
#include "server/instance.h"
#include "server/log_shipper.h"
#include "server/plugin_exchange.h"
#include "server/storage_sweeper.h"
#include "server/trace_exporter.h"
#include "server/version.h"
#include "server/watch.h"
#include "server/web_config.h"
#include "tasks/catalog.h"
#include "tasks/docker/container.h"
#include "value/json.h"
#include "webserver/webserver.h"
#include "worker/worker.h"

namespace sluice::server {
namespace {

const Logger kLog("server");

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

std::vector<std::string> names_of(const std::vector<plugin::FoundType>& types) {
    std::vector<std::string> out;
    for (const plugin::FoundType& one : types) out.push_back(one.type.info.name);
    return out;
}

maintenance::RetentionConfig retention_config(const Config& config) {
    maintenance::RetentionConfig out;
    if (config.retention.keep > 0s) out.keep = config.retention.keep;
    out.every = config.retention.every;
    out.fires = config.retention.fires;
    return out;
}

/// What reload() takes over; all else needs a restart.
constexpr std::string_view kReloaded[] = {"log.level", "database.password", "database.password-command",
                                          "database.password-lifetime"};
/// … and these, where TLS was on from the start.
constexpr std::string_view kReloadedTls[] = {"http.tls.certificate", "http.tls.key", "http.tls.key-password",
                                             "http.tls.client-ca"};

template <std::size_t Size>
bool stands_in(const std::string_view (&names)[Size], std::string_view name) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

constexpr std::int64_t kDedicated = 2;  // connections: LISTEN, leadership

std::size_t connections_of_services(const Config& config) {
    const std::int64_t for_files = config.storage.type == "postgres" ? config.storage.connections : 0;
    return static_cast<std::size_t>(config.database.connections - kDedicated - for_files);
}

}  // namespace

pg::ConnectionConfig connection_config(const Config& config, bool direct,
                                       std::shared_ptr<pg::PasswordSource> password) {
    pg::ConnectionConfig out;
    out.url = direct && !config.database.direct_url.empty() ? config.database.direct_url : config.database.url;
    out.application = "sluice";
    out.slow_statements = config.log.slow_statements;
    out.pooled = config.database.pooled && !direct;
    const auto& tls = config.database.tls;
    out.tls = {
        .ca_file = tls.ca_file, .certificate = tls.certificate, .key = tls.key, .key_password = tls.key_password};
    out.password = std::move(password);
    return out;
}

pg::ConnectionConfig replica_config(const Config& config, std::shared_ptr<pg::PasswordSource> password) {
    pg::ConnectionConfig out = connection_config(config, true, std::move(password));
    out.url = config.database.replica.url;
    out.application = "sluice lists";
    out.connect_timeout = 2s;  // somebody waits for his list, and there is another place to read it
    return out;
}

std::string_view to_text(Role role) {
    switch (role) {
        case Role::Webserver:
            return "webserver";
        case Role::Executor:
            return "executor";
        case Role::Worker:
            return "worker";
        case Role::Scheduler:
            return "scheduler";
    }
    return "";
}

/// The members stand in the order in which they start; they stop in the reverse one.
class Server::Parts {
  public:
    Parts(Config config_, std::set<Role> roles_, bool migrate_first_, std::vector<http::StaticFile> page_,
          std::vector<plugin::FoundType> plugins_)
        : config(std::move(config_)),
          page(std::move(page_)),
          roles(std::move(roles_)),
          migrate_first(migrate_first_),
          pool(connect_to(false), connections_of_services(config), clock),
          storage_pool(connect_to(false), static_cast<std::size_t>(config.storage.connections), clock),
          signals({.connection = connect_to(true)}, clock),
          storage(make_storage(config, process_environment(), &storage_pool, http_client)),
          vault(make_vault(config, http_client)),
          instance(make_instance(config, process_environment(), *storage, templates, vault.get())),
          own_plugins(std::move(plugins_)),
          catalog(catalog_of(config, own_plugins)),
          flows(catalog.types(), config.plugin_defaults),
          traces(make_trace_exporter(config, host_name(), http_client)),
          runtime{flows, catalog, instance, {}, traces ? traces->sink() : executor::SpanSink{}},
          membership(pool, member_of(config, roles),
                     {.beat = config.liveness.heartbeat,
                      .lease = config.liveness.lease,
                      .self_fence = config.liveness.self_fence}),
          exchange(pool, signals, membership, catalog, own_plugins, roles.contains(Role::Worker)),
          reaper(pool, signals, membership, {.every = config.liveness.lease, .grace = 2 * config.liveness.heartbeat}),
          housekeeper(pool, {.refused_results = config.retention.refused_results,
                             .makes_indexes = migrate_first && !config.database.pooled}),
          reconciler(pool, signals),
          counter(pool, version()),
          sweeper(*storage),
          retention(pool, *storage, retention_config(config)) {}

    pg::ConnectionConfig connect_to(bool direct) const { return connection_config(config, direct, password); }

    /// The loops without which nothing is claimed or fired.
    std::vector<const Service*> loops() const {
        std::vector<const Service*> out{&membership, &reaper};
        for (const auto& one : executors) out.push_back(one.get());
        if (timers) out.push_back(timers.get());
        if (scheduler) out.push_back(scheduler.get());
        if (worker) {
            for (const Service* one : worker->loops()) out.push_back(one);
        }
        return out;
    }

    Result<void> prepare_database() {
        return pool.with_connection([&](pg::Connection& connection) -> Result<void> {
            if (migrate_first) {
                if (auto done = pg::migrate(connection); !done) return tl::unexpected(done.error());
            } else if (auto fits = pg::usable(pg::schema_state(connection)); !fits) {
                return fits;
            }
            maintenance::ensure_partitions(connection);
            exchange.learn(connection);
            return {};
        });
    }

    void start_executors() {
        for (std::int64_t i = 0; i < config.executor.threads; ++i) {
            executors.push_back(std::make_unique<executor::Executor>(
                pool, signals, runtime,
                executor::ExecutorConfig{.batch = static_cast<std::size_t>(config.executor.batch),
                                         .step = {.task_runs = static_cast<int>(config.executor.task_runs_per_step)}}));
            signals.subscribe(pg::kEventsChannel, [one = executors.back().get()](const auto&) { one->waker().wake(); });
        }
        timers = std::make_unique<executor::TimerService>(pool, signals);
        signals.subscribe(pg::kTimersChannel, [this](const auto&) { timers->waker().wake(); });
    }

    void make_worker() {
        processes =
            std::make_unique<process::Supervisor>(process::SupervisorConfig{.clock = [this] { return clock.now(); }});
        worker = std::make_unique<worker::Worker>(
            pool, signals, membership, worker::Tools{catalog, flows, instance, *storage, http_client, *processes},
            worker::WorkerConfig{.slots = slots_of(config),
                                 .group = config.worker.group,
                                 .plugin_types = names_of(own_plugins),
                                 .temporary_folder = config.worker.folder,
                                 .most_spooled_bytes = static_cast<std::uint64_t>(config.worker.spool_mib) << 20});
        // The worker has removed the folders of those that were killed: by that their containers are known.
        tasks::remove_left_containers(http_client, task_settings(config, process_environment()).docker);
    }

    void make_scheduler() {
        scheduler = std::make_unique<scheduler::Scheduler>(pool, signals, membership, connect_to(true),
                                                           scheduler::Tools{flows, instance});
        signals.subscribe(pg::kTriggersChannel, [this](const auto&) { scheduler->waker().wake(); });
    }

    void make_log_shipper() {
        auto sink = make_log_sink(config, host_name(), http_client);
        if (!sink) return;
        shipper = std::make_unique<LogShipper>(pool,
                                               LogShipperConfig{.receiver = config.log.shipping.to,
                                                                .service_id = membership.id().text(),
                                                                .level = config.log.shipping.level,
                                                                .batch = config.log.shipping.batch},
                                               std::move(sink));
    }

    void make_web() {
        if (const auto& wanted = config.database.replica; !wanted.url.empty()) {
            replica.emplace(replica_config(config, password), static_cast<std::size_t>(wanted.connections),
                            replica_clock);
        }
        web = std::make_unique<webserver::WebServer>(
            webserver::Services{pool, signals, flows, instance, *storage, membership, replica ? &*replica : nullptr},
            web_config(config, page));
    }

    const Config config;
    const std::shared_ptr<DatabasePassword> password = std::make_shared<DatabasePassword>(config);
    const std::vector<http::StaticFile> page;
    const std::set<Role> roles;
    const bool migrate_first;
    pg::DatabaseClock clock{};
    pg::Pool pool;
    pg::DatabaseClock replica_clock{};  // another machine's
    std::optional<pg::Pool> replica{};  // of web servers where one is configured
    pg::Pool storage_pool;              // makes no connection unless files are in the database
    pg::Signals signals;
    net::Client http_client{};
    const std::unique_ptr<storage::Storage> storage;
    expr::TemplateCache templates{};
    const std::unique_ptr<Vault> vault;  // null: none is configured
    const store::Instance instance;
    const std::vector<plugin::FoundType> own_plugins;
    plugin::TaskCatalog catalog;
    store::Flows flows;
    const std::unique_ptr<TraceExporter> traces;  // null: nobody wants them
    const executor::Runtime runtime;
    std::unique_ptr<process::Supervisor> processes{};
    cluster::Membership membership;
    PluginExchange exchange;
    maintenance::Reaper reaper;
    maintenance::Housekeeper housekeeper;
    maintenance::Reconciler reconciler;
    maintenance::Counter counter;
    StorageSweeper sweeper;
    maintenance::Retention retention;
    std::vector<std::unique_ptr<executor::Executor>> executors{};
    std::unique_ptr<executor::TimerService> timers{};
    std::unique_ptr<worker::Worker> worker{};
    std::unique_ptr<scheduler::Scheduler> scheduler{};
    std::unique_ptr<webserver::WebServer> web{};
    std::unique_ptr<LogShipper> shipper{};
    std::optional<Watch> watch{};  // once all has started
};

plugin::TaskCatalog catalog_of(const Config& config, const std::vector<plugin::FoundType>& plugins) {
    plugin::TaskCatalog catalog = tasks::builtin_catalog(task_settings(config, process_environment()));
    const auto added = plugin::add_to(catalog, plugins);
    ensure(added.has_value(), "{}", added ? "" : added.error().text());
    return catalog;
}

Result<std::vector<plugin::FoundType>> plugins_of(const Config& config) {
    auto found = plugin::read_plugin_folders(config.plugins.folders);
    if (!found) return found;
    plugin::TaskCatalog catalog = tasks::builtin_catalog();
    if (auto added = plugin::add_to(catalog, *found); !added) return tl::unexpected(added.error());
    return found;
}

Server::Server(Config config, std::set<Role> roles, bool migrate_first, std::vector<http::StaticFile> page,
               std::vector<plugin::FoundType> plugins)
    : parts_(std::make_unique<Parts>(std::move(config), std::move(roles), migrate_first, std::move(page),
                                     std::move(plugins))) {}

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
    callbacks.details = [&p] {
        Map details = p.worker ? p.worker->details() : Map{};
        details.set("refused_beats", static_cast<std::int64_t>(p.membership.refused_beats()));
        return to_json(Value(std::move(details)));
    };
    if (p.worker) {
        callbacks.suspended = [&p] { p.worker->suspend(); };
        callbacks.fenced = [&p] { p.worker->fence(); };
        callbacks.beat = [&p](Duration left) {
            p.processes->renew_lease(left);
            p.worker->look_for_kills();
        };
    }
    p.membership.set_callbacks(std::move(callbacks));
    p.flows.set_learn([&p](pg::Connection& connection) { return p.exchange.learn(connection); });
    p.signals.subscribe(pg::kServicesChannel, [&p](const auto&) { p.exchange.waker().wake(); });
    p.signals.subscribe(pg::kNamespacesChannel, [&p](const auto&) { p.flows.doubt_namespaces(); });
    p.membership.join();
    p.exchange.publish();
    p.signals.start();
    p.signals.notify(pg::kServicesChannel);
    p.membership.start();
    p.exchange.start();
    p.reaper.start();
    p.housekeeper.start();
    p.reconciler.start();
    p.counter.start();
    p.sweeper.start();
    p.retention.start();
    if (p.traces) p.traces->start();
    if (p.vault) p.vault->start();
    p.make_log_shipper();  // it needs the id of this member
    if (p.shipper) p.shipper->start();
    for (auto& executor : p.executors) executor->start();
    if (p.timers) p.timers->start();
    if (p.worker) p.worker->start();
    if (p.scheduler) p.scheduler->start();
    if (p.web) {
        if (auto listening = p.web->start(); !listening) return listening;
    }
    p.watch.emplace(p.loops());
    kLog.info("server.started", {{"version", version()},
                                 {"service_id", p.membership.id()},
                                 {"connections_at_most", p.config.database.connections}});
    return {};
}

std::vector<std::string> Server::reload(const Config& config) {
    Parts& p = *parts_;
    set_log_level(config.log.level);
    p.password->change(config);
    const bool has_tls = p.web && tls_config(p.config).is_on() && tls_config(config).is_on();
    if (has_tls) {
        // The files may be others under the same names.
        if (auto done = p.web->reload_tls(tls_config(config)); done)
            kLog.info("tls.reloaded", {{"certificate", config.http.tls.certificate}});
        else
            kLog.error("tls.reload_refused", {{"reason", done.error().text()}});
    }
    if (p.shipper) p.shipper->reopen();
    std::vector<std::string> left;
    for (const ConfigKey& key : config_keys()) {
        const bool taken = stands_in(kReloaded, key.name) || (has_tls && stands_in(kReloadedTls, key.name));
        if (!taken && key.get(config) != key.get(p.config)) left.push_back(key.name);
    }
    if (left.empty())
        kLog.info("config.reloaded");
    else
        kLog.warn("config.reloaded", {{"need_a_restart", fmt::format("{}", fmt::join(left, " "))}});
    return left;
}

Health Server::health(Duration patience) {
    Parts& p = *parts_;
    Health out;
    if (p.watch) out.stuck = p.watch->stuck(patience);
    if (!p.membership.is_alive()) out.reason = "the database is away";
    for (const Service* loop : p.loops()) {
        if (loop->turns() == 0) out.reason = fmt::format("the loop '{}' has not worked yet", loop->name());
        if (loop->troubled()) out.reason = fmt::format("the loop '{}' has trouble with the database", loop->name());
    }
    out.ready = p.watch.has_value() && out.reason.empty();
    return out;
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
    if (p.shipper) p.shipper->stop();
    if (p.vault) p.vault->stop();
    if (p.traces) p.traces->stop();
    p.retention.stop();
    p.sweeper.stop();
    p.counter.stop();
    p.reconciler.stop();
    p.housekeeper.stop();
    p.reaper.stop();
    p.exchange.stop();
    p.membership.leave();
    p.signals.stop();
    kLog.info("server.stopped");
}

int Server::port() const {
    return parts_->web ? parts_->web->port() : 0;
}
std::string Server::made_password() const {
    return parts_->web ? parts_->web->made_password() : "";
}
std::string Server::admin_user() const {
    return parts_->web ? parts_->web->admin_user() : "";
}

}  // namespace sluice::server
