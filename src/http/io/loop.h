#pragma once
#include <mutex>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "http/io/state.h"
#include "http/io/task.h"

namespace sluice::http {

/// A file descriptor that is closed with its owner.
class OwnedFd {
  public:
    OwnedFd() = default;
    explicit OwnedFd(int fd) : fd_(fd) {}
    OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    OwnedFd& operator=(OwnedFd&& other) noexcept {
        reset();
        fd_ = std::exchange(other.fd_, -1);
        return *this;
    }
    ~OwnedFd() { reset(); }
    int get() const { return fd_; }
    void reset();

  private:
    int fd_ = -1;
};

struct Readiness {
    bool readable = false;
    bool writable = false;
    bool hung_up = false;
};

/// Somebody who is told about a descriptor. All calls come on the loop's thread.
class Watched {
  public:
    virtual ~Watched() = default;
    virtual void on_ready(Readiness readiness) = 0;
    virtual void on_tick(Clock::time_point now) = 0;
    /// The server stops: begin nothing new.
    virtual void on_drain() = 0;
    /// Unwatch and close at once.
    virtual void on_stop() = 0;
};

enum class Trigger { Edge, Level };

/// What a loop needs of the reactor it runs in.
class Poller {
  public:
    virtual ~Poller() = default;
    virtual void add(int fd, Trigger trigger) = 0;
    virtual void remove(int fd) = 0;
};

/// One thread of the reactor: its descriptors, its clock tick, and the tasks that others give it.
class Loop : public std::enable_shared_from_this<Loop> {
  public:
    explicit Loop(std::shared_ptr<ServerState> state);

    // Any thread.
    /// Runs the task on this thread, in the order of the calls. false: the loop has ended, and the task is thrown away
    bool post(Task task);
    bool is_current() const;

    // This thread only.
    void watch(std::shared_ptr<Watched> watched, int fd, Trigger trigger);
    void unwatch(int fd);
    /// Tells nothing of a watched level-triggered descriptor for a while; its ticks go on.
    void suspend(int fd);
    void resume(int fd);
    /// Calls on_ready() again, after the others had their turn.
    void again(std::shared_ptr<Watched> watched) { again_.push_back(std::move(watched)); }
    /// A buffer that everybody may use for the length of a call.
    std::span<char> scratch() { return scratch_; }
    void drain();
    /// Stops all that is watched, and runs what was posted before.
    void close();

    // For the reactor.
    void run_in(Poller* poller) { poller_ = poller; }
    int wake_fd() const { return wake_.get(); }
    int tick_fd() const { return tick_.get(); }
    struct Event {
        int fd;
        Readiness readiness;
    };
    void dispatch(std::span<const Event> events);

  private:
    template <class Call>
    void guarded(const std::shared_ptr<Watched>& watched, Call call);
    void wake();
    void run_tasks();
    void stop_everyone();
    void tick();
    std::vector<std::shared_ptr<Watched>> everyone() const;

    std::shared_ptr<ServerState> state_;
    Poller* poller_ = nullptr;
    OwnedFd wake_{};
    OwnedFd tick_{};
    std::unordered_map<int, std::shared_ptr<Watched>> watched_{};
    std::set<int> suspended_{};
    std::vector<std::shared_ptr<Watched>> again_{};
    std::vector<char> scratch_;

    std::mutex mutex_{};
    std::vector<Task> tasks_{};
    bool closed_ = false;
};

}  // namespace sluice::http
