/// Jobs, claims and results: two workers, a reaper, an executor, somebody who kills.
///
/// A step that stands for a statement is named after its file in sql/statements. Time goes by for each service by
/// itself: its age is 0 after a beat, 1 when it is in doubt (cluster/membership.h), 2 when it must hold its tasks, 3
/// when its lease is over for the cluster. A statement is atomic; what a process does between two of them is not. When
/// the database is away for all, all are cut off; that reapers wait a moment then is no part of what keeps this safe.
///
/// What it does not show: a task without a process of its own (an HTTP request) has no guard, so that a process that is
/// stopped between the answer and the task's first instruction begins it later, and one that was stopped in the middle
/// does a little more before it is ended. Nothing in a process can help that.
#include <array>

#include "unit/models/explorer.h"

namespace sluice::test::claims {
namespace {

using Byte = std::uint8_t;
constexpr std::size_t kServices = 4;  // rows: two at first, and one for each process that comes back
constexpr std::size_t kWorkers = 2;

enum ServiceState : Byte { Nobody, Running, Draining, Stopped, Dead };
enum ProcessState : Byte { Down, Up, Frozen, Suspended, Fenced };
/// Coming: claimed, but the answer is under way. GivingBack: it was ended here, and the reporter has its claim
enum Phase : Byte { Free, Coming, Claimed, Allowed, Busy, Returning, GivingBack };

struct Service {
    Byte state = Nobody;
    Byte age = 0;
    auto operator<=>(const Service&) const = default;
};
struct Slot {
    Byte phase = Free;
    Byte epoch = 0;
    Byte service = 0;       // under whose name the job was claimed
    Byte result_epoch = 0;  // 0: none; in the reporter's hands
    Byte result_service = 0;
    auto operator<=>(const Slot&) const = default;
};
template <std::size_t Jobs>
struct Worker {
    Byte process = Up;
    Byte service = 0;
    Byte cut = 0;  // no way to the database
    Byte drains = 0;
    Byte unsure = 0;  // an answer was lost: the claimer looks at what it has before it goes on
    std::array<Slot, Jobs> slots{};
    auto operator<=>(const Worker&) const = default;
};
/// A task run, and all that the database has about it. Sets of epochs are masks of bits.
struct Task {
    Byte epoch = 1;
    Byte over = 0;
    Byte killing = 0;
    Byte job = 1;  // its epoch; 0: there is none
    Byte claim = 0;
    Byte holder = 0;
    Byte cancelled = 0;
    Byte finished = 0, lost = 0, returned = 0;  // events that nobody has applied yet
    Byte accepted = 0;
    auto operator<=>(const Task&) const = default;
};
enum Broken : Byte { Fine, TwiceAccepted, WrongEpoch, TwoClaims, LateStart };

/// Faults that one can plant.
struct Plant {
    bool result_without_epoch = false;  // finish_claims.sql asks for the task run only
    bool result_without_claim = false;  // … for nothing
    bool no_self_fence = false;         // membership.cpp: no watchdog
    bool no_guard = false;              // process/guard.h: nobody holds children when the lease is over
    bool goes_on_unasked = false;       // membership.cpp: who was suspended goes on before a beat was accepted
    bool keeps_ended = false;           // slots.cpp: what was ended because of a lease is not given back
    bool begins_unasked = false;        // slots.cpp: no may_start
    bool forgets_cancelled = false;     // slots.cpp: what may not start because it is cancelled is not reported
    bool reaps_silently = false;        // reap_claims.sql without its event
    bool returns_silently = false;      // return_claims.sql without its event
    bool forgets_lost_answers = false;  // claimer.cpp: nobody asks claims_of_worker.sql for what was never heard of
};

template <std::size_t Jobs>
struct Model {
    struct State {
        std::array<Service, kServices> services{};
        std::array<Worker<Jobs>, kWorkers> workers{};
        std::array<Task, Jobs> tasks{};
        Byte faults = 0;
        Byte kills = 0;
        Byte broken = Fine;
        auto operator<=>(const State&) const = default;
    };
    Byte faults = 2;  // what may go wrong, in all
    Byte kills = 1;
    bool children = true;  // tasks have processes, which are held; else they run in the worker, and are ended
    Plant plant{};

