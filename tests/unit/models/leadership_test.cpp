/// Who leads: three schedulers, the lock of a session that may end without their knowing, the epoch in a row.
///
/// A step that stands for a statement is named after its file in sql/statements/cluster; try_lead and ping are in
/// src/cluster/leadership.cpp. Between two statements of a transaction anything may happen to the others.
#include <array>

#include "unit/models/explorer.h"

namespace sluice::test::leadership {
namespace {

using Byte = std::uint8_t;
constexpr Byte kNone = 255;
constexpr std::size_t kSchedulers = 3;

enum Session : Byte { Closed, Open, Ended };  // Ended: the server has ended it, and the scheduler does not know
enum Transaction : Byte { Out, Checked, Written, RolledBack };  // RolledBack: by the server; it will hear of it

struct Scheduler {
    Byte runs = 1;
    Byte session = Closed;
    Byte epoch = 0;  // that it believes to lead with
    Byte transaction = Out;
    Byte silent = 0;  // stands still: does nothing, and its sessions stay as they are
    auto operator<=>(const Scheduler&) const = default;
};

struct Plant {
    bool unlocked_row = false;    // is_leader.sql without "for share": the row may change before the commit
    bool unasked = false;         // no is_leader.sql: the lock alone decides
    bool same_epoch = false;      // become_leader.sql leaves the epoch as it was, is_leader.sql asks for no name
    bool no_ping = false;         // leadership.cpp: a leader never asks for its session
    bool waits_for_ever = false;  // nobody ends the session of a leader whose lease is over (end_stale_leader.sql)
    bool no_time_limit = false;   // connection.cpp without idle_in_transaction_session_timeout
};

struct Model {
    struct State {
        std::array<Scheduler, kSchedulers> schedulers{};
        Byte lock = kNone;    // whose session has the advisory lock
        Byte holder = kNone;  // the row
        Byte epoch = 0;
        Byte last_write = 0;  // epoch of the latest accepted write
        Byte last_writer = kNone;
        Byte faults = 0;
        Byte broken = 0;
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
        for (Byte s = 0; s < kSchedulers; ++s) {
            faults_of(now, s, out);
            const Scheduler& me = now.schedulers[s];
            if (me.runs != 0 && me.silent == 0) turn(now, s, out);
        }
    }

    std::string broken(const State& now) const {
        if (now.broken != 0) return "a write of an earlier leader is accepted after one of its follower";
        int accepted = 0;
        for (Byte s = 0; s < kSchedulers; ++s) {
            const Scheduler& one = now.schedulers[s];
            accepted += is_open(one) && accepts(now, s, one.epoch) ? 1 : 0;
        }
        return accepted > 1 ? "two leaders write, and both are accepted" : "";
    }

    /// Somebody leads, knows it, and has written something since it leads.
    bool is_end(const State& now) const {
        return now.last_write == now.epoch && now.lock != kNone && now.schedulers[now.lock].epoch == now.epoch &&
               now.schedulers[now.lock].session == Open && now.last_writer == now.lock;
    }

  private:
    static bool is_open(const Scheduler& one) { return one.transaction == Checked || one.transaction == Written; }

    bool accepts(const State& now, Byte s, Byte epoch) const {
        if (plant.unasked) return epoch != 0;
        return epoch != 0 && now.epoch == epoch && (now.holder == s || plant.same_epoch);
    }

    void turn(const State& now, Byte s, Steps<State>& out) const {
        const Scheduler& me = now.schedulers[s];
        const auto step = [&](std::string_view name, const auto& change, Kind kind = Kind::Normal) {
            State after = now;
            if (kind == Kind::Fault) --after.faults;
            change(after, after.schedulers[s]);
            out.add(name, s, after, kind);
        };
        const auto lose = [](State&, Scheduler& mine) { mine.session = mine.epoch = 0; };

        if (me.transaction != Out) return write(now, s, out);
        if (me.session == Ended && !plant.no_ping) return step("ping: the session is gone", lose);
        if (me.session == Closed && now.lock == kNone) {
            step("try_lead: the lock is free", [&](State& after, Scheduler& mine) {
                mine.session = Open;
                after.lock = s;
            });
        }
        if (me.session == Open && me.epoch == 0 && !row_is_locked(now)) {
            const auto become = [&](State& after, Scheduler& mine) {
                if (!plant.same_epoch || after.epoch == 0) ++after.epoch;
                after.holder = s;
                mine.epoch = after.epoch;
            };
            step("become_leader.sql", become);
            if (now.faults > 0) {
                step(
                    "become_leader.sql, whose answer is lost with the session",
                    [&](State& after, Scheduler& mine) {
                        become(after, mine);
                        mine.session = mine.epoch = 0;
                        after.lock = kNone;
                    },
                    Kind::Fault);
            }
        }
        if (me.epoch == 0) return;
        if (accepts(now, s, me.epoch)) {
            step("begin, is_leader.sql: yes", [](State&, Scheduler& mine) { mine.transaction = Checked; });
        } else if (!plant.no_ping) {
            step("begin, is_leader.sql: no; ping", [&](State& after, Scheduler& mine) {
                if (mine.session == Open && after.lock == s) after.lock = kNone;
                lose(after, mine);
            });
        }
    }

