#include "webserver/followers.h"

#include "store/executions.h"

namespace sluice::webserver {
namespace {
constexpr Duration kLookAnyway = 1s;
}

bool is_ended(const engine::Execution& execution) {
    const engine::Progress& root = execution.progress;
    const bool after = root.phase == engine::Phase::AfterExecution;
    return is_over(execution.state()) && (!after || root.in_phase == 0);
}

Followers::Followers(pg::Pool& pool, pg::Signals& signals) : Service("followers", {.poll = 60s}), pool_(pool) {
    signals.subscribe(pg::kChangesChannel, [this](const std::vector<std::string>& ids) {
        const bool wanted = state_.with([&](State& state) {
            if (state.followers.empty()) return false;
            bool any = false;
            for (const std::string& id : ids) {
                if (id == "*") state.all_named = any = true;
                else if (state.followers.contains(ExecutionId{id})) any = state.named.insert(ExecutionId{id}).second || any;
            }
            return any;
        });
        if (wanted) waker().wake();
    });
}

Followers::~Followers() { stop(); }

void Followers::follow(const ExecutionId& id, Callback callback) {
    state_.with([&](State& state) {
        state.followers[id].push_back({std::move(callback)});
        state.named.insert(id);
    });
    waker().wake();
}

std::size_t Followers::size() const {
    return state_.with([](const State& state) { return state.followers.size(); });
}

Duration Followers::idle_pause() {
    return state_.with([](const State& state) { return state.followers.empty() ? Duration{60s} : kLookAnyway; });
}

Turn Followers::turn(std::stop_token) {
    const auto now = std::chrono::steady_clock::now();
    const bool anyway = now - last_look_ >= kLookAnyway;
    std::vector<ExecutionId> ids;
    state_.with([&](State& state) {
        if (anyway || state.all_named) {
            for (const auto& [id, followers] : state.followers) ids.push_back(id);
        } else {
            ids.assign(state.named.begin(), state.named.end());
        }
        state.named.clear();
        state.all_named = false;
    });
    if (ids.empty()) return Turn::Idle;
    last_look_ = now;
    const auto executions =
        pool_.with_connection([&](pg::Connection& connection) { return store::load_executions(connection, ids); });
    for (const engine::Execution& one : executions) tell(one);
    return Turn::Idle;
}

void Followers::tell(const engine::Execution& execution) {
    // Callbacks run outside the lock: they may send, and follow something else.
    auto followers = state_.with([&](State& state) {
        const auto found = state.followers.find(execution.id);
        return found != state.followers.end() ? std::exchange(found->second, {}) : std::vector<Follower>();
    });
    const bool ended = is_ended(execution);
    std::erase_if(followers, [&](Follower& follower) {
        if (follower.told_version == execution.version) return false;
        follower.told_version = execution.version;
        return !follower.callback(execution, ended) || ended;
    });
    state_.with([&](State& state) {
        auto& now = state.followers[execution.id];
        now.insert(now.end(), std::make_move_iterator(followers.begin()), std::make_move_iterator(followers.end()));
        if (now.empty()) state.followers.erase(execution.id);
    });
}

}  // namespace sluice::webserver
