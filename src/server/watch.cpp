#include "server/watch.h"

namespace sluice::server {

Watch::Watch(std::vector<const Service*> loops, Clock::time_point now) {
    for (const Service* loop : loops) watched_.push_back({loop, loop->steps(), now});
}

std::optional<std::string> Watch::stuck(Duration patience, Clock::time_point now) {
    std::optional<std::string> out;
    for (Watched& one : watched_) {
        const std::uint64_t steps = one.loop->steps();
        if (steps != one.steps || one.loop->is_waiting()) {
            one.steps = steps;
            one.moved_at = now;
        } else if (now - one.moved_at >= patience && !out) {
            out = one.loop->name();
        }
    }
    return out;
}

}  // namespace sluice::server
