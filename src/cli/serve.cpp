#include "cli/serve.h"

#include <csignal>
#include <sys/prctl.h>

#include "base/waker.h"
#include "cli/command.h"
#include "cli/options.h"
#include "server/service_manager.h"

namespace sluice::cli {
namespace {

const Logger kServeLog("server");

sigset_t stop_signals() {
    sigset_t out;
    sigemptyset(&out);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&out, signal);
    return out;
}

/// The next of the signals, or 0 after `limit`.
int wait_for_signal(Duration limit) {
    const sigset_t wanted = stop_signals();
    const timespec most{static_cast<time_t>(limit / 1s), static_cast<long>((limit % 1s) / 1us * 1000)};
    const int signal = sigtimedwait(&wanted, nullptr, &most);
    return signal > 0 ? signal : 0;
}

/// A server that runs, between systemd and the signals.
class Running {
  public:
    Running(server::Server& server, const std::function<Result<server::Config>()>& reload)
        : server_(server), reload_(reload) {
        if (const auto limit = systemd_.watchdog()) pace_ = std::min(pace_, *limit / 4);
    }

    void until_stopped() {
        while (true) {
            const int signal = wait_for_signal(pace_);
            if (signal == SIGTERM || signal == SIGINT) return;
            if (signal == SIGHUP) reload();
            look();
        }
    }

    void stop() {
        systemd_.stopping();
        std::jthread alive([this](std::stop_token stop) {
            Waker pause;
            while (!stop.stop_requested()) {
                systemd_.still_stopping(30s);
                pause.wait(stop, 1s);
            }
        });
        server_.stop();
    }

  private:
    void look() {
        // Before half of systemd's patience is over the stuck loop is in the log, and then nothing is told any more.
        const auto limit = systemd_.watchdog();
        const server::Health health = server_.health(limit.value_or(60s) / 2);
        if (health.stuck && !stuck_) kServeLog.error("service.stuck", {{"service", *health.stuck}});
        stuck_ = health.stuck.has_value();
        if (limit && !stuck_) systemd_.alive();
        const std::string& status = health.ready ? kReady : health.reason;
        if (status == told_) return;
        if (health.ready && !was_ready_) {
            kServeLog.info("server.ready");
            systemd_.ready(status);
        } else if (was_ready_) {
            systemd_.tell(status);
        } else {
            systemd_.starting(status);
        }
        was_ready_ = was_ready_ || health.ready;
        told_ = status;
    }

    void reload() {
        systemd_.reloading();
        if (const auto config = reload_())
            server_.reload(*config);
        else
            kServeLog.error("config.reload_refused", {{"reason", config.error().text()}});
        if (was_ready_) systemd_.ready(told_);
    }

    inline static const std::string kReady = "ready";
    server::Server& server_;
    const std::function<Result<server::Config>()>& reload_;
    server::ServiceManager systemd_{};
    Duration pace_ = 250ms;
    std::string told_{};
    bool was_ready_ = false;
    bool stuck_ = false;
};

}  // namespace

void block_stop_signals() {
    const sigset_t wanted = stop_signals();
    pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int serve(Serving serving) {
    // Tasks may run as our user: /proc must show them neither our environment nor our memory, which hold keys and the
    // database's password. It costs core dumps; a debugger has to be root's.
    ::prctl(PR_SET_DUMPABLE, 0);
    block_stop_signals();
    auto plugins = server::plugins_of(serving.config);
    if (!plugins) return fail(plugins.error());
    server::Server server(std::move(serving.config), std::move(serving.roles), serving.migrate_first,
                          std::move(serving.page), std::move(*plugins));
    if (const auto started = server.start(); !started) {
        server.stop();
        return fail(started.error());
    }
    serving.started(server);
    Running running(server, serving.reload);
    running.until_stopped();
    running.stop();
    return Exit::Success;
}

}  // namespace sluice::cli
