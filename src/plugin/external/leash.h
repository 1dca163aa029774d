#pragma once
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "base/file_descriptor.h"
#include "base/time.h"

namespace sluice::plugin {

/// What holds a plugin's process while it runs: the writing end of its standard input, and the clocks of its heartbeat
/// and its end. All writing is done by one thread, so that a plugin that does not read blocks nobody.
class Leash {
  public:
    struct Limits {
        Duration heartbeat{0};  // longest silence; 0: any
        Duration kill_grace = 5s;
        Duration end_grace = 5s;                      // between its result and its end
        std::size_t most_waiting = 64 * 1024 * 1024;  // bytes that it has not read
    };
    enum class Why { Nothing, Killed, Silent, Broken, Lingers };

    /// asked  the task is to stop: the plugin gets `kill`, and after the grace the process is ended
    Leash(Limits limits, std::stop_token asked);
    ~Leash();
    Leash(const Leash&) = delete;
    Leash& operator=(const Leash&) = delete;

    /// The end that becomes the child's standard input; started() closes it here.
    int reading_end() const { return reading_.get(); }
    void started();

    /// One line. false: the plugin has left too much unread
    bool send(const std::string& line);
    /// The plugin gave a sign of life.
    void heard();
    /// Its result is here: it has nothing more to read, and should end.
    void done();
    /// It broke the protocol: it is ended at once.
    void break_off();

    /// Asks the process to end.
    std::stop_token process_stop() const { return process_stop_.get_token(); }
    Why why() const;

  private:
    using Clock = std::chrono::steady_clock;

    void loop(std::stop_token stop);
    void write_some();
    void forget_waiting();
    void end_process(Why why);
    Clock::time_point next_deadline() const;
    void check_clocks();

    const Limits limits_;
    const std::stop_token asked_;
    FileDescriptor reading_{};
    FileDescriptor writing_{};
    FileDescriptor woken_{};
    mutable std::mutex mutex_{};
    std::string waiting_{};    // to be written
    std::size_t written_ = 0;  // of it
    Clock::time_point heard_at_ = Clock::now();
    Clock::time_point ends_by_ = Clock::time_point::max();  // after `kill` or the result
    bool running_ = false;
    bool done_ = false;
    bool kill_sent_ = false;
    Why why_ = Why::Nothing;
    std::stop_source process_stop_{};
    std::jthread thread_{};
};

}  // namespace sluice::plugin
