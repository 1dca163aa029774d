#pragma once
/// The engine decides what follows from an event; it does no I/O, reads no clock and knows no SQL.
///
/// Promises
/// - Every change of a state is one of kTaskRunMoves or kExecutionMoves.
/// - An event that comes twice, late, or for a task run that is over changes nothing.
/// - A step's cost depends on what the event touches, not on the size of the execution: parents count their children.
/// - A step is bounded: what is left to do becomes a Continued event.
#include "engine/facts.h"

namespace sluice::engine {

struct StepLimits {
    int task_runs = 400;  // created in one step; the rest goes on in the next transaction
};

/// What follows from `event`. `execution` is changed to what it is afterwards; `now` is the time of the transaction.
/// Errors  Conflict: can't happen in this state, tell whoever asked
///         BugError (thrown): our mistake, park the event
Result<Transition> step(const flow::Flow& flow, Execution& execution, const Event& event, Timestamp now, Facts& facts,
                        const StepLimits& limits = {});

/// Whether an execution accepts the request now; what the API answers before it puts the event.
/// Errors  Conflict, with the words that clients know
Result<void> accepts(const Execution& execution, const Event& event);

}  // namespace sluice::engine