    State initial() const {
        State out;
        for (Byte w = 0; w < kWorkers; ++w) {
            out.services[w] = {Running, 0};
            out.workers[w].service = w;
        }
        out.faults = faults;
        out.kills = kills;
        return out;
    }

    void steps(const State& now, Steps<State>& out) const {
        if (now.broken != Fine) return;
        for (Byte w = 0; w < kWorkers; ++w) {
            process(now, w, out);
            for (Byte j = 0; j < Jobs; ++j) run_job(now, w, j, out);
        }
        for (Byte s = 0; s < kServices; ++s) time_and_reaper(now, s, out);
        for (Byte j = 0; j < Jobs; ++j) execution(now, j, out);
    }

    std::string broken(const State& now) const {
        if (now.broken == TwiceAccepted) return "two results of one epoch are accepted";
        if (now.broken == WrongEpoch) return "a result of another epoch is accepted";
        if (now.broken == TwoClaims) return "a job is in two claims";
        if (now.broken == LateStart) return "a task begins after the lease is over";
        for (std::size_t j = 0; j < Jobs; ++j) {
            const Task& task = now.tasks[j];
            if (task.job != 0 && task.claim != 0) return "a task run is both waiting and claimed";
            const bool somewhere = task.job != 0 || task.claim != 0 || (task.finished | task.lost | task.returned) != 0;
            if (task.over == 0 && !somewhere) return "a task run is lost: no job, no claim, no event";
            int busy = 0;
            for (const auto& worker : now.workers) {
                if (!runs(now, worker, worker.slots[j])) continue;
                ++busy;
                if (lease_is_over(now, worker.slots[j].service) && task.claim == 0 && !heard(now, worker))
                    return "a task runs on after the lease is over";
            }
            if (busy > 1) return "a task runs in two workers at once";
        }
        return "";
    }

    bool is_end(const State& now) const {
        return std::all_of(now.tasks.begin(), now.tasks.end(), [](const Task& task) {
            const bool no_event = (task.finished | task.lost | task.returned) == 0;
            return task.over != 0 && task.job == 0 && task.claim == 0 && no_event;
        });
    }

  private:
    static Byte bit(Byte epoch) { return static_cast<Byte>(1U << epoch); }
    static bool lease_is_over(const State& now, Byte s) {
        return now.services[s].age >= 3 || now.services[s].state == Dead || now.services[s].state == Stopped;
    }
    /// It has the database's ear, and will be told what it has lost.
    static bool heard(const State& now, const Worker<Jobs>& worker) {
        return worker.cut == 0 && now.services[worker.service].state != Dead && now.services[worker.service].age < 2;
    }
    static bool talks(const Worker<Jobs>& worker) {
        return worker.process != Down && worker.process != Frozen && worker.cut == 0;
    }
    /// The guard looks at the lease page.
    bool is_held(const State& now, const Worker<Jobs>& worker) const {
        if (plant.no_guard || (plant.goes_on_unasked && worker.process == Up)) return false;
        return worker.process == Suspended || now.services[worker.service].age >= 2;
    }
    bool runs(const State& now, const Worker<Jobs>& worker, const Slot& slot) const {
        if (slot.phase != Busy || worker.process == Down) return false;
        return children ? !is_held(now, worker) : worker.process != Frozen;
    }
    /// What runs in the worker itself can't be held.
    void end_here(Worker<Jobs>& worker) const {
        if (children) return;
        for (Slot& slot : worker.slots) {
            if (slot.phase != Busy) continue;
            slot.phase = GivingBack;
            if (plant.keeps_ended) slot.phase = slot.epoch = slot.service = 0;
        }
    }

    // ------------------------------------------------------------------------------------- a process as a whole

