// A network between a server and its database: every byte arrives later, and what goes by is counted.
//
//   delay_proxy LISTEN_PORT DATABASE_PORT ROUND_TRIP_MICROSECONDS
//
// Each direction takes half of the round trip; order is kept, and bandwidth is that of loopback. It speaks no more of
// PostgreSQL's protocol than it must to count: statements by the names under which they are prepared, round trips (an
// answer that says "ready"), transactions (one that says "idle"). A line on standard input is answered by a line of
// JSON with all counts since the start; the end of standard input ends it.
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostHeld = 8 << 20;  // bytes on their way in one direction; more are not read

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(1);
}

struct Counts {
    std::map<std::string, std::uint64_t> statements{};
    std::uint64_t prepared = 0;
    std::uint64_t round_trips = 0;
    std::uint64_t transactions = 0;
    std::uint64_t connections = 0;
    std::uint64_t bytes_to_database = 0;
    std::uint64_t bytes_to_server = 0;

    std::string json() const {
        std::string named;
        for (const auto& [name, count] : statements) {
            named += (named.empty() ? "" : ", ") + ('"' + name + "\": " + std::to_string(count));
        }
        return "{\"statements\": {" + named + "}, \"prepared\": " + std::to_string(prepared) +
               ", \"round_trips\": " + std::to_string(round_trips) +
               ", \"transactions\": " + std::to_string(transactions) +
               ", \"connections\": " + std::to_string(connections) +
               ", \"bytes_to_database\": " + std::to_string(bytes_to_database) +
               ", \"bytes_to_server\": " + std::to_string(bytes_to_server) + "}\n";
    }
};

/// What one session says, as far as it is counted.
class Reader {
  public:
    explicit Reader(Counts& counts) : counts_(counts) {}

    void from_server(std::string_view bytes) {
        counts_.bytes_to_database += bytes.size();
        client_.feed(bytes, [this](char type, std::string_view head) { asked(type, head); });
    }

    void from_database(std::string_view bytes) {
        counts_.bytes_to_server += bytes.size();
        // "No" to an encrypted session is one byte, and no message.
        const std::size_t answers = std::min(bytes.size(), refusals_);
        refusals_ -= answers;
        database_.feed(bytes.substr(answers), [this](char type, std::string_view head) { answered(type, head); });
    }

  private:
    /// Messages of a type, a length and a body, of which only the beginning is kept.
    struct Messages {
        bool typed;  // the first messages of a client have no type
        std::string head{};
        std::size_t left = 0;  // of the body that is passed over
        static constexpr std::size_t kHead = 160;

        template <class Then>
        void feed(std::string_view bytes, const Then& then) {
            while (!bytes.empty()) {
                const std::size_t passed = std::min(left, bytes.size());
                left -= passed;
                bytes.remove_prefix(passed);
                while (!bytes.empty() && head.size() < wanted()) {
                    head.push_back(bytes.front());
                    bytes.remove_prefix(1);
                }
                if (head.size() < prefix() || head.size() < wanted()) return;
                left = prefix() + body() - head.size();
                const std::string whole = std::exchange(head, {});
                then(typed ? whole[0] : '\0', std::string_view(whole).substr(typed ? 5 : 4));
            }
        }
        std::size_t prefix() const { return typed ? 5 : 4; }
        std::size_t body() const {
            std::uint32_t length = 0;
            std::memcpy(&length, head.data() + (typed ? 1 : 0), 4);
            return ntohl(length) - 4;
        }
        std::size_t wanted() const { return head.size() < prefix() ? prefix() : prefix() + std::min(body(), kHead); }
    };

