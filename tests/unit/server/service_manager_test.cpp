#include "server/service_manager.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file_descriptor.h"
#include "server/watch.h"
#include "support/test.h"

namespace sluice::server {
namespace {

using test::contains;
using test::eventually;

/// systemd's end of it: a datagram socket in the abstract namespace, named in the environment.
class Systemd {
  public:
    explicit Systemd(const char* watchdog_us) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        const std::string name = "@sluice-notify-" + std::to_string(getpid());
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path + 1, name.data() + 1, name.size() - 1);
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        REQUIRE_EQ(bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), length), 0);
        setenv("NOTIFY_SOCKET", name.c_str(), 1);
        if (watchdog_us != nullptr) setenv("WATCHDOG_USEC", watchdog_us, 1);
    }
    ~Systemd() {
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
    }
    /// The next datagram; empty when there is none.
    std::string told() const {
        char bytes[4096];
        const ssize_t count = recv(socket_.get(), bytes, sizeof bytes, MSG_DONTWAIT);
        return count < 0 ? "" : std::string(bytes, static_cast<std::size_t>(count));
    }

  private:
    FileDescriptor socket_;
};

/// A loop whose turn does not end while it is held, with or without saying that it waits.
class Held : public Service {
  public:
    explicit Held(bool says_so) : Service("held", {.poll = 1h}), says_so_(says_so) {}
    ~Held() override { stop(); }
    void let_go() { held_ = false; }
    bool is_in_turn() const { return in_turn_; }

  protected:
    Turn turn(std::stop_token stop) override {
        std::optional<OutsideWait> waiting;
        if (says_so_) waiting.emplace();
        in_turn_ = true;
        while (held_ && !stop.stop_requested()) std::this_thread::yield();
        in_turn_ = false;
        return Turn::Idle;
    }

  private:
    const bool says_so_;
    std::atomic<bool> held_{true};
    std::atomic<bool> in_turn_{false};
};

}  // namespace

TEST_CASE("systemd is told by datagrams; where nobody listens nothing is") {
    {
        const Systemd systemd("60000000");
        const ServiceManager manager;
        CHECK_EQ(manager.watchdog(), Duration(60s));
        manager.starting("the database is away");
        CHECK(contains(systemd.told(), "EXTEND_TIMEOUT_USEC=30000000"));
        manager.ready("ready");
        CHECK_EQ(systemd.told(), "READY=1\nSTATUS=ready");
        manager.reloading();
        CHECK(contains(systemd.told(), "RELOADING=1\nMONOTONIC_USEC="));
        manager.alive();
        CHECK_EQ(systemd.told(), "WATCHDOG=1");
        manager.stopping();
        CHECK(contains(systemd.told(), "STOPPING=1"));
        manager.still_stopping(30s);
        CHECK_EQ(systemd.told(), "EXTEND_TIMEOUT_USEC=30000000\nWATCHDOG=1");
        CHECK_EQ(systemd.told(), "");
    }
    const ServiceManager nobody;
    CHECK_FALSE(nobody.watchdog());
    nobody.ready("ready");
}

TEST_CASE("a loop that neither works nor waits is stuck; one that waits for the database is not, however long") {
    Held stuck(false), waiting(true);
    stuck.start();
    waiting.start();
    REQUIRE(eventually([&] { return stuck.is_in_turn() && waiting.is_in_turn(); }));
    const Watch::Clock::time_point start = Watch::Clock::now();
    Watch watch({&waiting, &stuck}, start);
    CHECK_FALSE(watch.stuck(30s, start + 29s));
    CHECK_EQ(watch.stuck(30s, start + 31s), "held");
    Watch only_waiting({&waiting}, start);
    CHECK_FALSE(only_waiting.stuck(30s, start + 3600s));
    stuck.let_go();
    REQUIRE(eventually([&] { return stuck.is_waiting(); }));
    CHECK_FALSE(watch.stuck(30s, start + 61s));
    CHECK_FALSE(watch.stuck(30s, start + 3600s));  // an idle loop pauses
}

}  // namespace sluice::server
