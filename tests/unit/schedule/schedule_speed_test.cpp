// How long planning takes. Not part of the daily run: unit_tests --no-skip -tc="speed:*"
#include <ctime>

#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

namespace {

/// Of processor time: the machine may have other work.
template <class Work>
double seconds_for(Work work) {
    const std::clock_t begin = std::clock();
    work();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

void measure_next(const std::string& cron, const std::string& zone) {
    const CronInZone dates = cron_in(cron, zone);
    constexpr int kCalls = 200'000;
    Timestamp at = moment("2026-01-05T10:00:00Z");
    const double took = seconds_for([&] {
        for (int i = 0; i < kCalls; ++i) {
            const auto next = dates.next(at);
            at = next && *next < moment("2037-01-01T00:00:00Z") ? Timestamp{*next} : moment("2026-01-05T10:00:00Z");
        }
    });
    MESSAGE(cron << " in " << zone << ": " << took / kCalls * 1e9 << " ns a date");
}

}  // namespace

TEST_CASE("speed: the next date" * doctest::skip()) {
    for (const char* cron : {"*/5 * * * *", "0 9 * * *", "30 6 * * 1-5", "0 0 1 1 *", "0 0 13 * FRI", "0 0 29 2 *",
                             "0 0 LW * *", "*/10 * * * * *"}) {
        measure_next(cron, "UTC");
        measure_next(cron, "Europe/Berlin");
    }
}

TEST_CASE("speed: 100,000 schedules are planned at the start" * doctest::skip()) {
    const char* zones[] = {"Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "UTC"};
    std::vector<flow::Trigger> triggers;
    for (int i = 0; i < 100'000; ++i) {
        std::vector<flow::Condition> conditions;
        if (i % 10 == 0) conditions.push_back(a_condition("DayWeek", {{"dayOfWeek", "FRIDAY"}}));
        if (i % 100 == 0)
            conditions.push_back(a_condition("Not", {}, {a_condition("PublicHoliday", {{"country", "DE"}})}));
        triggers.push_back(a_trigger("Schedule",
                                     {{"cron", fmt::format("{} {} * * {}", i % 60, i % 24, i % 3 == 0 ? "1-5" : "*")},
                                      {"timezone", zones[i % 5]}},
                                     std::move(conditions)));
    }
    const Zones known;
    std::size_t found = 0;
    const double took = seconds_for([&] {
        for (const flow::Trigger& trigger : triggers) {
            const Timetable timetable = ok(Timetable::of(trigger, known, {}));
            found += begin(timetable, {}, at("10:00:00"), {}).next.has_value() ? 1 : 0;
        }
    });
    CHECK(found == triggers.size());
    CHECK(took < 2.0);
    MESSAGE("planned 100,000 schedules in " << took << " s");
}
