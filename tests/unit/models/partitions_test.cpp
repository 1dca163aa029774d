/// The partitions of the weeks to come: two processes that make them, one of them inserts at the turn of the week.
///
/// The steps are those of sql/functions/partitions.sql (ensure_partitions), of its caller once in ten minutes
/// (maintenance.cpp) and of the start (server.cpp). `ahead` is in weeks. An id's time may be a little behind the
/// database's, so that a row of the week before may still come after the turn.
#include <array>

#include "unit/models/explorer.h"

namespace sluice::test::partitions {
namespace {

using Byte = std::uint8_t;
constexpr Byte kWeeks = 4;
constexpr Byte kNobody = 255;
constexpr std::size_t kProcesses = 2;

enum At : Byte { Out, Waiting, Looking, Making, Leaving };

struct Process {
    Byte runs = 0;   // it has started, and takes work
    Byte begun = 0;  // it is starting
    Byte at = Out;
    Byte week = 0;  // that it looks for
    Byte until = 0;
    Byte made = 0;    // not committed yet, as a set of bits
    Byte stale = 1;   // it has not looked since the week's turn
    Byte failed = 0;  // how often in a row
    Byte turned = 0;  // the week has turned during its transaction, which has a limit of seconds
    auto operator<=>(const Process&) const = default;
};

struct Plant {
    bool unlocked = false;           // without pg_advisory_xact_lock
    bool only_from_now = false;      // the week before is not made when it is missing
    bool starts_unprepared = false;  // server.cpp without ensure_partitions before the services
    Byte ahead = 2;                  // 0: only the week that it is
    Byte patience = 1;               // how often making them may fail before the week turns
};

struct Model {
    struct State {
        std::array<Process, kProcesses> processes{};
        Byte week = 0;
        Byte parts = 0;  // committed
        Byte lock = kNobody;
        Byte faults = 0;
        Byte broken = 0;  // 1: no partition; 2: made twice
        auto operator<=>(const State&) const = default;
    };
    Byte faults = 3;
    Plant plant{};

    State initial() const {
        State out;
        out.faults = faults;
        return out;
    }

    void steps(const State& now, Steps<State>& out) const {
        if (now.broken != 0) return;
        turn_of_the_week(now, out);
        for (Byte p = 0; p < kProcesses; ++p) {
            const Process& me = now.processes[p];
            State after = now;
            if (me.begun == 0) {
                after.processes[p] = {.runs = plant.starts_unprepared, .begun = 1};
                out.add("starts", p, after);
                continue;
            }
            if (me.runs != 0) insert(now, p, out);
            make(now, p, out);
            if (now.faults == 0) continue;
            after = now;
            --after.faults;
            if (after.lock == p) after.lock = kNobody;
            after.processes[p] = {};
            out.add("killed", p, after, Kind::Fault);
            if (me.at == Making && me.failed < plant.patience) {
                after = now;
                --after.faults;
                roll_back(after, p);
                ++after.processes[p].failed;
                after.processes[p].stale = 0;
                out.add("step.failed: tried again later", p, after, Kind::Fault);
            }
        }
    }

    std::string broken(const State& now) const {
        if (now.broken == 1) return "an insert finds no partition";
        if (now.broken == 2) return "a partition is made twice";
        return "";
    }

    bool is_end(const State& now) const { return now.week == kWeeks && now.processes[0].runs != 0; }

  private:
    static Byte bit(Byte week) { return static_cast<Byte>(1U << week); }

    static void roll_back(State& after, Byte p) {
        if (after.lock == p) after.lock = kNobody;
        Process& mine = after.processes[p];
        mine.at = Out;
        mine.week = mine.until = mine.made = mine.turned = 0;
    }

    /// A week is long: each process that runs has looked since the last turn. All of them may be down for any time.
    static void turn_of_the_week(const State& now, Steps<State>& out) {
        if (now.week == kWeeks) return;
        for (const Process& one : now.processes) {
            if ((one.runs != 0 && one.stale != 0) || one.turned != 0) return;
        }
        State after = now;
        ++after.week;
        for (Process& one : after.processes) {
            one.stale = 1;
            one.turned = one.at == Out || one.at == Waiting ? 0 : 1;
        }
        out.add("the week turns", 9, after);
    }

    /// The first partition has no lower bound.
    static bool is_before_all(const State& now, Byte week) {
        return now.parts != 0 && (now.parts & ((bit(week) << 1) - 1)) == 0;
    }

    static void insert(const State& now, Byte p, Steps<State>& out) {
        const Byte late = now.week > 0 ? static_cast<Byte>(now.week - 1) : Byte{0};
        const bool this_week = (now.parts & bit(now.week)) != 0 || is_before_all(now, now.week);
        const bool week_before = (now.parts & bit(late)) != 0 || is_before_all(now, late);
        if (this_week && week_before) return;  // nothing changes
        State after = now;
        after.broken = 1;
        out.add("insert_executions.sql", p, after);
    }

    void make(const State& now, Byte p, Steps<State>& out) const {
        const Process& me = now.processes[p];
        State after = now;
        Process& mine = after.processes[p];
        switch (me.at) {
            case Out:
                if (me.stale == 0 && me.runs != 0 && me.failed == 0) return;
                mine.at = Waiting;
                return out.add("ensure_partitions", p, after);
            case Waiting:
                if (now.lock != kNobody && !plant.unlocked) return;
                if (!plant.unlocked) after.lock = p;
                mine.at = Looking;
                mine.week = now.week > 0 && !plant.only_from_now ? static_cast<Byte>(now.week - 1) : now.week;
                mine.until = static_cast<Byte>(now.week + plant.ahead);
                return out.add("pg_advisory_xact_lock", p, after);
            case Looking:
                if (me.week > me.until) {
                    mine.at = Leaving;
                    return out.add("all are there", p, after);
                }
                if ((now.parts & bit(me.week)) != 0 || is_before_all(now, me.week)) {
                    ++mine.week;
                    return out.add("to_regclass: it is there", p, after);
                }
                mine.at = Making;
                return out.add("to_regclass: it is missing", p, after);
            case Making:
                // A name that another one has made and committed is refused; uncommitted, it makes us wait.
                if ((now.processes[1 - p].made & bit(me.week)) != 0) return;
                if ((now.parts & bit(me.week)) != 0) after.broken = 2;
                mine.made |= bit(me.week);
                ++mine.week;
                mine.at = Looking;
                return out.add("create table, attach partition", p, after);
            default:
                after.parts |= me.made;
                roll_back(after, p);
                mine.stale = me.turned;
                mine.failed = 0;
                mine.runs = 1;
                return out.add("commit", p, after);
        }
    }
};

}  // namespace

TEST_CASE("model of partitions: no insert without one, at a week's turn, after a pause of all, and after failures") {
    check_holds(Model{});
}

TEST_CASE("the model of partitions finds two that make the same one, for want of the lock") {
    check_finds(Model{.plant = {.unlocked = true}}, "made twice");
}

TEST_CASE("the model of partitions finds partitions that are made too late") {
    check_finds(Model{.plant = {.only_from_now = true}}, "no partition");
    check_finds(Model{.plant = {.ahead = 0}}, "no partition");
    check_finds(Model{.plant = {.starts_unprepared = true}}, "no partition");
    check_finds(Model{.plant = {.ahead = 1, .patience = 2}}, "no partition");
}

}  // namespace sluice::test::partitions
