#include "worker/poller.h"

#include <algorithm>
#include <pthread.h>

#include "base/utf8.h"
#include "queue/queue.h"
#include "schedule/conditions.h"
#include "store/executions.h"

namespace sluice::worker {
namespace {

constexpr std::size_t kThreads = 4;
constexpr Duration kUsualInterval = 60s;
constexpr Duration kPauseAfterTrouble = 1s;

Duration interval_of(const flow::Trigger& trigger) {
    return parse_duration(trigger.properties.text("interval")).value_or(kUsualInterval);
}

/// Errors  Expression: a label or an input can't be rendered
Result<void> fill(engine::Execution& out, const flow::Trigger& trigger, PollContext& context, const Map& names) {
    for (const flow::Label& label : trigger.labels) {
        auto value = context.render(label.value, names);
        if (!value) return tl::unexpected(value.error());
        flow::put_label(out.labels, {label.key, context.masked(std::move(*value))});
    }
    if (!trigger.inputs.is_map()) return {};
    auto inputs = context.render_tree(trigger.inputs, names);
    if (!inputs) return tl::unexpected(inputs.error());
    out.inputs = context.without_secrets(std::move(*inputs));
    return {};
}

/// The execution of what was found; or that of an evaluation that failed, which has failed before it began: people look
/// for a failed execution, not for a silent trigger.
store::PollEnd started_by(const flow::Flow& flow, const flow::Trigger& trigger, PollContext& context,
                          Result<Value> found) {
    const Timestamp now = time_of_id(context.place().execution_id.text());
    engine::Execution out;
    out.id = context.place().execution_id;
    out.flow = flow.id;
    out.flow_revision = flow.revision;
    out.history.add(State::Created, now);
    const Value variables = found ? context.without_secrets(std::move(*found)) : Value(Map());
    out.trigger = Value{{"id", trigger.id}, {"type", trigger.type}, {"variables", variables}};
    for (const flow::Label& label : flow.labels) {
        if (!label.key.starts_with("system.")) flow::put_label(out.labels, label);
    }
    Map names;
    names.set("trigger", variables);
    store::PollEnd end{.interval = interval_of(trigger), .holds = !trigger.allow_concurrent};
    out.progress.check_inputs = found && trigger.inputs.is_map();
    const Result<void> filled = found ? fill(out, trigger, context, names) : tl::unexpected(found.error());
    if (!filled) {
        out.history.add(State::Failed, now);
        end.error = context.masked(filled.error().text());
        end.holds = false;
    }
    flow::put_label(out.labels, {"system.correlationId", out.id.text()});
    end.execution = std::move(out);
    return end;
}

}  // namespace

Poller::Poller(pg::Pool& pool, pg::Signals& signals, const cluster::Membership& membership, const Tools& tools,
               std::filesystem::path folder)
    : Service("poller", {.poll = 1s, .longest_poll = 10s}),
      pool_(pool),
      signals_(signals),
      membership_(membership),
      tools_(tools),
      folder_(std::move(folder)),
      waiting_(kThreads) {
    threads_.reserve(kThreads);
    for (std::size_t i = 0; i < kThreads; ++i) {
        threads_.emplace_back([this](std::stop_token stop) {
            pthread_setname_np(pthread_self(), "poll");
            loop(stop);
        });
    }
}

Poller::~Poller() {
    stop();
    end();
}

void Poller::end() {
    for (std::jthread& thread : threads_) thread.request_stop();
    waiting_.close();
    threads_.clear();
}

Turn Poller::turn(std::stop_token) {
    pause_ = Duration::max();
    const std::size_t free = kThreads - busy_;
    if (free == 0 || !membership_.is_alive() || membership_.is_doubtful()) return Turn::Later;
    const ServiceId me = membership_.id();
    const auto next = pool_.with_connection([](pg::Connection& connection) { return store::next_poll(connection); });
    if (!next || *next > Duration{0}) {
        if (next) pause_ = *next + 1ms;
        return Turn::Idle;
    }
    auto polls =
        pool_.with_connection([&](pg::Connection& connection) { return store::take_polls(connection, free, me); });
    if (polls.empty()) return Turn::Later;
    for (store::Poll& poll : polls) {
        ++busy_;
        in_hand_.with([&](auto& in_hand) { in_hand.push_back(poll.id); });
        ensure(waiting_.try_push({std::move(poll), me}), "more polls than threads");
    }
    return Turn::Worked;
}

void Poller::loop(std::stop_token stop) {
    while (true) {
        const auto taken = waiting_.pop(stop, 1h);
        if (!taken) {
            if (stop.stop_requested()) return;
            continue;
        }
        evaluate(*taken, stop);
        if (stop.stop_requested()) hand_back(*taken);
        forget(taken->poll.id);
        --busy_;
        waker().wake();
    }
}

void Poller::forget(const store::TriggerId& id) {
    in_hand_.with([&](auto& in_hand) {
        const auto found = std::ranges::find(in_hand, id);
        if (found != in_hand.end()) in_hand.erase(found);
    });
}

/// Who lost the answer to a taking would keep those triggers from everybody for as long as it lives.
void Poller::recover() {
    pool_.drop_idle();
    const std::vector<store::TriggerId> known = in_hand_.with([](const auto& in_hand) { return in_hand; });
    const std::size_t returned = pool_.with_connection(
        [&](pg::Connection& connection) { return store::return_unknown_polls(connection, membership_.id(), known); });
    if (returned == 0) return;
    log_.info("polls.returned", {{"count", returned}});
    signals_.notify(pg::kTriggersChannel);
}

/// One of the boundaries: whatever a trigger does, it ends as one row. While the database is away it is tried again:
/// the trigger is this worker's as long as its lease holds.
void Poller::evaluate(const Taken& taken, std::stop_token stop) {
    const store::TriggerId& id = taken.poll.id;
    Waker nobody;
    while (!stop.stop_requested() && membership_.id() == taken.worker) {
        try {
            return try_to_evaluate(taken, stop);
        } catch (const std::exception& away) {
            log_.warn("trigger.not_evaluated", {{"namespace", id.flow.namespace_name},
                                                {"flow_id", id.flow.id},
                                                {"trigger_id", id.id},
                                                {"reason", std::string_view(away.what())}});
        }
        nobody.wait(stop, back_off(1, kPauseAfterTrouble, kPauseAfterTrouble));
    }
}

/// What is stopped in the middle is another worker's at once. One that was finished has left its row already.
void Poller::hand_back(const Taken& taken) {
    try {
        const bool returned = pool_.with_connection(
            [&](pg::Connection& connection) { return store::return_poll(connection, taken.poll, taken.worker); });
        if (returned) signals_.notify(pg::kTriggersChannel);
    } catch (const std::exception& away) {  // then it is free when this worker's lease is over
        log_.warn("poll.not_returned", {{"flow", taken.poll.id.flow.text()},
                                        {"trigger_id", taken.poll.id.id},
                                        {"reason", std::string_view(away.what())}});
    }
}

/// Errors  OutsideError: to be tried again. Whatever else goes wrong would go wrong again: it is the evaluation's end.
void Poller::try_to_evaluate(const Taken& taken, std::stop_token stop) {
    try {
        evaluate_once(taken, stop);
    } catch (const OutsideError&) {
        throw;
    } catch (const std::exception& failed) {
        store_end(taken, {.interval = kUsualInterval, .error = repaired_utf8(failed.what())}, {});
    }
}

void Poller::evaluate_once(const Taken& taken, std::stop_token stop) {
    const store::TriggerId& id = taken.poll.id;
    const auto flow = pool_.with_connection(
        [&](pg::Connection& connection) { return tools_.flows.get(connection, id.flow, taken.poll.flow_revision); });
    if (!flow) {
        store_end(taken, {.interval = kUsualInterval, .error = flow.error().text()}, {});
        return;
    }
    const auto trigger = std::ranges::find((*flow)->triggers, id.id, &flow::Trigger::id);
    if (trigger == (*flow)->triggers.end()) {
        store_end(taken, {.interval = kUsualInterval, .error = "the flow has no such trigger"}, {});
        return;
    }
    const ExecutionId execution{time_ordered_id(pool_.clock().now())};
    PollContext context(**flow, *trigger, execution, taken.poll.memory, pool_, tools_,
                        folder_ / ("poll-" + execution.text()), stop);
    Result<Value> found = Value();
    bool fails_an_execution = trigger->fail_on_trigger_error;
    try {
        const auto holds = conditions_hold(**flow, *trigger, context);
        fails_an_execution = fails_an_execution || !holds;
        if (!holds)
            found = tl::unexpected(holds.error());
        else if (*holds)
            found = ask(*trigger, context);
    } catch (const pg::DatabaseError&) {
        throw;
    } catch (const std::exception& failed) {
        found = refuse(ErrorCode::Internal, "{}", failed.what());
    }
    if (stop.stop_requested()) return;
    const bool asked = found.has_value();
    store::PollEnd end{.interval = interval_of(*trigger)};
    if (!asked) {
        end.error = context.masked(found.error().text());
        context.log(LogLevel::Warn, "Trigger evaluation failed in the worker with error: " + end.error);
        if (fails_an_execution) end = started_by(**flow, *trigger, context, std::move(found));
    } else if (!found->is_null()) {
        end = started_by(**flow, *trigger, context, std::move(found));
        if (!end.error.empty()) context.log(LogLevel::Error, end.error);
    }
    if (asked) end.memory = context.take_memory();
    if (!store_end(taken, end, context.take_logs()) || !asked) return;
    if (const auto done = context.do_the_rest(); !done) {
        log_.warn("trigger.not_finished",
                  {{"flow", id.flow.text()}, {"trigger_id", id.id}, {"reason", done.error().text()}});
    }
}

/// Whether it is to be evaluated at all.
/// Errors  as schedule::evaluate
Result<bool> Poller::conditions_hold(const flow::Flow& flow, const flow::Trigger& trigger, PollContext& context) const {
    if (flow.disabled) return false;
    auto zone = zones_.find(tools_.instance.time_zone);
    if (!zone) return tl::unexpected(zone.error());
    const schedule::ConditionContext seen{.date = schedule::ZonedTime::in(*zone, pool_.clock().now()),
                                          .zone = *zone,
                                          .flow = flow.id,
                                          .render = [&](std::string_view text) { return context.render(text); }};
    const auto verdict = schedule::evaluate_all(trigger.conditions, seen);
    if (!verdict) return tl::unexpected(verdict.error());
    return verdict->holds;
}

/// What it puts out; null: it starts nothing
Result<Value> Poller::ask(const flow::Trigger& trigger, PollContext& context) const {
    const plugin::TaskType* type = tools_.tasks.find(trigger.info->name);
    if (type == nullptr) return invalid("no worker of this version evaluates triggers of type {}", trigger.type);
    auto properties = plugin::rendered_properties(*type, trigger.properties, context);
    if (!properties) return tl::unexpected(properties.error());
    return type->run(*properties, context);
}

bool Poller::store_end(const Taken& taken, const store::PollEnd& end, const std::vector<store::LogWrite>& logs) {
    const bool starts = end.execution && !is_over(end.execution->state());
    bool stored = false;
    pool_.in_transaction([&](pg::Transaction& tx) {
        stored = store::finish_poll(tx, taken.poll, taken.worker, end);
        if (!stored) return;
        if (starts) {
            const bool check_inputs = end.execution->progress.check_inputs;
            queue::put_events(tx, {{end.execution->id, engine::Started{.check_inputs = check_inputs}}});
        }
        if (!logs.empty()) store::insert_logs(tx, logs);
    });
    if (stored && starts) signals_.notify(pg::kEventsChannel);
    if (!stored) log_.warn("poll.refused", {{"flow", taken.poll.id.flow.text()}, {"trigger_id", taken.poll.id.id}});
    return stored;
}

}  // namespace sluice::worker
