/// What becomes of a trigger's dates: two schedulers that both believe to lead, three dates, crashes everywhere.
///
/// A step that stands for a statement is named after its file in sql/statements/store. What a transaction has written
/// is its own until the commit; a crash before that leaves nothing. The dates are 1, 2, 3; `next` is the trigger's
/// next_at.
#include <array>

#include "unit/models/explorer.h"

namespace sluice::test::fire {
namespace {

using Byte = std::uint8_t;
constexpr Byte kDates = 3;
constexpr Byte kNobody = 255;
constexpr std::size_t kSchedulers = 2;

enum At : Byte { Out, Begun, Read, Fired, Executed, Moved };

struct Scheduler {
    Byte runs = 1;
    Byte epoch = 0;  // that it believes to lead with
    Byte at = Out;
    Byte date = 0;     // that it decides about
    Byte missed = 0;   // rows of dates that will not run, as a set of bits; not committed yet
    Byte inserts = 0;  // it has the key of `date`, not committed yet
    auto operator<=>(const Scheduler&) const = default;
};

struct Plant {
    bool unasked = false;        // no is_leader.sql
    bool unlocked = false;       // due_triggers.sql without "for update skip locked"
    bool keyless = false;        // insert_fires.sql into a table without its key
    bool careless = false;       // update_triggers.sql without its compare-and-set
    bool commits_early = false;  // the fire's row is committed before the execution is stored
    bool from_now = false;       // the next date follows from now, and not from the date before
    bool key_ignored = false;    // the answer of insert_fires.sql is not looked at
};

struct Model {
    struct State {
        std::array<Scheduler, kSchedulers> schedulers{};
        Byte today = 0;  // the latest date that has come
        Byte leader = 0;
        Byte epoch = 1;
        Byte next = 1;
        Byte locked_by = kNobody;  // the trigger's row
        Byte fires = 0;            // rows, as a set of bits
        std::array<Byte, kDates + 1> executions{};
        Byte missed = 0;
        Byte faults = 0;
        auto operator<=>(const State&) const = default;
    };
    bool recovers = true;  // recoverMissedSchedules: ALL; otherwise NONE: a date that is not the latest is missed
    Byte faults = 3;
    Plant plant{};

    State initial() const {
        State out;
        out.faults = faults;
        out.schedulers[0].epoch = 1;
        return out;
    }

    void steps(const State& now, Steps<State>& out) const {
        if (now.today < kDates) {
            State after = now;
            ++after.today;
            out.add("the next date comes", 9, after);
        }
        for (Byte s = 0; s < kSchedulers; ++s) {
            const Scheduler& me = now.schedulers[s];
            State after = now;
            if (me.runs == 0) {
                after.schedulers[s].runs = 1;
                out.add("started again", s, after);
                continue;
            }
            if (now.faults > 0) {
                --after.faults;
                roll_back(after, s);
                after.schedulers[s] = {.runs = 0};
                out.add("killed", s, after, Kind::Fault);
            }
            lead(now, s, out);
            if (me.epoch != 0) turn(now, s, out);
        }
    }

    std::string broken(const State& now) const {
        for (Byte d = 1; d <= kDates; ++d) {
            if (now.executions[d] > 1) return "a date has two executions";
            const bool decided = (now.fires & bit(d)) != 0;
            if (d < now.next && !decided) return "a date is passed, and has no row";
            const bool runs = now.executions[d] > 0 || (now.missed & bit(d)) != 0;
            if (decided && !runs) return "a date has its row, and no execution";
            if (now.executions[d] > 0 && !decided) return "an execution of a date has no row";
        }
        return "";
    }

    bool is_end(const State& now) const { return now.next > kDates && now.fires == (bit(1) | bit(2) | bit(3)); }

  private:
    static Byte bit(Byte date) { return static_cast<Byte>(1U << date); }

    void roll_back(State& after, Byte s) const {
        if (after.locked_by == s) after.locked_by = kNobody;
        after.schedulers[s].at = Out;
        after.schedulers[s].date = after.schedulers[s].missed = after.schedulers[s].inserts = 0;
    }

    /// Anybody may believe to lead at any time; a leader's row is locked while its transaction runs (see the model of
    /// leadership). Who has lost the lead may still believe in it.
    void lead(const State& now, Byte s, Steps<State>& out) const {
        const Scheduler& me = now.schedulers[s];
        const Scheduler& other = now.schedulers[1 - s];
        const bool row_is_locked = !plant.unasked && (me.at != Out || other.at != Out);
        if (row_is_locked || (now.leader == s && me.epoch == now.epoch)) return;
        const bool needed = other.runs == 0 || other.epoch != now.epoch || now.leader == s;
        if (!needed && now.faults == 0) return;
        State after = now;
        if (!needed) --after.faults;
        after.leader = s;
        after.schedulers[s].epoch = ++after.epoch;
        out.add("become_leader.sql", s, after, needed ? Kind::Normal : Kind::Fault);
    }

