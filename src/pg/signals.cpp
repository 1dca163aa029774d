#include "pg/signals.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/service.h"
#include "pg/database_error.h"

namespace sluice::pg {
namespace {

constexpr Duration kLongestWait = 5s;  // then the connection is asked whether it still lives

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> out;
    std::size_t from = 0;
    while (from <= text.size()) {
        const std::size_t blank = std::min(text.find(' ', from), text.size());
        if (blank > from) out.emplace_back(text.substr(from, blank - from));
        from = blank + 1;
    }
    return out;
}

std::string joined(const std::set<std::string>& payloads) {
    std::string out;
    for (const std::string& payload : payloads) {
        if (!out.empty()) out += ' ';
        out += payload;
    }
    return out;
}

}  // namespace

Signals::Signals(Config config, DatabaseClock& clock)
    : config_(std::move(config)), clock_(clock), wake_fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    ensure(wake_fd_ >= 0, "eventfd failed");
}

Signals::~Signals() {
    stop();
    close(wake_fd_);
}

void Signals::subscribe(const std::string& channel, Callback callback) {
    ensure(!thread_.joinable(), "subscribe to {} before start", channel);
    subscribers_[channel].push_back(std::move(callback));
}

void Signals::start() {
    thread_ = std::jthread([this](std::stop_token stop) { loop(stop); });
}

void Signals::stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    wake();
    thread_.join();
}

void Signals::wake() {
    const std::uint64_t one = 1;
    // A full counter means that the thread is already woken.
    [[maybe_unused]] const auto written = write(wake_fd_, &one, sizeof one);
}

void Signals::call(const std::string& channel, const std::vector<std::string>& payloads) {
    const auto found = subscribers_.find(channel);
    if (found == subscribers_.end()) return;
    for (const Callback& callback : found->second) callback(payloads);
}

void Signals::notify(const std::string& channel, const std::string& payload) {
    call(channel, {payload});
    if (alone_) return;
    const bool first = pending_.with([&](Pending& pending) {
        const bool none = pending.empty();
        add(pending[channel], payload);
        return none;
    });
    if (first) wake();
}

/// A NOTIFY has room for some 8000 bytes.
void Signals::add(std::set<std::string>& payloads, const std::string& payload) const {
    if (payloads.size() > config_.most_payloads) payloads = {"*"};
    if (!payloads.contains("*")) payloads.insert(payload);
}

void Signals::loop(std::stop_token stop) {
    int failures = 0;
    Waker never;
    while (!stop.stop_requested()) {
        try {
            Connection connection(config_.connection, clock_);
            listen(connection);
            if (failures > 0) log_.info("signals.recovered", {{"after_failures", failures}});
            failures = 0;
            serve(connection, stop);
        } catch (const std::exception& failed) {
            connected_ = false;
            if (failures++ == 0) log_.warn("signals.lost", {{"reason", std::string_view(failed.what())}});
            never.wait(stop, back_off(failures, 50ms, 2s));
        }
    }
    connected_ = false;
}

void Signals::listen(Connection& connection) {
    std::string sql = "set idle_session_timeout = 0";
    for (const auto& [channel, callbacks] : subscribers_) sql += "; listen " + channel;
    connection.run_text(sql);
    connected_ = true;
    for (const auto& [channel, callbacks] : subscribers_) call(channel, {"*"});
}

void Signals::serve(Connection& connection, std::stop_token stop) {
    auto last_sent = std::chrono::steady_clock::now() - config_.pace;
    while (!stop.stop_requested()) {
        const bool waiting = pending_.with([](const Pending& pending) { return !pending.empty(); });
        const auto since = std::chrono::steady_clock::now() - last_sent;
        if (waiting && since >= config_.pace) {
            send_pending(connection);
            last_sent = std::chrono::steady_clock::now();
            continue;
        }
        const Duration pause = waiting ? std::chrono::duration_cast<Duration>(config_.pace - since) : kLongestWait;
        pollfd fds[2] = {{PQsocket(connection.raw()), POLLIN, 0}, {wake_fd_, POLLIN, 0}};
        const int ready = poll(fds, 2, static_cast<int>(std::max<std::int64_t>(1, pause / 1ms)));
        if (ready == 0 && !waiting) {
            connection.run_text("select 1");
            receive(connection);  // run_text() may have read notifications along with its own result
        }
        if ((fds[1].revents & POLLIN) != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const auto read_bytes = read(wake_fd_, &count, sizeof count);
        }
        if ((fds[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0) receive(connection);
    }
    send_pending(connection);  // what this process gave back as its last act, say
}

void Signals::receive(Connection& connection) {
    if (PQconsumeInput(connection.raw()) != 1) throw DatabaseError("", "listen", PQerrorMessage(connection.raw()));
    std::map<std::string, std::vector<std::string>> received;
    while (PGnotify* notification = PQnotifies(connection.raw())) {
        // What this process sent has called its own subscribers already.
        if (notification->be_pid != connection.backend_pid()) {
            auto& payloads = received[notification->relname];
            for (std::string& word : words(notification->extra)) payloads.push_back(std::move(word));
        }
        PQfreemem(notification);
    }
    for (const auto& [channel, payloads] : received) call(channel, payloads);
}

void Signals::send_pending(Connection& connection) {
    static constexpr Statement kNotify{
        "notify", "select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as n(channel, payload)"};
    const Pending pending = pending_.with([](Pending& p) { return std::exchange(p, {}); });
    if (pending.empty()) return;
    std::vector<std::string> channels, payloads;
    for (const auto& [channel, ids] : pending) {
        channels.push_back(channel);
        payloads.push_back(joined(ids));
    }
    try {
        connection.run(kNotify, channels, payloads);
    } catch (...) {
        // The next connection sends it: others may listen to one that never broke, and would wait for their poll.
        pending_.with([&](Pending& p) {
            for (const auto& [channel, ids] : pending) {
                for (const std::string& id : ids) add(p[channel], id);
            }
        });
        throw;
    }
    receive(connection);  // run() may have read notifications along with its own result
}

}  // namespace sluice::pg
