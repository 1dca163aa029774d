#pragma once
#include <atomic>
#include <stop_token>
#include <string>
#include <thread>

#include "base/log.h"
#include "base/waker.h"

namespace sluice {

/// From one batch to the next while batches have more than one item: what comes meanwhile needs no transaction of its
/// own.
constexpr Duration kBatchSpacing = 3ms;

/// What one turn of a service's loop found: nothing; something to do; something that is not for us just now.
enum class Turn { Idle, Worked, Later };

struct ServiceConfig {
    Duration poll = 1s;              // the pause when there is nothing to do: the promise that polling gives
    Duration longest_poll = 0s;      // it doubles up to this while nothing comes and wakeups can be trusted; 0: never
    Duration first_back_off = 50ms;  // after an OutsideError; doubles, with jitter
    Duration longest_back_off = 2s;
};

/// While it lives, the calling thread waits for something outside, which may be away for long (the database). To a
/// watchdog its service is not stuck meanwhile; outside of a service it means nothing.
class OutsideWait {
  public:
    OutsideWait();
    ~OutsideWait();
    OutsideWait(const OutsideWait&) = delete;
    OutsideWait& operator=(const OutsideWait&) = delete;
};

/// A thread that calls turn() until it is told to stop: the loop is written once, for all services.
///
/// Idle and Later wait for the waker or the poll interval. An OutsideError is one warn line and a growing, jittered
/// pause. Anything else is our bug: one error line and the longest pause; turn() itself isolates the guilty item.
/// Threads  start() once, stop() once; turn() runs on the service's own thread only
class Service {
  public:
    explicit Service(std::string name, ServiceConfig config = {});
    virtual ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    void start();
    /// Asks for the end and waits for it. A turn that runs is finished first.
    void stop();

    Waker& waker() { return waker_; }
    const std::string& name() const { return name_; }
    /// Turns that ended without an error.
    std::uint64_t turns() const { return turns_; }
    /// Counts whatever happens: turns that ended, well or not, and waits. A watchdog asks whether it still moves.
    std::uint64_t steps() const { return steps_; }
    /// It pauses, or waits for something outside: nothing is to be expected of it now.
    bool is_waiting() const { return waits_ > 0; }
    /// The last turn failed because something outside did; readiness asks this.
    bool troubled() const { return troubled_; }

  protected:
    virtual Turn turn(std::stop_token stop) = 0;
    /// How long to pause after an idle turn, if that is shorter than the poll interval: for a service with timers.
    virtual Duration idle_pause() { return Duration::max(); }
    /// How long after the beginning of the last turn the next one may begin: for a service that finds more to do
    /// together when it waits a little, and saves a transaction.
    virtual Duration spacing() { return 0ms; }
    /// Whether somebody wakes this service when there is work: only then does the poll interval grow.
    virtual bool is_woken() { return false; }
    /// Called on the service's thread before the first turn and after an error, to get connections anew.
    virtual void recover() {}
    /// Called on the service's thread after the last turn.
    virtual void finish() {}

    Logger log_;

  private:
    friend class OutsideWait;
    void begin_wait();
    void end_wait();
    bool wait(std::stop_token stop, Duration limit);
    void loop(std::stop_token stop);
    bool one_turn(std::stop_token stop);
    void keep_apart();
    void pause(std::stop_token stop, Turn done);

    std::string name_;
    ServiceConfig config_;
    Waker waker_{};
    std::atomic<std::uint64_t> turns_{0};
    std::atomic<std::uint64_t> steps_{0};
    std::atomic<int> waits_{0};
    std::atomic<bool> troubled_{false};
    int failures_ = 0;
    Duration poll_{};  // grows while idle
    std::chrono::steady_clock::time_point begun_{};
    std::jthread thread_{};
};

/// The pause before the next try after `failures` failures in a row: doubled each time, up to `longest`, ±50 %.
Duration back_off(int failures, Duration first, Duration longest);

}  // namespace sluice