    void turn(const State& now, Byte s, Steps<State>& out) const {
        const Scheduler& me = now.schedulers[s];
        State after = now;
        Scheduler& mine = after.schedulers[s];
        const bool leads = now.leader == s && now.epoch == me.epoch;
        const Byte first = me.missed != 0 ? first_of(me.missed) : me.date;  // as the row was when it was read
        switch (me.at) {
            case Out:
                if (!leads && !plant.unasked) return;
                mine.at = Begun;
                return out.add("begin, is_leader.sql: yes", s, after);
            case Begun:
                if (now.next > now.today || (now.locked_by != kNobody && !plant.unlocked)) {
                    roll_back(after, s);
                    return out.add("due_triggers.sql: nothing", s, after);
                }
                if (!plant.unlocked) after.locked_by = s;
                mine.at = Read;
                mine.date = now.next;
                if (!recovers) {
                    for (; mine.date < now.today; ++mine.date) mine.missed |= bit(mine.date);
                }
                if (plant.from_now) mine.date = now.today;
                return out.add("due_triggers.sql, for update", s, after);
            case Read: {
                const Scheduler& other = now.schedulers[1 - s];
                const Byte keys = me.missed | bit(me.date);
                const bool holds = other.at >= Fired && other.inserts != 0 && other.date == me.date;
                const bool holds_missed = other.at >= Fired && (other.missed & keys) != 0;
                if (!plant.keyless && (holds || holds_missed)) return;  // waits for the other one's end
                mine.at = Fired;
                mine.missed &= static_cast<Byte>(~now.fires);
                mine.inserts = plant.keyless || plant.key_ignored || (now.fires & bit(me.date)) == 0 ? 1 : 0;
                if (plant.commits_early) after.fires |= keys;
                return out.add("insert_fires.sql", s, after);
            }
            case Fired:
                mine.at = Executed;
                return out.add(me.inserts != 0 ? "insert_executions.sql" : "it had its row: no execution", s, after);
            case Executed:
                if (plant.unlocked && now.locked_by != kNobody) return;  // waits for the other one's end
                if (now.next != first && !plant.careless && !plant.from_now) {
                    roll_back(after, s);
                    return out.add("update_triggers.sql: it has moved; all is rolled back", s, after);
                }
                after.locked_by = s;
                mine.at = Moved;
                return out.add("update_triggers.sql", s, after);
            default:
                after.fires |= me.missed;
                after.missed |= me.missed;
                if (me.inserts != 0) {
                    after.fires |= bit(me.date);
                    ++after.executions[me.date];
                }
                after.next = static_cast<Byte>(me.date + 1);
                roll_back(after, s);
                return out.add("commit", s, after);
        }
    }

    static Byte first_of(Byte dates) {
        Byte d = 1;
        while ((dates & bit(d)) == 0) ++d;
        return d;
    }
};

}  // namespace

TEST_CASE("model of fires: no date twice and none missing, whoever dies when") {
    check_holds(Model{});
}

TEST_CASE("model of fires: missed dates that are not recovered have their row") {
    check_holds(Model{.recovers = false});
}

TEST_CASE("model of fires: neither the epoch nor the row's lock is needed; the key and the compare-and-set suffice") {
    check_holds(Model{.plant = {.unasked = true}});
    check_holds(Model{.plant = {.unlocked = true}});
    check_holds(Model{.plant = {.unasked = true, .unlocked = true}});
}

TEST_CASE("the model of fires finds two believers without a key") {
    const Plant two_believers{.unasked = true, .unlocked = true, .careless = true};
    Model model{.plant = two_believers};
    model.plant.keyless = true;
    check_finds(model, "two executions");
    model.plant = two_believers;
    model.plant.key_ignored = true;
    check_finds(model, "two executions");
}

TEST_CASE("the model of fires finds a row and an execution that are not one transaction") {
    check_finds(Model{.plant = {.commits_early = true}}, "its row, and no execution");
}

TEST_CASE("the model of fires finds a next date that follows from now") {
    check_finds(Model{.plant = {.from_now = true}}, "has no row");
}

}  // namespace sluice::test::fire