    void process(const State& now, Byte w, Steps<State>& out) const {
        const Worker<Jobs>& me = now.workers[w];
        const Service& row = now.services[me.service];
        const auto step = [&](std::string_view name, Kind kind, const auto& change) {
            State after = now;
            if (kind == Kind::Fault) --after.faults;
            change(after, after.workers[w]);
            out.add(name, w, after, kind);
        };
        const auto stop_all = [](Worker<Jobs>& worker) {
            for (Slot& slot : worker.slots) {
                if (slot.phase != Coming) slot.phase = slot.epoch = slot.service = 0;
            }
        };
        const auto join = [](State& after, Worker<Jobs>& worker) {
            for (Byte s = 0; s < kServices; ++s) {
                if (after.services[s].state != Nobody) continue;
                after.services[s] = {Running, 0};
                worker.service = s;
                worker.process = Up;
                return;
            }
        };
        const bool room = now.services[kServices - 1].state == Nobody;

        const bool counts = row.state == Running || row.state == Draining;
        if (talks(me) && counts && ((me.process == Up && row.age == 1) || me.process == Suspended)) {
            step("heartbeat.sql", Kind::Normal, [](State& s, auto& worker) {
                s.services[worker.service].age = 0;
                worker.process = Up;
            });
        }
        if (me.process == Suspended && plant.goes_on_unasked) {
            step("goes on, before anything tells that it may", Kind::Normal,
                 [](State&, auto& worker) { worker.process = Up; });
        }
        const bool told_dead = talks(me) && row.state == Dead;
        if (told_dead && (me.process == Up || me.process == Suspended)) {
            step("fences itself: every task is ended", Kind::Normal, [&](State&, auto& worker) {
                stop_all(worker);
                worker.process = Fenced;
            });
        }
        if (me.process == Up && row.age >= 2 && !told_dead && !plant.no_self_fence) {
            step("is suspended: every task is held", Kind::Normal, [&](State&, auto& worker) {
                end_here(worker);
                worker.process = Suspended;
            });
        }
        if (me.process == Fenced && talks(me) && room)
            step("register_service.sql: back under a new name", Kind::Normal, join);
        if (me.process == Down && room) {
            step("register_service.sql: started again", Kind::Normal, [&](State& s, auto& worker) {
                worker = {};
                join(s, worker);
            });
        }
        if (me.process == Frozen)
            step("goes on after it stood still", Kind::Normal, [&](State&, auto& worker) {
                worker.process = Up;
                if (row.age >= 2) end_here(worker);
            });
        if (me.cut != 0) step("reaches the database again", Kind::Normal, [](State&, auto& worker) { worker.cut = 0; });
        if (me.unsure != 0 && me.process == Up && talks(me)) {
            step("claims_of_worker.sql, return_claims.sql: what nobody knows", Kind::Normal,
                 [&](State& s, auto& worker) {
                     worker.unsure = 0;
                     for (std::size_t j = 0; j < Jobs; ++j)
                         give_back_unknown(s.tasks[j], worker.slots[j], worker.service);
                 });
        }
        if (me.drains != 0 && me.process == Up) drain(now, w, out);

        if (now.faults == 0 || me.process == Down) return;
        step("killed", Kind::Fault, [](State&, auto& worker) { worker = {.process = Down}; });
        if (me.process == Up) step("stands still", Kind::Fault, [](State&, auto& worker) { worker.process = Frozen; });
        if (me.cut == 0 && me.process == Up)
            step("is cut off from the database", Kind::Fault, [](State&, auto& worker) { worker.cut = 1; });
        if (me.drains == 0 && me.process == Up && row.state == Running) {
            step("is told to stop", Kind::Fault, [](State& s, auto& worker) {
                worker.drains = 1;
                s.services[worker.service].state = Draining;
            });
        }
    }

