#pragma once
#include <optional>
#include <string>

#include "base/time.h"

namespace sluice::server {

/// Tells systemd how this process is (sd_notify). Where nobody asked for it ($NOTIFY_SOCKET), nothing is told.
class ServiceManager {
  public:
    /// Reads $WATCHDOG_USEC and $WATCHDOG_PID.
    ServiceManager();

    /// After this long without alive() the process is killed and started anew; empty: nobody watches.
    std::optional<Duration> watchdog() const { return watchdog_; }

    void starting(const std::string& what) const;
    void ready(const std::string& what) const;
    void reloading() const;
    void stopping() const;
    /// Lengthens the time in which a stop must end: running tasks are waited for.
    void still_stopping(Duration more) const;
    void alive() const;
    /// For `systemctl status`.
    void tell(const std::string& what) const;

  private:
    std::optional<Duration> watchdog_{};
};

}  // namespace sluice::server