    void asked(char type, std::string_view head) {
        constexpr std::uint32_t kEncrypted[] = {80877103, 80877104};  // SSLRequest, GSSENCRequest
        if (!client_.typed) {
            std::uint32_t code = 0;
            if (head.size() >= 4) std::memcpy(&code, head.data(), 4);
            const bool is_question = ntohl(code) == kEncrypted[0] || ntohl(code) == kEncrypted[1];
            refusals_ += is_question ? 1 : 0;
            client_.typed = !is_question;
            return;
        }
        if (type == 'P') ++counts_.prepared;
        if (type == 'Q') count("(text)");
        if (type == 'B') {
            const std::string_view named = head.substr(std::min(head.size(), head.find('\0') + 1));
            count(named.substr(0, named.find('\0')));
        }
    }

    void count(std::string_view name) {
        worked_ = true;
        std::string plain;
        for (const char c : name) plain += c < ' ' || c == '"' || c == '\\' ? '?' : c;
        ++counts_.statements[plain.empty() ? "(unnamed)" : plain];
    }

    void answered(char type, std::string_view head) {
        if (type != 'Z') return;
        ++counts_.round_trips;
        if (head.substr(0, 1) != "I") return;
        counts_.transactions += worked_ ? 1 : 0;
        worked_ = false;
    }

    Counts& counts_;
    Messages client_{.typed = false};
    Messages database_{.typed = true};
    std::size_t refusals_ = 0;
    bool worked_ = false;  // in this transaction
};

struct Piece {
    Clock::time_point due;
    std::string bytes;
};

struct Pair;

/// One end of a connection, and what is on its way to it.
struct End {
    Pair* pair = nullptr;
    int socket = -1;
    std::deque<Piece> coming{};
    std::size_t held = 0;
    bool sends_no_more = false;  // it has closed its side
    bool told = false;           // ... and the other one knows
    std::uint32_t watched = 0;   // events
};

struct Pair {
    End server{}, database{};
    Reader reader;
    bool dead = false;
    explicit Pair(Counts& counts) : reader(counts) {
        server.pair = database.pair = this;
        ++counts.connections;
    }
    ~Pair() {
        ::close(server.socket);
        ::close(database.socket);
    }
    End& other(const End& end) { return &end == &server ? database : server; }
};

