#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/guarded.h"
#include "base/log.h"
#include "pg/connection.h"

namespace sluice::pg {

/// LISTEN and NOTIFY of one process, on one connection of its own that never holds a transaction.
///
/// A signal only wakes somebody early: whoever is woken looks into the tables, and looks there without a signal too,
/// at its poll interval. So signals may be lost, doubled and merged. After each (re)connection all subscribers are
/// called once, because something may have been missed.
///
/// NOTIFY takes a lock that serialises commits, so it never stands in a working transaction: notify() is called after
/// the commit, and one NOTIFY per channel goes out per `pace`, however many were asked for. Subscribers of this process
/// are called directly, at once.
/// Threads  notify(): any. Callbacks: any thread; they must be short (wake a Waker)
class Signals {
  public:
    using Callback = std::function<void(const std::vector<std::string>& payloads)>;

    struct Config {
        ConnectionConfig connection{};
        Duration pace = 2ms;
        /// More payloads than this within one pace are replaced by a single "*": look at everything.
        std::size_t most_payloads = 200;
    };

    Signals(Config config, DatabaseClock& clock);
    ~Signals();

    /// Before start() only.
    void subscribe(const std::string& channel, Callback callback);

    void start();
    void stop();

    /// Tells the channel's subscribers here and in other processes. A payload is an id or a word without blanks.
    void notify(const std::string& channel, const std::string& payload = "");

    /// Other processes are alive that listen; while there are none, no NOTIFY is sent.
    void set_alone(bool alone) { alone_ = alone; }
    bool connected() const { return connected_; }

  private:
    using Pending = std::map<std::string, std::set<std::string>>;
    void add(std::set<std::string>& payloads, const std::string& payload) const;

    void loop(std::stop_token stop);
    void listen(Connection& connection);
    void serve(Connection& connection, std::stop_token stop);
    void receive(Connection& connection);
    void send_pending(Connection& connection);
    void call(const std::string& channel, const std::vector<std::string>& payloads);
    void wake();

    Config config_;
    DatabaseClock& clock_;
    Logger log_{"signals"};
    std::map<std::string, std::vector<Callback>> subscribers_{};
    Guarded<Pending> pending_{};
    std::atomic<bool> alone_{false};
    std::atomic<bool> connected_{false};
    int wake_fd_ = -1;
    std::jthread thread_{};
};

// Channels: what lies in the table of the same name, or changed there.
inline const std::string kEventsChannel = "sluice_events";    // execution_events: for executors
inline const std::string kJobsChannel = "sluice_jobs";        // jobs: for workers
inline const std::string kCancelsChannel = "sluice_cancels";  // claims to be killed: for workers
inline const std::string kChangesChannel = "sluice_changes";  // executions that changed (payload: id): for followers
inline const std::string kNamespacesChannel = "sluice_namespaces";  // plugin defaults of namespaces changed
inline const std::string kTriggersChannel = "sluice_triggers";      // triggers: for the scheduler
inline const std::string kTimersChannel = "sluice_timers";          // timers that are due soon: for executors
inline const std::string kOperationsChannel = "sluice_operations";  // operations: for web servers
inline const std::string kServicesChannel = "sluice_services";      // a process has come: for all

}  // namespace sluice::pg
