#include "http/io/reactor.h"

#include <fcntl.h>
#include <filesystem>
#include <latch>
#include <pistache/reactor.h>

namespace sluice::http {
namespace {

using ::Pistache::Aio::AsyncContext;
using ::Pistache::Polling::Mode;
using ::Pistache::Polling::NotifyOn;
using ::Pistache::Polling::Tag;

/// Pistache clones it once for each thread; a clone gets a loop of its own.
class LoopHandler final : public ::Pistache::Aio::Handler, private Poller {
  public:
    explicit LoopHandler(std::shared_ptr<ServerState> state) : state_(std::move(state)) {}

    std::shared_ptr<::Pistache::Aio::Handler> clone() const override { return std::make_shared<LoopHandler>(state_); }

    void registerPoller(::Pistache::Polling::Epoll& poller) override {
        loop_ = std::make_shared<Loop>(state_);
        loop_->run_in(this);
        for (const int fd : {loop_->wake_fd(), loop_->tick_fd()}) {
            poller.addFd(fd, ::Pistache::Flags<NotifyOn>(NotifyOn::Read), Tag(static_cast<std::uint64_t>(fd)),
                         Mode::Level);
        }
    }

    void onReady(const ::Pistache::Aio::FdSet& ready) override {
        events_.clear();
        for (const auto& entry : ready) {
            Readiness readiness{entry.isReadable(), entry.isWritable(), entry.isHangup()};
            // An error alone sets no flag that Pistache knows.
            if (!readiness.readable && !readiness.writable) readiness.hung_up = true;
            events_.push_back({static_cast<int>(entry.getTag().value()), readiness});
        }
        loop_->dispatch(events_);
    }

    const std::shared_ptr<Loop>& loop() const { return loop_; }

  private:
    void add(int fd, Trigger trigger) override {
        const bool edge = trigger == Trigger::Edge;
        const NotifyOn interest = edge ? NotifyOn::Read | NotifyOn::Write | NotifyOn::Shutdown : NotifyOn::Read;
        reactor()->registerFd(key(), fd, interest, edge ? Mode::Edge : Mode::Level);
    }
    void remove(int fd) override { reactor()->removeFd(key(), fd); }

    std::shared_ptr<ServerState> state_;
    std::shared_ptr<Loop> loop_{};
    std::vector<Loop::Event> events_{};
};

/// Pistache's epoll descriptors would go to every child process, and Pistache does not show them: found by their kind.
void keep_pollers_from_children() {
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", failed)) {
        const auto target = std::filesystem::read_symlink(entry.path(), failed);
        if (failed || target != "anon_inode:[eventpoll]") continue;
        const int fd = std::stoi(entry.path().filename().string());
        fcntl(fd, F_SETFD, fcntl(fd, F_GETFD) | FD_CLOEXEC);
    }
}

}  // namespace

struct Reactor::Pistache {
    ::Pistache::Aio::Reactor reactor{};
};

Reactor::Reactor(std::size_t threads, const std::shared_ptr<ServerState>& state)
    : pistache_(std::make_unique<Pistache>()) {
    auto& reactor = pistache_->reactor;
    reactor.init(AsyncContext(threads, "http-io"));
    const auto key = reactor.addHandler(std::make_shared<LoopHandler>(state));
    for (const auto& handler : reactor.handlers(key))
        loops_.push_back(std::static_pointer_cast<LoopHandler>(handler)->loop());
    keep_pollers_from_children();
}

Reactor::~Reactor() {
    stop();
}

void Reactor::start() {
    pistache_->reactor.run();
    started_ = true;
}

void Reactor::stop() {
    if (!started_) return;
    started_ = false;
    const auto closed = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(loops_.size()));
    for (const auto& loop : loops_) {
        loop->post([closed, loop] {
            loop->close();
            closed->count_down();
        });
    }
    closed->wait();
    pistache_->reactor.shutdown();
    // The destructor joins the threads.
    pistache_.reset();
}

}  // namespace sluice::http
