#include "server/service_manager.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include "base/log.h"

namespace sluice::server {
namespace {

void send(const std::string& state) {
    const int sent = sd_notify(0, state.c_str());
    if (sent < 0) Logger("server").warn("systemd.not_told", {{"errno", -sent}});
}

}  // namespace

ServiceManager::ServiceManager() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) > 0) {
        watchdog_ = std::chrono::duration_cast<Duration>(std::chrono::microseconds(microseconds));
    }
}

void ServiceManager::starting(const std::string& what) const {
    // A start may wait for a database or a migration: systemd's limit counts from the last word.
    send("STATUS=" + what + "\nEXTEND_TIMEOUT_USEC=30000000");
}
void ServiceManager::ready(const std::string& what) const {
    send("READY=1\nSTATUS=" + what);
}
void ServiceManager::reloading() const {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                     std::chrono::duration_cast<std::chrono::microseconds>(now).count()));
}
void ServiceManager::stopping() const {
    send("STOPPING=1\nSTATUS=running tasks are waited for");
}
void ServiceManager::still_stopping(Duration more) const {
    send(fmt::format("EXTEND_TIMEOUT_USEC={}\nWATCHDOG=1",
                     std::chrono::duration_cast<std::chrono::microseconds>(more).count()));
}
void ServiceManager::alive() const {
    send("WATCHDOG=1");
}
void ServiceManager::tell(const std::string& what) const {
    send("STATUS=" + what);
}

}  // namespace sluice::server
