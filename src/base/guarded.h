#pragma once
#include <mutex>
#include <utility>

namespace sluice {

/// A mutex and its data in one type: the data can't be reached without the lock.
template <class T>
class Guarded {
  public:
    Guarded() = default;
    explicit Guarded(T data) : data_(std::move(data)) {}

    /// Runs `use` on the data under the lock and returns its result. Do no I/O inside.
    template <class Use>
    decltype(auto) with(Use&& use) {
        const std::lock_guard lock(mutex_);
        return std::forward<Use>(use)(data_);
    }
    template <class Use>
    decltype(auto) with(Use&& use) const {
        const std::lock_guard lock(mutex_);
        return std::forward<Use>(use)(data_);
    }

  private:
    mutable std::mutex mutex_{};
    T data_{};
};

}  // namespace sluice
