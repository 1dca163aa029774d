// Random expressions, zones and times, held against a model that looks at every minute (or second) by itself.
// SLUICE_SCHEDULES=n runs n of each, SLUICE_SEED=n exactly that one.
#include <cstdlib>
#include <date/tz.h>
#include <random>
#include <set>

#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

namespace {

using namespace std::chrono;
using Random = std::mt19937_64;

int pick(Random& random, int from, int to) {
    return from + static_cast<int>(random() % static_cast<std::uint64_t>(to - from + 1));
}

/// A field made at random: its text, and what it allows.
struct ModelField {
    std::string text{};
    std::set<int> allowed{};
    bool any = false;
    bool stepped = false;
};

ModelField field(Random& random, int first, int last) {
    ModelField out;
    const auto add = [&](int from, int to, int step) {
        for (int i = from; i <= to; i += step) out.allowed.insert(i);
    };
    const int kind = pick(random, 0, 6);
    if (kind <= 1) {
        out.text = "*";
        out.any = out.stepped = true;
        add(first, last, 1);
    } else if (kind == 2) {
        const int step = pick(random, 2, (last - first) / 2);
        out.text = fmt::format("*/{}", step);
        out.stepped = true;
        add(first, last, step);
    } else if (kind == 3) {
        const int from = pick(random, first, last - 1);
        const int to = pick(random, from, last);
        out.text = fmt::format("{}-{}", from, to);
        add(from, to, 1);
    } else if (kind == 4) {
        const int from = pick(random, first, last);
        const int step = pick(random, 2, last - first);
        out.text = fmt::format("{}/{}", from, step);
        out.stepped = true;
        add(from, last, step);
    } else {
        for (int n = pick(random, 1, 3); n > 0; --n) {
            const int one = pick(random, first, last);
            out.text += fmt::format("{}{}", out.text.empty() ? "" : ",", one);
            out.allowed.insert(one);
        }
    }
    out.stepped = out.stepped && out.allowed.size() > 1;
    return out;
}

/// An expression and its meaning, by sets instead of bits.
struct ModelCron {
    ModelField second{"", {0}};
    ModelField minute{}, hour{}, day{}, month{}, weekday{};
    bool with_seconds = false;