    void drain(const State& now, Byte w, Steps<State>& out) const {
        const Worker<Jobs>& me = now.workers[w];
        const auto may_be_ended = [](const Slot& slot) {
            return slot.phase == Claimed || slot.phase == Allowed || slot.phase == Busy;
        };
        if (std::any_of(me.slots.begin(), me.slots.end(), may_be_ended)) {
            State after = now;
            for (Slot& slot : after.workers[w].slots) {
                if (may_be_ended(slot)) slot.phase = Returning;
            }
            out.add("ends what the grace period did not finish", w, after);
            return;
        }
        if (!talks(me)) return;
        const bool idle = std::all_of(me.slots.begin(), me.slots.end(), [](const Slot& slot) {
            return slot.phase != Returning && slot.result_epoch == 0;
        });
        State after = now;
        if (idle) {
            Service& row = after.services[me.service];
            if (row.state != Dead) row = {Stopped, 3};
            after.workers[w] = {.process = Down};
            out.add("end_service.sql", w, after);
            return;
        }
        for (std::size_t j = 0; j < Jobs; ++j) {
            Slot& slot = after.workers[w].slots[j];
            if (slot.phase != Returning) continue;
            give_back(after.tasks[j], slot.epoch, slot.service);
            slot.phase = slot.epoch = slot.service = 0;
        }
        out.add("return_claims.sql", w, after);
    }

    void give_back(Task& task, Byte epoch, Byte service) const {
        if (task.claim != epoch || task.holder != service) return;
        if (!plant.returns_silently) task.returned |= bit(epoch);
        task.claim = task.holder = task.cancelled = 0;
    }

    void give_back_unknown(Task& task, const Slot& slot, Byte service) const {
        const bool known = (slot.epoch == task.claim && slot.service == service) ||
                           (slot.result_epoch == task.claim && slot.result_service == service);
        if (task.claim != 0 && task.holder == service && !known) give_back(task, task.claim, service);
    }

    // --------------------------------------------------------------------------------------- one job in a worker

    void run_job(const State& now, Byte w, Byte j, Steps<State>& out) const {
        const Worker<Jobs>& me = now.workers[w];
        const Slot& slot = me.slots[j];
        const Task& task = now.tasks[j];
        const Service& row = now.services[me.service];
        if (me.process == Down || me.process == Frozen) return;
        const auto step = [&](std::string_view name, const auto& change, Kind kind = Kind::Normal) {
            State after = now;
            if (kind == Kind::Fault) --after.faults;
            change(after, after.workers[w].slots[j], after.tasks[j]);
            out.add(name, w, after, kind);
        };
        const auto leave = [](State&, Slot& mine, Task&) { mine.phase = mine.epoch = mine.service = 0; };
        const bool claim_is_mine = task.claim == slot.epoch && task.holder == slot.service && slot.epoch != 0;

        if (slot.phase == Free && me.process == Up && talks(me) && row.state == Running && me.drains == 0 &&
            row.age == 0 && me.unsure == 0 && task.job != 0) {
            const auto claim = [&](State& s, Slot& mine, Task& of) {
                if (of.claim != 0) s.broken = TwoClaims;
                of.claim = of.job;
                of.holder = me.service;
                of.job = 0;
                mine.phase = Coming;
                mine.epoch = of.claim;
                mine.service = me.service;
            };
            step("take_jobs.sql", claim);
            if (now.faults > 0) {
                step(
                    "take_jobs.sql, whose answer is lost",
                    [&](State& s, Slot& mine, Task& of) {
                        claim(s, mine, of);
                        leave(s, mine, of);
                        s.workers[w].unsure = plant.forgets_lost_answers ? 0 : 1;
                    },
                    Kind::Fault);
            }
        }
        if (slot.phase == Coming)
            step("hears what it has claimed", [](State&, Slot& mine, Task&) { mine.phase = Claimed; });
        if (slot.phase == GivingBack && talks(me)) {
            step("return_claims.sql: what was ended here", [&](State& s, Slot& mine, Task& of) {
                give_back(of, mine.epoch, mine.service);
                leave(s, mine, of);
            });
        }
        if (slot.phase == Claimed && me.process != Suspended) ask(now, w, j, out);
        if (slot.phase == Allowed && me.process != Suspended && !is_held(now, me)) {
            step("begins", [&](State& s, Slot& mine, Task&) {
                if (lease_is_over(s, mine.service)) s.broken = LateStart;
                mine.phase = Busy;
            });
        }
        if (slot.phase == Busy) {
            const auto end = [](State&, Slot& mine, Task&) {
                mine.result_epoch = mine.epoch;
                mine.result_service = mine.service;
                mine.phase = mine.epoch = mine.service = 0;
            };
            if (slot.result_epoch == 0) {
                if (runs(now, me, slot)) step("the task ends", end);
                if (talks(me) && claim_is_mine && task.cancelled != 0) step("cancelled_claims.sql: killed", end);
            }
            if (talks(me) && !claim_is_mine) step("lost_claims.sql: ended", leave);
        }
        if (slot.result_epoch != 0 && talks(me)) {
            step("finish_claims.sql", [&](State& s, Slot& mine, Task& of) {
                finish(s, mine, of);
                mine.result_epoch = mine.result_service = 0;
            });
            if (now.faults > 0) {
                step(
                    "finish_claims.sql, whose answer is lost: it will be sent again",
                    [&](State& s, Slot& mine, Task& of) { finish(s, mine, of); }, Kind::Fault);
            }
        }
    }

