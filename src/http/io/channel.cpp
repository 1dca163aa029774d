#include "http/io/channel.h"

#include "http/io/connection.h"

namespace sluice::http {
namespace {

constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace

/// Queues a piece in the frame that the client expects. The lock is held.
void Channel::put(Body piece) {
    const std::uint64_t size = size_of(piece);
    if (size == 0) return;  // an empty chunk would end the answer
    if (framing_ == Framing::Chunked) {
        std::string frame = fmt::format("{:x}\r\n", size);
        queued_ += frame.size() + 2;
        queue_.emplace_back(std::move(frame));
    }
    queued_ += size;
    queue_.push_back(std::move(piece));
    if (framing_ == Framing::Chunked) queue_.emplace_back(std::string("\r\n"));
}

void Channel::notify_loop(std::unique_lock<std::mutex>& lock) {
    const bool tell = !announced_;
    announced_ = true;
    lock.unlock();
    if (!tell) return;
    const bool told = loop_->post([self = shared_from_this()] {
        if (const auto connection = self->connection_.lock()) connection->take_pieces(*self);
    });
    if (!told) close();
}

bool Channel::write(std::string piece) {
    ensure(!loop_->is_current(), "a reactor thread must not wait for a client; write from a thread of your own");
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return closed_ || !is_full(); });
    if (closed_) return false;
    ensure(end_ == End::None, "a piece is written after the end of the answer");
    put(std::move(piece));
    notify_loop(lock);
    return true;
}

bool Channel::push(std::string piece) {
    std::unique_lock lock(mutex_);
    if (closed_) return false;
    put(std::move(piece));
    notify_loop(lock);
    return true;
}

void Channel::when_room(std::function<void()> call) {
    {
        const std::lock_guard lock(mutex_);
        if (!closed_ && is_full()) {
            on_room_ = std::move(call);
            return;
        }
    }
    call();
}

bool Channel::offer(std::shared_ptr<const std::string> piece) {
    std::unique_lock lock(mutex_);
    if (closed_ || gave_up_ || end_ != End::None) return false;
    gave_up_ = is_full();
    if (gave_up_) {
        queue_.clear();
        queued_ = 0;
    } else {
        put(std::move(piece));
    }
    const bool taken = !gave_up_;
    notify_loop(lock);
    return taken;
}

void Channel::finish(End end) {
    std::unique_lock lock(mutex_);
    if (closed_ || end_ != End::None) return;
    end_ = end;
    if (end == End::Complete && framing_ == Framing::Chunked) queue_.emplace_back(std::string(kLastChunk));
    notify_loop(lock);
}

bool Channel::closed() const {
    const std::lock_guard lock(mutex_);
    return closed_ || gave_up_ || end_ != End::None;
}

std::uint64_t Channel::on_the_way() const {
    const std::lock_guard lock(mutex_);
    return queued_ + unsent_;
}

bool Channel::gave_up() const {
    const std::lock_guard lock(mutex_);
    return gave_up_;
}

void Channel::on_close(std::function<void()> call) {
    {
        const std::lock_guard lock(mutex_);
        if (!closed_) {
            on_close_.push_back(std::move(call));
            return;
        }
    }
    call();
}

Channel::End Channel::take(std::vector<Body>& pieces) {
    const std::lock_guard lock(mutex_);
    announced_ = false;
    pieces = std::exchange(queue_, {});
    unsent_ += queued_;
    queued_ = 0;
    return end_;
}

void Channel::set_unsent(std::uint64_t bytes) {
    std::function<void()> call;
    {
        const std::lock_guard lock(mutex_);
        unsent_ = bytes;
        if (!is_full()) call.swap(on_room_);
    }
    room_.notify_all();
    if (call) call();
}

void Channel::close() {
    std::vector<std::function<void()>> calls;
    std::vector<Body> dropped;
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return;
        closed_ = true;
        calls.swap(on_close_);
        if (on_room_) calls.push_back(std::exchange(on_room_, nullptr));
        dropped.swap(queue_);
    }
    room_.notify_all();
    for (const auto& call : calls) call();
}

}  // namespace sluice::http
