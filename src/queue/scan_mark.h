#pragma once
/// Where a taker of a queue begins to look.
///
/// While somebody's transaction is open, vacuum can't remove the rows that were taken since it began, and each look
/// from the start of the index visits them all. So a look begins a margin below the lowest row that the last one found:
/// rows commit out of order. Whoever drew an early number and commits late (a long transaction that starts an
/// execution) is found by a look at all rows. There is one after a look that found nothing, and after each fifty
/// others; but as it may be slow, no more than one part in a hundred of the time is spent on these. In maintenance a
/// look passes over all that is held, wherever it begins: slow ones that find nothing are kept apart.
///
/// It reads no clock: the caller tells when. Threads: one
#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/time.h"

namespace sluice::queue {

class ScanMark {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    /// The lowest seq to look at now; 0: look at all.
    std::int64_t begin(Moment now) {
        begun_ = now;
        full_ = lowest_ == 0 || (wants_all_ && now >= allowed_at_);
        return full_ ? 0 : std::max<std::int64_t>(0, lowest_ - kMargin);
    }

    /// What that look found: its lowest seq; 0: nothing
    void end(std::int64_t lowest, Moment now) {
        const bool found = lowest != 0;
        if (full_) {
            allowed_at_ = now + kShare * (now - begun_);
            wanted_at_ = now + 1s;
        }
        looks_ = full_ ? 0 : looks_ + 1;
        wants_all_ = !found || looks_ >= kMostLooks || (wants_all_ && !full_);
        owes_ = !full_ && (owes_ || !found);
        if (found) lowest_ = lowest;
        const auto took = std::chrono::duration_cast<Duration>(now - begun_);
        spacing_ = found || took < kSlow ? Duration{0} : std::min(10 * took, kLongestSpacing);
    }

    /// How long after the beginning of that look the next one may begin, woken or not.
    Duration spacing() const { return spacing_; }

    /// The last look left something out that is to be found again: look at all rows next.
    void doubt() { wants_all_ = true; }

    /// When to look even if nobody wakes the taker, for what an empty look may have passed over.
    Duration idle_pause(Moment now) const {
        if (!owes_) return Duration::max();
        return std::max(Duration{0}, std::chrono::ceil<Duration>(std::max(allowed_at_, wanted_at_) - now));
    }

  private:
    static constexpr std::int64_t kMargin = 1000;
    static constexpr int kMostLooks = 50;
    static constexpr int kShare = 99;
    static constexpr Duration kSlow = 10ms;
    static constexpr Duration kLongestSpacing = 500ms;

    std::int64_t lowest_ = 0;
    int looks_ = 0;  // since the last one at all rows
    bool full_ = false;
    bool wants_all_ = false;
    bool owes_ = false;
    Moment begun_{};
    Moment allowed_at_{};
    Moment wanted_at_{};
    Duration spacing_{0};
};

}  // namespace sluice::queue
