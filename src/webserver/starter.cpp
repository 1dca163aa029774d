#include "webserver/starter.h"

#include <map>
#include <set>

#include "access/audit.h"
#include "base/probe.h"
#include "queue/queue.h"
#include "store/executions.h"
#include "store/triggers.h"

namespace sluice::webserver {
namespace {
constexpr std::size_t kMost = 500;   // in one transaction
constexpr Duration kPatience = 15s;  // then the client is told that the database is away
/// The webhook that was called; empty: a person asked.
std::optional<store::TriggerId> trigger_of(const Start& start) {
    if (!start.execution.trigger.is_map()) return {};
    return store::TriggerId{start.execution.flow, start.execution.trigger.text("id")};
}

}  // namespace

Starter::Starter(pg::Pool& pool, pg::Signals& signals)
    : Service("starter", {.poll = 60s, .first_back_off = 20ms, .longest_back_off = 500ms}),
      pool_(pool),
      signals_(signals) {}

Starter::~Starter() {
    stop();
}

void Starter::submit(Start start, Done done) {
    waiting_.with([&](auto& waiting) { waiting.push_back({std::move(start), std::move(done)}); });
    waker().wake();
}

Turn Starter::turn(std::stop_token) {
    waiting_.with([&](auto& waiting) {
        while (!waiting.empty() && in_hand_.size() < kMost) {
            in_hand_.push_back(std::move(waiting.front()));
            waiting.pop_front();
        }
    });
    give_up_old(in_hand_);
    if (in_hand_.empty()) return Turn::Idle;
    if (commit_unknown_) read_back(in_hand_);
    try {
        store_all();
    } catch (const pg::CommitUnknown&) {
        commit_unknown_ = true;
        throw;
    }
    return Turn::Worked;
}

void Starter::store_all() {
    try {
        store(in_hand_);
    } catch (const OutsideError&) {
        throw;
    } catch (const std::exception& bug) {
        log_.error("batch.failed", {{"starts", in_hand_.size()}, {"reason", std::string_view(bug.what())}});
        return store_alone();
    }
    answer(std::exchange(in_hand_, {}));
}

/// One of them can't be stored: it is found, and refused; the others are not kept waiting by it.
void Starter::store_alone() {
    while (!in_hand_.empty()) {
        std::deque<Waiting> one;
        one.push_back(std::move(in_hand_.front()));
        in_hand_.pop_front();
        try {
            store(one);
        } catch (const OutsideError&) {
            in_hand_.push_front(std::move(one.front()));
            throw;
        } catch (const std::exception& bug) {
            log_.error("start.failed", {{"execution_id", one.front().start.execution.id},
                                        {"flow", one.front().start.execution.flow.text()},
                                        {"reason", std::string_view(bug.what())}});
            one.front().refused =
                Error{ErrorCode::Internal, "the execution can't be stored; the server's log says why", {}, {}, ""};
        }
        answer(std::move(one));
    }
}

void Starter::answer(std::deque<Waiting> batch) {
    for (Waiting& one : batch) {
        try {
            if (one.refused)
                one.done(tl::unexpected(*one.refused));
            else
                one.done(std::move(one.start.execution));
        } catch (const std::exception& failed) {  // its client is told so; the others get their answers
            log_.error("start.not_answered",
                       {{"execution_id", one.start.execution.id}, {"reason", std::string_view(failed.what())}});
        }
    }
}

void Starter::store(std::deque<Waiting>& batch) {
    std::set<flow::FlowId> flows;
    std::set<store::TriggerId> triggers;
    for (const Waiting& one : batch) {
        if (one.start.of_latest) flows.insert(one.start.flow->id);
        if (const auto trigger = trigger_of(one.start)) triggers.insert(*trigger);
    }
    pool_.in_transaction([&](pg::Transaction& tx) {
        const std::map<flow::FlowId, store::LatestRevision> latest = store::latest_revisions(tx, flows);
        const std::set<store::TriggerId> off = store::disabled_triggers(tx, triggers);
        std::vector<engine::Execution> executions;
        std::vector<engine::Message> events;
        std::vector<access::StartedBy> starts;
        for (Waiting& one : batch) {
            one.refused.reset();
            const auto now = latest.find(one.start.flow->id);
            if (one.start.of_latest && (now == latest.end() || now->second.revision != one.start.flow->revision)) {
                one.refused = Error{ErrorCode::Conflict, "the flow was changed meanwhile", {}, {}, std::string(kStale)};
                continue;
            }
            if (const auto trigger = trigger_of(one.start); trigger && off.contains(*trigger)) {
                one.refused = Error{ErrorCode::NotFound, "Webhook not found", {}, {}, ""};
                continue;
            }
            const engine::Execution& execution = executions.emplace_back(one.start.execution);
            if (one.start.actor) {
                starts.push_back(
                    {*one.start.actor, execution.flow.namespace_name, execution.flow.id, execution.id.text()});
            }
            if (!is_over(one.start.execution.state())) events.push_back({one.start.execution.id, engine::Started{}});
        }
        store::insert_executions(tx, executions);
        queue::put_events(tx, events);
        access::note_starts(tx, starts);
        probe(Probe::WebserverBeforeStart);
    });
    probe(Probe::WebserverAfterStart);
    signals_.notify(pg::kEventsChannel);
}

/// The connection broke during COMMIT: what is there was stored, and must not be stored twice.
void Starter::read_back(std::deque<Waiting>& batch) {
    std::vector<ExecutionId> ids;
    for (const Waiting& one : batch) ids.push_back(one.start.execution.id);
    std::set<ExecutionId> stored;
    pool_.with_connection([&](pg::Connection& connection) {
        for (const engine::Execution& one : store::load_executions(connection, ids)) stored.insert(one.id);
    });
    commit_unknown_ = false;
    std::erase_if(batch, [&](Waiting& one) {
        if (!stored.contains(one.start.execution.id)) return false;
        one.done(std::move(one.start.execution));
        return true;
    });
}

void Starter::give_up_old(std::deque<Waiting>& batch) {
    if (commit_unknown_) return;  // they may be stored: only reading back tells
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(batch, [&](Waiting& one) {
        if (now - one.since < kPatience) return false;
        one.done(refuse(ErrorCode::Unavailable, "the database is not available; nothing was started, try again"));
        return true;
    });
}

void Starter::finish() {
    const auto left = waiting_.with([](auto& waiting) { return std::exchange(waiting, {}); });
    for (const Waiting& one : left) one.done(refuse(ErrorCode::Unavailable, "this server stops; try again"));
    for (const Waiting& one : in_hand_) one.done(refuse(ErrorCode::Unavailable, "this server stops; try again"));
}

}  // namespace sluice::webserver