    /// "May I start?": from memory while claim and beat are fresh, else may_start.sql.
    void ask(const State& now, Byte w, Byte j, Steps<State>& out) const {
        const Worker<Jobs>& me = now.workers[w];
        const Slot& slot = me.slots[j];
        const Task& task = now.tasks[j];
        const bool same_name = slot.service == me.service && me.process == Up;
        const auto step = [&](std::string_view name, const auto& change) {
            State after = now;
            change(after.workers[w].slots[j]);
            out.add(name, w, after);
        };
        const auto allow = [](Slot& mine) { mine.phase = Allowed; };
        const auto drop = [](Slot& mine) { mine.phase = mine.epoch = mine.service = 0; };
        if (plant.begins_unasked) return step("does not ask", allow);
        if (!same_name) return step("drops what another service has claimed", drop);
        if (now.services[me.service].age == 0) step("may start: the claim is fresh", allow);
        if (!talks(me)) return;
        const bool there = task.claim == slot.epoch && task.holder == slot.service;
        if (there && task.cancelled == 0) return step("may_start.sql: yes", allow);
        if (there && !plant.forgets_cancelled) {
            if (slot.result_epoch != 0) return;  // room for one result
            return step("may_start.sql: no, it is to be killed", [&](Slot& mine) {
                mine.result_epoch = mine.epoch;
                mine.result_service = mine.service;
                drop(mine);
            });
        }
        step("may_start.sql: no", drop);
    }

    void finish(State& s, const Slot& mine, Task& task) const {
        bool counts = task.claim == mine.result_epoch && task.holder == mine.result_service;
        if (plant.result_without_epoch) counts = task.claim != 0;
        if (plant.result_without_claim) counts = true;
        if (!counts) return;  // it is kept on record
        if ((task.accepted & bit(mine.result_epoch)) != 0)
            s.broken = TwiceAccepted;
        else if (mine.result_epoch != task.epoch)
            s.broken = WrongEpoch;
        task.accepted |= bit(mine.result_epoch);
        task.finished |= bit(task.claim);
        task.claim = task.holder = task.cancelled = 0;
    }

    // ---------------------------------------------------------------------------------- time, reaper, execution

    void time_and_reaper(const State& now, Byte s, Steps<State>& out) const {
        const Service& row = now.services[s];
        const bool counts = row.state == Running || row.state == Draining;
        const int who = 10 + s;
        const bool has_claims = std::any_of(now.tasks.begin(), now.tasks.end(),
                                            [&](const Task& task) { return task.claim != 0 && task.holder == s; });
        if ((counts && row.age >= 3) || ((row.state == Stopped || row.state == Dead) && has_claims)) {
            State after = now;
            after.services[s] = {Dead, 3};
            for (Task& task : after.tasks) {
                if (task.claim == 0 || task.holder != s) continue;
                if (!plant.reaps_silently) task.lost |= bit(task.claim);
                task.claim = task.holder = task.cancelled = 0;
            }
            out.add("bury_service.sql, reap_claims.sql", who, after);
        }
        if (!counts || row.age >= 3) return;
        State after = now;
        ++after.services[s].age;
        for (Byte w = 0; w < kWorkers; ++w) {
            const Worker<Jobs>& owner = after.workers[w];
            if (owner.service != s || owner.process == Down || owner.process == Fenced) continue;
            const bool silent = owner.cut != 0 || owner.process == Frozen;
            if (!silent && row.age >= 1) return;                                      // a beat comes in time
            if (owner.process == Up && row.age >= 2 && !plant.no_self_fence) return;  // the watchdog comes in time
        }
        out.add("time goes by", who, after);
    }

