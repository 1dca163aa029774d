#include "schedule/zone.h"

#include <algorithm>
#include <cctype>
#include <date/tz.h>

#include "base/nearest.h"

namespace sluice::schedule {
namespace {

using namespace std::chrono;

constexpr Instant kBeginning = sys_days{year{-9999} / 1 / 1};
constexpr Instant kEndOfTime = sys_days{year{9999} / 12 / 31};
constexpr Instant kFirstWanted = sys_days{year{1900} / 1 / 1};
constexpr Instant kLastWritten = sys_days{year{2150} / 1 / 1};

const date::tzdb& database() {
    try {
        return date::get_tzdb();
    } catch (const std::exception& broken) {
        throw OutsideError(fmt::format("the system's time zones can't be read (package tzdata): {}", broken.what()));
    }
}

const date::time_zone* region(std::string_view name) {
    const auto& zones = database().zones;  // in the order of their names
    const auto found =
        std::lower_bound(zones.begin(), zones.end(), name,
                         [](const date::time_zone& zone, std::string_view n) { return zone.name() < n; });
    return found != zones.end() && found->name() == name ? &*found : nullptr;
}

std::string offset_name(Seconds offset) {
    if (offset == 0s) return "Z";
    const auto size = abs(offset).count();
    std::string out = fmt::format("{}{:02}:{:02}", offset < 0s ? '-' : '+', size / 3600, size / 60 % 60);
    if (size % 60 != 0) out += fmt::format(":{:02}", size % 60);
    return out;
}

/// "+2", "+02", "+0230", "+02:30"
std::optional<Seconds> signed_offset(std::string_view text) {
    if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return {};
    std::string digits;
    for (const char c : text.substr(1)) {
        if (c != ':' && (c < '0' || c > '9')) return {};
        if (c != ':') digits += c;
    }
    const bool colon = text.find(':') != std::string_view::npos;
    if (colon && (text.size() != 6 || text[3] != ':')) return {};
    if (digits.size() != 1 && digits.size() != 2 && digits.size() != 4) return {};
    const int hours = std::stoi(digits.substr(0, digits.size() == 1 ? 1 : 2));
    const int minutes = digits.size() == 4 ? std::stoi(digits.substr(2)) : 0;
    if (hours > 18 || minutes > 59 || (hours == 18 && minutes > 0)) return {};
    return (text[0] == '-' ? -1 : 1) * Seconds{hours * 3600 + minutes * 60};
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

/// "; did you mean 'Europe/Berlin'?", also for "berlin" and "europe/berlin"
std::string suggestion(std::string_view name) {
    std::vector<std::string> names;
    const std::string wanted = lower(name);
    for (const date::time_zone& zone : database().zones) {
        if (!wanted.empty() && lower(zone.name()).ends_with("/" + wanted)) {
            return fmt::format("; did you mean '{}'?", zone.name());
        }
        names.push_back(zone.name());
    }
    return did_you_mean(name, names);
}

std::vector<OffsetPeriod> read_periods(const date::time_zone& zone) {
    std::vector<OffsetPeriod> out;
    Instant at = kFirstWanted;
    for (Instant begin = kBeginning; at < kLastWritten;) {
        const date::sys_info info = zone.get_info(date::sys_seconds{at.time_since_epoch()});
        if (out.empty() || out.back().offset != info.offset) out.push_back({begin, info.offset});
        const Instant end{info.end.time_since_epoch()};
        if (end <= at) break;
        at = begin = end;
    }
    return out;
}

}  // namespace

std::optional<Seconds> parse_offset(std::string_view text) {
    if (text == "Z") return Seconds{0};
    for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
        if (text.starts_with(prefix) && text.size() > prefix.size()) return signed_offset(text.substr(prefix.size()));
    }
    return signed_offset(text);
}

Zone::Zone(std::string name, std::vector<OffsetPeriod> periods)
    : table_(std::make_shared<const Table>(Table{std::move(name), std::move(periods)})) {
    ensure(!table_->periods.empty(), "zone {} has no offset", table_->name);
}

Zone Zone::of_offset(Seconds offset) {
    return Zone(offset_name(offset), {{kBeginning, offset}});
}

std::size_t Zone::period_at(Instant at) const {
    const auto& periods = table_->periods;
    const auto after = std::upper_bound(periods.begin(), periods.end(), at,
                                        [](Instant a, const OffsetPeriod& period) { return a < period.begin; });
    return after == periods.begin() ? 0 : static_cast<std::size_t>(after - periods.begin()) - 1;
}

Instant Zone::end_of(std::size_t period) const {
    const auto& periods = table_->periods;
    return period + 1 < periods.size() ? periods[period + 1].begin : kEndOfTime;
}

Seconds Zone::offset_at(Timestamp at) const {
    return table_->periods[period_at(floor<seconds>(at))].offset;
}

LocalTime Zone::local(Timestamp at) const {
    return LocalTime{(floor<seconds>(at) + offset_at(at)).time_since_epoch()};
}

Instant Zone::instant(LocalTime local) const {
    const auto& periods = table_->periods;
    const Instant as_utc{local.time_since_epoch()};
    // No offset is larger than a day: start with the period before, the earlier of two instants counts.
    for (std::size_t i = period_at(as_utc - 24h);; ++i) {
        const Instant at = as_utc - periods[i].offset;
        if (at < end_of(i) || i + 1 == periods.size()) return std::max(at, periods[i].begin);
    }
}

ClockChange Zone::change_at(Instant at) const {
    const auto& periods = table_->periods;
    const std::size_t i = period_at(at);
    if (i > 0) {
        const Seconds jump = periods[i].offset - periods[i - 1].offset;
        if (jump > 0s && at == periods[i].begin) return ClockChange::AfterGap;
        if (jump < 0s && at < periods[i].begin - jump) return ClockChange::SecondOfTwo;
    }
    if (i + 1 < periods.size()) {
        const Seconds jump = periods[i + 1].offset - periods[i].offset;
        if (jump < 0s && at >= periods[i + 1].begin + jump) return ClockChange::FirstOfTwo;
    }
    return ClockChange::None;
}

Result<Zone> find_zone(std::string_view name) {
    if (const auto offset = parse_offset(name)) return Zone(std::string(name), {{kBeginning, *offset}});
    const date::time_zone* found = region(name);
    if (found == nullptr) return invalid("timezone '({})' is not a valid time-zone ID{}", name, suggestion(name));
    std::vector<OffsetPeriod> periods = read_periods(*found);
    extend_by_rule(periods);
    return Zone(std::string(name), std::move(periods));
}

Result<void> check_zone(std::string_view name) {
    if (parse_offset(name) || region(name) != nullptr) return {};
    return invalid("timezone '({})' is not a valid time-zone ID{}", name, suggestion(name));
}

Result<Zone> Zones::find(std::string_view name) const {
    const std::string key(name);
    const auto known = known_.with([&](auto& zones) -> std::optional<Zone> {
        const auto found = zones.find(key);
        return found == zones.end() ? std::nullopt : std::optional(found->second);
    });
    if (known) return *known;
    Result<Zone> found = find_zone(name);  // reads a file, so not under the lock
    if (found) known_.with([&](auto& zones) { zones.emplace(key, *found); });
    return found;
}

Result<void> check_zone_data() {
    const auto bad = [](std::string_view what) {
        return refuse(ErrorCode::Unavailable,
                      "the system's time zones are not usable: {}; install the distribution's tzdata package", what);
    };
    const date::time_zone* berlin = nullptr;
    try {
        berlin = region("Europe/Berlin");
        if (berlin == nullptr) return bad("Europe/Berlin is missing");
        const date::sys_info summer = berlin->get_info(date::sys_days{date::year{2036} / 7 / 1});
        if (summer.offset != 2h) return bad("tables end before 2037 (a slim database)");
    } catch (const std::exception& broken) {
        return bad(broken.what());
    }
    return {};
}

}  // namespace sluice::schedule
