#include "engine/moves.h"

#include <algorithm>
#include <initializer_list>

namespace sluice::engine {
namespace {

struct Move {
    State from;
    std::initializer_list<State> to;
};

using enum State;

const Move kTaskRunMoves[] = {
    {Created, {Running, Skipped, Failed, Killed, Breakpoint, Success, Warning, Cancelled, Retrying, Retried, Killing}},
    {Restarted,
     {Running, Skipped, Failed, Killed, Breakpoint, Success, Warning, Cancelled, Retrying, Retried, Killing}},
    {Running, {Success, Warning, Failed, Killed, Cancelled, Paused, Killing, Retrying, Retried, Created}},
    {Paused, {Running, Success, Warning, Failed, Cancelled, Killing, Killed, Restarted}},
    {Killing, {Killed, Success, Warning, Failed, Cancelled}},
    {Retrying, {Created, Killed, Killing, Cancelled, Failed}},
    {Breakpoint, {Created, Killed, Killing, Cancelled}},
    // A person may restart what is over, or give it another state.
    {Success, {Restarted, Running, Failed, Warning, Killed, Cancelled, Skipped}},
    {Warning, {Restarted, Running, Failed, Success, Killed, Cancelled, Skipped}},
    {Failed, {Restarted, Running, Retrying, Retried, Success, Warning, Killed, Cancelled, Skipped}},
    {Killed, {Restarted, Running, Success, Warning, Failed, Cancelled, Skipped}},
    {Cancelled, {Restarted, Running, Success, Warning, Failed, Killed, Skipped}},
    {Skipped, {Restarted, Running, Success, Warning, Failed, Killed, Cancelled}},
    {Retried, {Restarted, Running}},
};

const Move kExecutionMoves[] = {
    {Created,
     {Running, Queued, Cancelled, Failed, Success, Killing, Killed, Paused, Warning, Retrying, Retried, Breakpoint}},
    {Queued, {Running, Created, Killing, Killed, Cancelled, Failed}},
    {Running, {Paused, Retrying, Retried, Success, Warning, Failed, Cancelled, Killing, Killed, Breakpoint}},
    {Paused, {Restarted, Running, Killing, Failed, Cancelled, Success, Warning, Retrying}},
    {Restarted, {Running, Killing, Failed, Success, Warning, Paused, Retrying, Cancelled, Breakpoint}},
    {Retrying, {Running, Killing, Failed, Cancelled, Paused, Success, Warning, Retried}},
    {Killing, {Killed}},
    {Breakpoint, {Running, Killing, Cancelled, Failed}},
    {Success, {Restarted, Warning, Failed, Killed, Cancelled}},
    {Warning, {Restarted, Success, Failed, Killed, Cancelled}},
    {Failed, {Restarted, Success, Warning, Killed, Cancelled}},
    {Killed, {Restarted, Success, Warning, Failed, Cancelled}},
    {Cancelled, {Restarted, Success, Warning, Failed, Killed}},
    {Retried, {Restarted, Success, Warning, Failed, Killed, Cancelled}},
};

template <std::size_t N>
bool listed(const Move (&moves)[N], State from, State to) {
    if (from == to) return true;
    for (const Move& move : moves) {
        if (move.from == from) return std::find(move.to.begin(), move.to.end(), to) != move.to.end();
    }
    return false;
}

}  // namespace

bool task_run_may_move(State from, State to) {
    return listed(kTaskRunMoves, from, to);
}
bool execution_may_move(State from, State to) {
    return listed(kExecutionMoves, from, to);
}

}  // namespace sluice::engine