    void execution(const State& now, Byte j, Steps<State>& out) const {
        const Task& task = now.tasks[j];
        const auto step = [&](std::string_view name, const auto& change, Kind kind = Kind::Normal) {
            State after = now;
            change(after, after.tasks[j]);
            out.add(name, 20 + j, after, kind);
        };
        const auto again = [](Task& of, Byte epoch) {
            if (of.over != 0 || of.epoch != epoch) return;
            if (of.killing != 0) {
                of.over = 1;
                return;
            }
            of.job = ++of.epoch;
        };
        for (Byte e = 1; e <= task.epoch; ++e) {
            if ((task.finished & bit(e)) != 0) {
                step("take_events.sql: task_finished", [&](State&, Task& of) {
                    of.finished &= static_cast<Byte>(~bit(e));
                    if (of.over == 0 && of.epoch == e) of.over = 1;
                });
            }
            if ((task.lost & bit(e)) != 0) {
                step("take_events.sql, put_jobs.sql: worker_lost", [&](State&, Task& of) {
                    of.lost &= static_cast<Byte>(~bit(e));
                    again(of, e);
                });
            }
            if ((task.returned & bit(e)) != 0) {
                step("take_events.sql, put_jobs.sql: job_returned", [&](State&, Task& of) {
                    of.returned &= static_cast<Byte>(~bit(e));
                    again(of, e);
                });
            }
        }
        if (now.kills > 0 && task.over == 0 && task.killing == 0) {
            step(
                "cancel_jobs.sql, cancel_claims.sql",
                [](State& s, Task& of) {
                    --s.kills;
                    of.killing = 1;
                    if (of.job != 0) of.over = 1;
                    of.job = 0;
                    if (of.claim != 0) of.cancelled = 1;
                },
                Kind::Fault);
        }
    }
};

}  // namespace

TEST_CASE("model of claims: one job, two faults, a kill: a result counts once, nothing is lost, all comes to an end") {
    check_holds(Model<1>{});
    check_holds(Model<1>{.children = false});
}

TEST_CASE("model of claims: two jobs and a fault") {
    check_holds(Model<2>{.faults = 1, .kills = 0});
}

TEST_CASE("the model of claims finds a result that is accepted without its epoch") {
    check_finds(Model<1>{.kills = 0, .plant = {.result_without_epoch = true}}, "another epoch");
    check_finds(Model<1>{.kills = 0, .plant = {.result_without_claim = true}}, "two results");
}

TEST_CASE("the model of claims finds a worker that does not hold its tasks in time, or lets them go on too early") {
    check_finds(Model<1>{.kills = 0, .children = false, .plant = {.no_self_fence = true}}, "after the lease is over");
    check_finds(Model<1>{.kills = 0, .plant = {.no_guard = true}}, "after the lease is over");
    check_finds(Model<1>{.kills = 0, .plant = {.goes_on_unasked = true}}, "after the lease is over");
}

TEST_CASE("the model of claims finds a task that begins without asking") {
    check_finds(Model<1>{.kills = 0, .plant = {.begins_unasked = true}}, "after the lease is over");
}

TEST_CASE("the model of claims finds jobs that are forgotten") {
    check_finds(Model<1>{.kills = 0, .plant = {.reaps_silently = true}}, "lost");
    check_finds(Model<1>{.kills = 0, .plant = {.returns_silently = true}}, "lost");
    check_finds(Model<1>{.kills = 0, .plant = {.forgets_lost_answers = true}}, "no way leads to an end");
    check_finds(Model<1>{.kills = 0, .children = false, .plant = {.keeps_ended = true}}, "no way leads to an end");
    check_finds(Model<1>{.plant = {.forgets_cancelled = true}}, "no way leads to an end");
}

}  // namespace sluice::test::claims
