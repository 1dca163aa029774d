#include "webserver/access_times.h"

#include <algorithm>

namespace sluice::webserver {

void AccessTimes::add(const http::Access& access) {
    // Streams last as long as their readers like: that says nothing about the server.
    if (access.pattern.ends_with("/follow")) return;
    const Key key{std::string(to_text(access.method)), access.pattern.empty() ? "none" : std::string(access.pattern),
                  access.status == 0 ? "gone" : fmt::format("{}xx", access.status / 100)};
    const double seconds = in_seconds(access.took);
    const auto bucket =
        static_cast<std::size_t>(std::lower_bound(kBounds.begin(), kBounds.end(), seconds) - kBounds.begin());
    histograms_.with([&](auto& histograms) {
        Histogram& one = histograms[key];
        ++one.buckets[bucket];
        one.seconds += seconds;
        ++one.count;
    });
}

std::map<AccessTimes::Key, AccessTimes::Histogram> AccessTimes::snapshot() const {
    return histograms_.with([](const auto& histograms) { return histograms; });
}

}  // namespace sluice::webserver
