#pragma once
#include "schedule/cron.h"

namespace sluice::schedule {

/// What becomes of local times that a clock change skips.
enum class Dst {
    RunAfterGap,  // one run, at the first instant after the gap
    Skip,         // none
};

/// The instants that a cron expression names in a zone; the rule for clock changes stands in schedule.h.
/// Threads  any
class CronInZone {
  public:
    CronInZone(Cron cron, Zone zone, Dst dst) : cron_(std::move(cron)), zone_(std::move(zone)), dst_(dst) {}

    const Cron& cron() const { return cron_; }
    const Zone& zone() const { return zone_; }

    /// The first one later than `after`; empty when there is none within ten years.
    std::optional<Instant> next(Timestamp after) const;
    /// The last one earlier than `before`; empty when there is none within ten years.
    std::optional<Instant> previous(Timestamp before) const;

  private:
    LocalTime first_local(std::size_t period) const;
    LocalTime last_local(std::size_t period) const;
    bool makes_up_for_gap(std::size_t period) const;
    bool is_in_gap(std::size_t period, LocalTime local) const;

    Cron cron_;
    Zone zone_;
    Dst dst_;
};

}  // namespace sluice::schedule
