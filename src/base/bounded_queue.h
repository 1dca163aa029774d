#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/time.h"

namespace sluice {

/// Hands items from threads to threads. It refuses when it is full, so that a flood is felt where it comes from.
template <class T>
class BoundedQueue {
  public:
    explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

    /// false: full, or closed; the item stays with the caller
    bool try_push(T&& item) {
        {
            const std::lock_guard lock(mutex_);
            if (closed_ || items_.size() >= capacity_) return false;
            items_.push_back(std::move(item));
        }
        ready_.notify_one();
        return true;
    }

    /// Waits for an item. Empty: stopped, or nothing came within `limit`.
    std::optional<T> pop(std::stop_token stop, Duration limit) {
        std::unique_lock lock(mutex_);
        ready_.wait_for(lock, stop, limit, [&] { return !items_.empty() || closed_; });
        if (items_.empty()) return {};
        std::optional<T> item(std::move(items_.front()));
        items_.pop_front();
        return item;
    }

    /// Up to `most` items at once, waiting as pop() does for the first.
    std::vector<T> pop_many(std::stop_token stop, Duration limit, std::size_t most) {
        std::unique_lock lock(mutex_);
        ready_.wait_for(lock, stop, limit, [&] { return !items_.empty() || closed_; });
        std::vector<T> out;
        while (!items_.empty() && out.size() < most) {
            out.push_back(std::move(items_.front()));
            items_.pop_front();
        }
        return out;
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return items_.size();
    }

    /// Nothing is taken in any more; what is in can still be taken out.
    void close() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        ready_.notify_all();
    }

  private:
    const std::size_t capacity_;
    mutable std::mutex mutex_{};
    std::condition_variable_any ready_{};
    std::deque<T> items_{};
    bool closed_ = false;
};

}  // namespace sluice
