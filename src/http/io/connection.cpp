#include "http/io/connection.h"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace sluice::http {
namespace {

// Per turn of the loop, so that one busy client does not keep the others waiting.
constexpr std::uint64_t kTurnBudget = 512 * 1024;
constexpr std::size_t kKeptInput = 4 * 1024;

}  // namespace

Connection::Connection(std::shared_ptr<ServerState> state, std::shared_ptr<Loop> loop, OwnedFd socket,
                       std::string remote)
    : state_(std::move(state)),
      loop_(std::move(loop)),
      socket_(std::move(socket)),
      remote_(std::move(remote)),
      transport_(state_->tls ? tls_transport(socket_.get(), *state_->tls) : plain_transport(socket_.get())) {}

void Connection::open() {
    last_tick_ = last_progress_ = Clock::now();
    deadline_ = last_tick_ + state_->config.timeouts.header;
    loop_->watch(shared_from_this(), socket_.get(), Trigger::Edge);
}

void Connection::open_to_refuse() {
    open();
    refuse(Status::Unavailable, ErrorCode::Unavailable, "too many connections; try again later");
    progress();
}

void Connection::on_ready(Readiness readiness) {
    if (readiness.hung_up) {
        // The event may be older than this connection, for a descriptor of the same number: ask again.
        pollfd now{.fd = socket_.get(), .events = 0, .revents = 0};
        if (::poll(&now, 1, 0) > 0 && (now.revents & (POLLERR | POLLHUP)) != 0) return close();
    }
    const bool either = transport_->is_coupled() && (readiness.readable || readiness.writable);
    readable_ |= readiness.readable || either;
    writable_ |= readiness.writable || either;
    progress();
}

/// Does all that can be done now. Whoever changes something while this is on the stack leaves the rest to it.
void Connection::progress() {
    if (moving_ || phase_ == Phase::Closed) return;
    const auto self = shared_from_this();
    moving_ = true;
    budget_ = kTurnBudget;
    while (step()) {}
    moving_ = false;
    if (phase_ == Phase::Closed) return;
    drop_used_input();
    if (budget_ == 0) loop_->again(self);
}

/// false: nothing more can be done now
bool Connection::step() {
    if (phase_ == Phase::Closed || budget_ == 0) return false;
    if (!output_.empty() && writable_ && !flush()) return false;
    if (phase_ == Phase::Sending && output_.empty()) {
        finish_response();
        return true;
    }
    if (phase_ == Phase::Streaming && output_.empty() && stream_end_ != Channel::End::None) {
        finish_response();
        return true;
    }
    if (in_is_fresh_ && consume()) return true;
    if (end_of_input_ && is_stuck()) {
        close();
        return false;
    }
    return readable_ && receive();
}

/// false: closed
bool Connection::flush() {
    std::uint64_t written = 0;
    const Output::Wrote wrote = output_.write_to(*transport_, budget_, written);
    response_bytes_ += written;
    state_->totals.bytes_out += written;
    budget_ -= std::min(budget_, written);
    if (written > 0) last_progress_ = Clock::now();
    if (wrote == Output::Wrote::Failed) {
        close();
        return false;
    }
    if (wrote == Output::Wrote::Blocked) writable_ = false;
    if (channel_ && written > 0) channel_->set_unsent(output_.pending());
    return true;
}

bool Connection::wants_input() const {
    switch (phase_) {
        case Phase::Head:
        case Phase::Lingering:
            return true;
        case Phase::Body:
            return !upload_is_full_;
        case Phase::Streaming:
            return stream_kind_ == StreamKind::Events;  // to notice that the client goes
        case Phase::Preparing:
        case Phase::Handling:
        case Phase::Sending:
        case Phase::Closed:
            return false;
    }
    return false;
}

/// false: there is nothing to read now, or nobody to read it
bool Connection::receive() {
    const bool taken = wants_input();
    const std::span<char> buffer = loop_->scratch();
    // While a request is handled the bytes stay in the system; only the end of the stream is of interest.
    const auto count = transport_->receive(buffer.first(taken ? buffer.size() : 1), !taken);
    if (count < 0 && errno == EINTR) return true;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        readable_ = false;
        return false;
    }
    if (count < 0 && errno == EPROTOTYPE) {
        answer_plainly();
        return true;
    }
    if (count < 0) {
        close();
        return false;
    }
    if (count == 0) {
        readable_ = false;
        end_of_input_ = true;
        return true;
    }
    if (!taken) return false;
    const auto bytes = static_cast<std::size_t>(count);
    state_->totals.bytes_in += bytes;
    budget_ -= std::min<std::uint64_t>(budget_, bytes);
    last_progress_ = Clock::now();
    if (phase_ == Phase::Head || phase_ == Phase::Body) {
        in_.append(buffer.data(), bytes);
        in_is_fresh_ = true;
    }
    return true;
}

/// Somebody asks for http:// where https:// is meant. A closed connection would tell him nothing.
void Connection::answer_plainly() {
    transport_ = plain_transport(socket_.get());
    refuse(Status::BadRequest, ErrorCode::BadRequest,
           "this port speaks HTTPS: ask for an address that begins with https://");
}

/// The client sends no more. It may still read: many tools close their half when the request is out. Only who waits
/// for the next bytes waits in vain.
bool Connection::is_stuck() const {
    switch (phase_) {
        case Phase::Head:
            return !in_is_fresh_;
        case Phase::Body:
            return !in_is_fresh_ && !upload_is_full_;
        case Phase::Streaming:
            return stream_kind_ == StreamKind::Events;
        case Phase::Lingering:
            return true;
        case Phase::Preparing:
        case Phase::Handling:
        case Phase::Sending:
        case Phase::Closed:
            return false;
    }
    return false;
}

void Connection::go_to(Phase phase) {
    phase_ = phase;
    in_is_fresh_ = true;
}

/// All is sent. A close now could overtake it: with unread input the system answers by a reset, and the client loses
/// what it has not read yet. So say that no more comes, and wait for the client to close.
void Connection::shut() {
    if (end_of_input_) return close();
    transport_->finish();
    deadline_ = Clock::now() + state_->config.timeouts.linger;
    in_.clear();
    in_at_ = 0;
    go_to(Phase::Lingering);
}

void Connection::close() {
    if (phase_ == Phase::Closed) return;
    const auto self = shared_from_this();
    phase_ = Phase::Closed;
    if (upload_) std::exchange(upload_, nullptr)->abort();
    if (exchange_) {
        exchange_->mark_client_gone();
        report(false);
    }
    if (channel_) {
        if (stream_kind_ == StreamKind::Events) --state_->totals.open_event_streams;
        std::exchange(channel_, nullptr)->close();
    }
    loop_->unwatch(socket_.get());
    socket_.reset();
    --state_->totals.open_connections;
}

void Connection::drop_used_input() {
    in_.erase(0, in_at_);
    in_at_ = 0;
    if (in_.empty() && in_.capacity() > kKeptInput) in_ = {};
}

}  // namespace sluice::http