class Proxy {
  public:
    Proxy(std::uint16_t listen_port, std::uint16_t database_port, std::chrono::microseconds delay)
        : database_port_(database_port), delay_(delay) {
        epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
        timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        const int yes = 1;
        ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        const sockaddr_in here = loopback(listen_port);
        if (::bind(listener_, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0) die("bind");
        if (::listen(listener_, 128) != 0) die("listen");
        for (int* each : {&listener_, &timer_, &input_}) {
            epoll_event event{.events = EPOLLIN, .data = {.ptr = each}};
            if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, *each, &event) != 0) die("epoll_ctl");
        }
    }

    void run() {
        std::vector<epoll_event> events(64);
        while (true) {
            const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
            if (count < 0 && errno != EINTR) die("epoll_wait");
            for (int i = 0; i < count; ++i) {
                void* const what = events[i].data.ptr;
                if (what == &listener_) {
                    accept();
                } else if (what == &input_) {
                    if (!tell()) return;
                } else if (what != &timer_) {
                    End& end = *static_cast<End*>(what);
                    if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read(end);
                }
            }
            deliver();
            std::erase_if(pairs_, [](const auto& pair) { return pair->dead; });
        }
    }

  private:
    static sockaddr_in loopback(std::uint16_t port) {
        sockaddr_in out{};
        out.sin_family = AF_INET;
        out.sin_port = htons(port);
        out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return out;
    }

    void accept() {
        const int server = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (server < 0) return;
        const int database = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in there = loopback(database_port_);
        if (::connect(database, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0) {
            ::close(server);
            ::close(database);
            return;
        }
        auto pair = std::make_unique<Pair>(counts_);
        pair->server.socket = server;
        pair->database.socket = database;
        for (End* end : {&pair->server, &pair->database}) {
            const int yes = 1;
            ::setsockopt(end->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            epoll_event event{.events = EPOLLIN, .data = {.ptr = end}};
            end->watched = EPOLLIN;
            if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, end->socket, &event) != 0) die("epoll_ctl");
        }
        pairs_.push_back(std::move(pair));
    }

    /// Returns false at the end of standard input.
    bool tell() {
        char line[256];
        if (::read(input_, line, sizeof line) <= 0) return false;
        std::fputs(counts_.json().c_str(), stdout);
        std::fflush(stdout);
        return true;
    }

    void read(End& from) {
        Pair& pair = *from.pair;
        if (pair.dead || from.sends_no_more) return;
        End& to = pair.other(from);
        const ssize_t count = ::recv(from.socket, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (count < 0) {
            pair.dead = true;
            return;
        }
        if (count == 0) {
            from.sends_no_more = true;
            return;
        }
        const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(count));
        if (&from == &pair.server) {
            pair.reader.from_server(bytes);
        } else {
            pair.reader.from_database(bytes);
        }
        to.coming.push_back({Clock::now() + delay_, std::string(bytes)});
        to.held += bytes.size();
    }

    /// Sends what is due, and sets the clock to what is due next.
    void deliver() {
        const auto now = Clock::now();
        auto next = Clock::time_point::max();
        for (const auto& pair : pairs_) {
            for (End* end : {&pair->server, &pair->database}) {
                if (!pair->dead) send(*end, now);
                if (!pair->dead && !end->coming.empty() && end->coming.front().due > now) {
                    next = std::min(next, end->coming.front().due);
                }
            }
            if (!pair->dead) watch(*pair);
        }
        const auto at = next == Clock::time_point::max() ? std::chrono::nanoseconds{0} : next.time_since_epoch();
        itimerspec when{};
        when.it_value = {.tv_sec = static_cast<time_t>(at.count() / 1'000'000'000),
                         .tv_nsec = at.count() % 1'000'000'000};
        if (::timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr) != 0) die("timerfd_settime");
    }

    static void send(End& to, Clock::time_point now) {
        while (!to.coming.empty() && to.coming.front().due <= now) {
            std::string& bytes = to.coming.front().bytes;
            const ssize_t sent = ::send(to.socket, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
            if (sent < 0) {
                to.pair->dead = true;
                return;
            }
            to.held -= static_cast<std::size_t>(sent);
            bytes.erase(0, static_cast<std::size_t>(sent));
            if (bytes.empty()) to.coming.pop_front();
        }
    }

    void watch(Pair& pair) {
        const auto now = Clock::now();
        for (End* end : {&pair.server, &pair.database}) {
            End& other = pair.other(*end);
            if (other.sends_no_more && end->coming.empty() && !std::exchange(other.told, true)) {
                ::shutdown(end->socket, SHUT_WR);
            }
            const bool reads = !end->sends_no_more && other.held < kMostHeld;
            const bool writes = !end->coming.empty() && end->coming.front().due <= now;
            const std::uint32_t wanted = (reads ? EPOLLIN : 0U) | (writes ? EPOLLOUT : 0U);
            if (wanted == std::exchange(end->watched, wanted)) continue;
            epoll_event event{.events = wanted, .data = {.ptr = end}};
            if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, end->socket, &event) != 0) die("epoll_ctl");
        }
        pair.dead = pair.server.told && pair.database.told;
    }

    std::uint16_t database_port_;
    std::chrono::microseconds delay_;
    int epoll_ = -1, timer_ = -1, listener_ = -1, input_ = 0;
    std::vector<char> buffer_ = std::vector<char>(1 << 16);
    Counts counts_{};
    std::vector<std::unique_ptr<Pair>> pairs_{};
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("delay_proxy LISTEN_PORT DATABASE_PORT ROUND_TRIP_MICROSECONDS\n", stderr);
        return 2;
    }
    ::signal(SIGPIPE, SIG_IGN);
    ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    Proxy(static_cast<std::uint16_t>(std::atoi(argv[1])), static_cast<std::uint16_t>(std::atoi(argv[2])),
          std::chrono::microseconds(std::atol(argv[3]) / 2))
        .run();
    return 0;
}
