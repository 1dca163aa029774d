#include "pg/pool.h"

#include "base/service.h"

namespace sluice::pg {
namespace {
constexpr Duration kPatience = 10s;  // a longer wait for a connection is an overload, and must be seen as one
}

Pool::Pool(ConnectionConfig config, std::size_t size, DatabaseClock& clock)
    : config_(std::move(config)), size_(size), clock_(clock) {}

Pool::~Pool() = default;

void Pool::pause_before_repeat(int attempt) {
    std::this_thread::sleep_for(back_off(attempt, 2ms, 50ms));
}

std::unique_ptr<Connection> Pool::take() {
    {
        const OutsideWait waiting;
        std::unique_lock lock(mutex_);
        if (!free_.wait_for(lock, kPatience, [&] { return in_use_ < size_; })) {
            throw DatabaseError("53300", "", fmt::format("all {} connections of this process are busy", size_));
        }
        ++in_use_;
        if (!idle_.empty()) {
            auto connection = std::move(idle_.back());
            idle_.pop_back();
            return connection;
        }
    }
    try {
        return std::make_unique<Connection>(config_, clock_);
    } catch (...) {
        give_back(nullptr);
        throw;
    }
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
    std::vector<std::unique_ptr<Connection>> dropped;
    {
        const std::lock_guard lock(mutex_);
        --in_use_;
        if (connection && connection->is_broken()) {
            dropped = std::move(idle_);  // what broke one has very likely broken them all
            idle_.clear();
            dropped.push_back(std::move(connection));
        } else if (connection) {
            idle_.push_back(std::move(connection));
        }
    }
    free_.notify_one();
}

void Pool::drop_idle() {
    std::vector<std::unique_ptr<Connection>> dropped;
    const std::lock_guard lock(mutex_);
    dropped = std::move(idle_);
    idle_.clear();
}

std::size_t Pool::in_use() const {
    const std::lock_guard lock(mutex_);
    return in_use_;
}

}  // namespace sluice::pg