    std::string text() const {
        return fmt::format("{}{}{} {} {} {} {}", second.text, with_seconds ? " " : "", minute.text, hour.text, day.text,
                           month.text, weekday.text);
    }
    bool is_interval() const { return hour.allowed.size() == 24 || minute.stepped || (with_seconds && second.stepped); }
    bool matches_day(std::int64_t days_since_epoch) const {
        const year_month_day date{sys_days{days{days_since_epoch}}};
        const bool of_month = day.allowed.contains(static_cast<int>(static_cast<unsigned>(date.day())));
        const bool of_week = weekday.allowed.contains(static_cast<int>((days_since_epoch % 7 + 11) % 7));
        if (!month.allowed.contains(static_cast<int>(static_cast<unsigned>(date.month())))) return false;
        if (day.any) return of_week;
        if (weekday.any) return of_month;
        return of_month || of_week;
    }
    bool matches(std::int64_t local) const {
        const std::int64_t of_day = (local % 86400 + 86400) % 86400;
        return second.allowed.contains(static_cast<int>(of_day % 60)) &&
               minute.allowed.contains(static_cast<int>(of_day / 60 % 60)) &&
               hour.allowed.contains(static_cast<int>(of_day / 3600)) && matches_day((local - of_day) / 86400);
    }
};

ModelCron model_cron(Random& random, bool with_seconds) {
    ModelCron out;
    out.with_seconds = with_seconds;
    if (with_seconds) out.second = field(random, 0, 59);
    out.minute = field(random, 0, 59);
    out.hour = field(random, 0, 23);
    out.day = field(random, 1, 28);
    if (out.day.text.starts_with("*") || out.day.text.find('/') != std::string::npos) {
        out.day = {"*", {}, true};  // */n ends with 31, not 28
        for (int i = 1; i <= 31; ++i) out.day.allowed.insert(i);
    }
    out.month =
        pick(random, 0, 2) == 0 ? field(random, 1, 12) : ModelField{"*", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
    out.weekday = field(random, 0, 6);
    return out;
}

/// What the model says about one zone: asked of the library, instant by instant.
class ModelZone {
  public:
    explicit ModelZone(const char* name) : zone_(date::locate_zone(name)) {}

    std::int64_t offset(std::int64_t at) {
        if (at < begin_ || at >= end_) {
            const auto info = zone_->get_info(date::sys_seconds{seconds{at}});
            begin_ = info.begin.time_since_epoch().count();
            end_ = info.end.time_since_epoch().count();
            offset_ = info.offset.count();
        }
        return offset_;
    }
    std::int64_t next_change(std::int64_t at) {
        offset(at);
        return end_;
    }

  private:
    const date::time_zone* zone_;
    std::int64_t begin_ = 0, end_ = 0, offset_ = 0;
};

/// The local time was shown before, at most three hours ago.
bool comes_again(ModelZone& zone, std::int64_t at) {
    const std::int64_t local = at + zone.offset(at);
    for (std::int64_t back = 1800; back <= 3 * 3600; back += 1800) {
        const std::int64_t before = local - zone.offset(at - back);
        if (before < at && before + zone.offset(before) == local) return true;
    }
    return false;
}

/// A gap ends here that swallowed a run, which is to be made up for.
bool makes_up(const ModelCron& cron, ModelZone& zone, std::int64_t at, std::int64_t step) {
    const std::int64_t before = zone.offset(at - 1), after = zone.offset(at);
    bool swallowed = false;
    for (std::int64_t local = at + before; local < at + after; local += step) swallowed |= cron.matches(local);
    if (!swallowed || !cron.is_interval()) return swallowed;
    const std::int64_t of_day = (at + after) % 86400;
    const bool goes_on = (after - before) % 3600 == 0 && cron.hour.allowed.contains(static_cast<int>(of_day / 3600)) &&
                         cron.matches_day((at + after - of_day) / 86400);
    return !goes_on;
}

std::vector<std::int64_t> dates_by_model(const ModelCron& cron, ModelZone& zone, std::int64_t from,
                                         std::int64_t until) {
    std::vector<std::int64_t> out;
    const std::int64_t step = cron.with_seconds ? 1 : 60;
    for (std::int64_t at = from + step; at <= until; at += step) {
        const bool shown = cron.matches(at + zone.offset(at)) && (cron.is_interval() || !comes_again(zone, at));
        if (shown || makes_up(cron, zone, at, step)) out.push_back(at);
    }
    return out;
}

constexpr const char* kZones[] = {
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Tehran",       "UTC",
    "Europe/Dublin", "Asia/Kathmandu",   "America/St_Johns",    "Pacific/Chatham",   "Africa/Casablanca", "Asia/Beirut",
};

/// A minute somewhere between 1975 and 2036, half of the time near a change of the clock.
std::int64_t some_minute(Random& random, ModelZone& zone) {
    std::int64_t at = pick(random, 157'766'400, 2'082'758'400) / 60 * 60;
    if (pick(random, 0, 1) == 0) at = std::min<std::int64_t>(zone.next_change(at), 2'082'758'400);
    return at / 60 * 60;
}

void check_window(std::uint64_t seed, bool with_seconds) {
    Random random(seed);
    const char* name = kZones[pick(random, 0, static_cast<int>(std::size(kZones)) - 1)];
    ModelZone zone(name);
    const ModelCron model = model_cron(random, with_seconds);
    const std::int64_t middle = some_minute(random, zone);
    const std::int64_t around = with_seconds ? pick(random, 10, 100) * 60 : pick(random, 60, 2000) * 60;
    const std::int64_t from = middle - around, until = middle + around;
    CAPTURE(seed);
    INFO(model.text() << " in " << name << " around " << to_iso(Timestamp{seconds{middle}}));

    const CronInZone cron = cron_in(model.text(), name);
    std::vector<std::int64_t> forth, back;
    std::int64_t last = from;
    for (auto at = cron.next(Timestamp{seconds{from}}); at && *at <= Instant{seconds{until}}; at = cron.next(*at)) {
        REQUIRE(at->time_since_epoch().count() > last);
        last = at->time_since_epoch().count();
        forth.push_back(last);
    }
    for (auto at = cron.previous(Timestamp{seconds{until + 1}}); at && *at > Instant{seconds{from}};
         at = cron.previous(*at)) {
        REQUIRE((back.empty() || at->time_since_epoch().count() < back.front()));
        back.insert(back.begin(), at->time_since_epoch().count());
    }
    const std::vector<std::int64_t> wanted = dates_by_model(model, zone, from, until);
    CHECK(forth == wanted);
    CHECK(back == wanted);
}

/// Leaps over months and years: the model looks at every day.
void check_leap(std::uint64_t seed) {
    Random random(seed);
    ModelCron model = model_cron(random, false);
    model.minute = {"30", {30}};
    model.hour = {"12", {12}};
    const CronInZone cron = cron_in(model.text(), "UTC");
    const std::int64_t start = pick(random, 0, 36500);
    CAPTURE(seed);
    INFO(model.text() << " from day " << start);
    std::int64_t next = start, previous = start;
    while (!model.matches_day(++next)) REQUIRE(next < start + 3660);
    while (!model.matches_day(--previous)) REQUIRE(previous > start - 3660);
    const Timestamp noon{days{start} + 12h + 30min};
    CHECK(cron.next(noon) == Instant{days{next} + 12h + 30min});
    CHECK(cron.previous(noon) == Instant{days{previous} + 12h + 30min});
    CHECK(cron.cron().matches(LocalTime{days{start} + 12h + 30min}) == model.matches_day(start));
    CHECK(*cron.previous(*cron.next(noon)) <= noon);
    CHECK(*cron.next(*cron.previous(noon)) >= noon);
}

template <class Check>
void for_seeds(std::uint64_t rounds, Check check) {
    const char* one = std::getenv("SLUICE_SEED");
    if (one != nullptr) return check(std::strtoull(one, nullptr, 10));
    const char* wanted = std::getenv("SLUICE_SCHEDULES");
    if (wanted != nullptr) rounds = std::strtoull(wanted, nullptr, 10);
    const std::uint64_t first = std::random_device{}();
    MESSAGE("seeds from " << first << ", " << rounds << " rounds");
    for (std::uint64_t i = 0; i < rounds; ++i) check(first + i);
}

}  // namespace

TEST_CASE("the dates of any expression are those that a look at every minute finds, forth and back") {
    for_seeds(100, [](std::uint64_t seed) { check_window(seed, false); });
}

TEST_CASE("the dates of any expression with seconds are those that a look at every second finds") {
    for_seeds(40, [](std::uint64_t seed) { check_window(seed, true); });
}

TEST_CASE("a leap to the next or previous day misses none") {
    for_seeds(200, check_leap);
}