    void write(const State& now, Byte s, Steps<State>& out) const {
        State after = now;
        Scheduler& mine = after.schedulers[s];
        if (mine.transaction == RolledBack) {
            mine.transaction = Out;
            out.add("hears that its transaction is gone", s, after);
            return;
        }
        if (mine.transaction == Checked) {
            mine.transaction = Written;
            out.add("writes", s, after);
            return;
        }
        if (mine.epoch < now.last_write || (mine.epoch == now.last_write && now.last_writer != s)) after.broken = 1;
        after.last_write = mine.epoch;
        after.last_writer = s;
        mine.transaction = Out;
        out.add("commit", s, after);
    }

    bool row_is_locked(const State& now) const {
        if (plant.unlocked_row || plant.unasked) return false;
        return std::any_of(now.schedulers.begin(), now.schedulers.end(),
                           [](const Scheduler& one) { return is_open(one); });
    }

    /// It may go on at any time, or never.
    template <class Step>
    void stands_still(const State& now, Byte s, const Step& step) const {
        const Scheduler& me = now.schedulers[s];
        step("goes on after it stood still", Kind::Free, [](State&, Scheduler& mine) { mine.silent = 0; });
        if (now.lock == s && !plant.waits_for_ever) {
            step("end_stale_leader.sql: its lease is over", Kind::Normal, [](State& after, Scheduler& mine) {
                mine.session = Ended;
                after.lock = kNone;
            });
        }
        if (me.transaction != Out && me.transaction != RolledBack && !plant.no_time_limit) {
            step("idle_in_transaction_session_timeout", Kind::Normal,
                 [](State&, Scheduler& mine) { mine.transaction = RolledBack; });
        }
    }

    void faults_of(const State& now, Byte s, Steps<State>& out) const {
        const Scheduler& me = now.schedulers[s];
        const auto step = [&](std::string_view name, Kind kind, const auto& change) {
            State after = now;
            if (kind == Kind::Fault) --after.faults;
            change(after, after.schedulers[s]);
            out.add(name, s, after, kind);
        };
        if (me.runs == 0) return step("started again", Kind::Normal, [](State&, Scheduler& mine) { mine.runs = 1; });
        if (me.silent != 0) stands_still(now, s, step);
        if (now.faults == 0) return;
        step("killed", Kind::Fault, [&](State& after, Scheduler& mine) {
            if (after.lock == s) after.lock = kNone;
            mine = {.runs = 0};
        });
        const auto silent = std::count_if(now.schedulers.begin(), now.schedulers.end(),
                                          [](const Scheduler& one) { return one.silent != 0; });
        if (me.silent == 0 && silent + 1 < static_cast<std::ptrdiff_t>(kSchedulers)) {
            step("stands still", Kind::Fault, [](State&, Scheduler& mine) { mine.silent = 1; });
        }
        if (now.lock == s) {
            step("its lock's session ends, silently", Kind::Fault, [](State& after, Scheduler& mine) {
                mine.session = Ended;
                after.lock = kNone;
            });
        }
    }
};

}  // namespace

TEST_CASE("model of leadership: three schedulers, three faults: no two whose writes count, and a leader is followed") {
    check_holds(Model{});
}

TEST_CASE("the model of leadership finds a row that is not locked, and a lock that is trusted alone") {
    check_finds(Model{.plant = {.unlocked_row = true}}, "earlier leader");
    check_finds(Model{.plant = {.unasked = true}}, "two leaders");
    check_finds(Model{.plant = {.same_epoch = true}}, "earlier leader");
}

TEST_CASE("the model of leadership finds a cluster that nobody leads any more") {
    check_finds(Model{.plant = {.no_ping = true}}, "no way leads to an end");
    check_finds(Model{.plant = {.waits_for_ever = true}}, "no way leads to an end");
    check_finds(Model{.plant = {.no_time_limit = true}}, "no way leads to an end");
}

}  // namespace sluice::test::leadership
