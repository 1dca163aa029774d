#include <cstddef>
#include <cstdint>

#include "schedule/cron_in_zone.h"

// The first line is a cron expression, the second a time zone: what next() and previous() promise of each other holds,
// also around changes of the clock.

namespace {

using namespace sluice;
using namespace sluice::schedule;

Timestamp moment(std::string_view iso) {
    return parse_iso(iso).value();
}

void check_around(const CronInZone& cron, Timestamp from) {
    const auto next = cron.next(from);
    const auto before = cron.previous(from);
    if (before) {
        ensure(*before < from, "the previous date {} is not before {}", to_iso(*before), to_iso(from));
        const auto later = cron.next(*before);
        ensure(later && *later >= from - 1s, "from {} on, {} is missing", to_iso(*before), to_iso(from));
    }
    if (!next) return;
    ensure(*next > from, "the next date {} is not after {}", to_iso(*next), to_iso(from));
    const auto earlier = cron.previous(*next);
    ensure(!earlier || *earlier <= from, "next of {} leaves out {}", to_iso(from), to_iso(*earlier));
    const auto back = cron.previous(*next + 1s);
    ensure(back == next, "previous does not find {}", to_iso(*next));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Zones zones;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view zone_name = text.substr(std::min(end + 1, size));
    if (zone_name.ends_with('\n')) zone_name.remove_suffix(1);
    for (const bool with_seconds : {false, true}) {
        const auto cron = parse_cron(text.substr(0, end), with_seconds);
        if (!cron) {
            ensure(cron.error().message.starts_with("invalid cron expression"), "{}", cron.error().message);
            continue;
        }
        const auto zone = zones.find(zone_name);
        for (const Dst dst : {Dst::RunAfterGap, Dst::Skip}) {
            const CronInZone dates(*cron, zone ? *zone : Zone::utc(), dst);
            for (const char* from : {"2026-03-29T00:30:00Z", "2026-10-25T00:30:00Z", "2026-04-04T15:00:00.5Z",
                                     "2028-02-29T00:00:00Z", "2099-12-31T23:59:59Z", "1970-01-01T00:00:00Z"}) {
                check_around(dates, moment(from));
            }
        }
    }
    return 0;
}
