#pragma once
#include <array>
#include <map>
#include <string>

#include "base/guarded.h"
#include "http/config.h"

namespace sluice::webserver {

/// How long requests took, by route.
/// Threads  any; add() only takes a short lock
class AccessTimes {
  public:
    void add(const http::Access& access);

    /// Upper bounds of the buckets, in seconds.
    static constexpr std::array<double, 11> kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30};

    struct Histogram {
        std::array<std::uint64_t, kBounds.size() + 1> buckets{};  // the last: above all bounds
        double seconds = 0;
        std::uint64_t count = 0;
    };
    /// By method, route and class of the status ("2xx").
    struct Key {
        std::string method{};
        std::string route{};
        std::string status{};
        auto operator<=>(const Key&) const = default;
    };
    std::map<Key, Histogram> snapshot() const;

  private:
    Guarded<std::map<Key, Histogram>> histograms_{};
};

}  // namespace sluice::webserver
