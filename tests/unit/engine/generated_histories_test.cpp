// Flows and histories made at random; what must hold is checked after every step (EngineRig::check_invariants).
// They are the seeds from 1 on, the same in each run, until the engine has made SLUICE_STEPS steps; SLUICE_SEED=n runs
// exactly that one.
#include <random>

#include "support/engine_rig.h"

using namespace sluice;
using namespace sluice::test;
using namespace sluice::engine;

namespace {

using Random = std::mt19937_64;

int pick(Random& random, int below) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(below));
}

class FlowMaker {
  public:
    explicit FlowMaker(Random& random) : random_(random) {}

    std::string flow() {
        std::string out = "tasks: [" + tasks(0, 1 + pick(random_, 4)) + "]\n";
        if (pick(random_, 3) == 0) out += "errors: [" + tasks(3, 1) + "]\n";
        if (pick(random_, 3) == 0) out += "finally: [" + tasks(3, 1) + "]\n";
        if (pick(random_, 4) == 0) out += "afterExecution: [" + tasks(3, 1) + "]\n";
        if (pick(random_, 6) == 0) out += "listeners: [{tasks: [" + tasks(3, 1) + "]}, {tasks: [" + tasks(3, 1) + "]}]\n";
        if (pick(random_, 5) == 0) out += "retry: {type: constant, interval: PT1S, maxAttempts: 2}\n";
        return out;
    }

  private:
    std::string tasks(int depth, int count) {
        std::string out;
        for (int i = 0; i < count; ++i) (out += i > 0 ? ", " : "") += task(depth);
        return out;
    }

    std::string base(const char* type) {
        std::string out = fmt::format("{{id: t{}, type: {}", next_++, type);
        if (pick(random_, 6) == 0) out += ", allowFailure: true";
        if (pick(random_, 12) == 0) out += ", allowWarning: true";
        if (pick(random_, 12) == 0) out += ", runIf: 'false'";
        if (pick(random_, 15) == 0) out += ", disabled: true";
        return out;
    }

    std::string branches(int depth) {
        std::string out;
        if (pick(random_, 4) == 0) out += ", errors: [" + tasks(depth + 2, 1) + "]";
        if (pick(random_, 4) == 0) out += ", finally: [" + tasks(depth + 2, 1) + "]";
        return out;
    }

    std::string leaf() {
        const int kind = pick(random_, 6);
        if (kind < 3) return base("t.Work") + retry() + "}";
        const char* results[] = {"SUCCESS", "SUCCESS", "SUCCESS", "WARNING", "FAILED"};
        if (pick(random_, 15) == 0) return base("t.Light") + ", exit: " + exits_[pick(random_, 4)] + "}";
        return base("t.Light") + ", result: " + results[pick(random_, 5)] + retry() + "}";
    }

    std::string retry() {
        if (pick(random_, 6) != 0) return "";
        return ", retry: {type: constant, interval: PT1S, maxAttempts: 3}";
    }

    std::string task(int depth) {
        if (depth >= 3 || pick(random_, 2) == 0) return leaf();
        const std::string inside = ", tasks: [" + tasks(depth + 1, 1 + pick(random_, 3)) + "]" + branches(depth);
        switch (pick(random_, 12)) {
            case 0:
                return base("core.flow.Sequential") + inside + "}";
            case 1:
                return base("core.flow.Parallel") + fmt::format(", concurrent: {}", pick(random_, 3)) + inside + "}";
            case 2:
                return base("core.flow.ForEach") +
                       fmt::format(", values: [a, b, c], concurrencyLimit: {}", pick(random_, 3)) + inside + "}";
            case 3:
                return base("core.flow.EachParallel") + ", value: '[1, 2]'" + inside + "}";
            case 4:
                return base("core.flow.AllowFailure") + inside + "}";
            case 5:
                return base("core.flow.If") + ", condition: '" + (pick(random_, 2) == 0 ? "true" : "false") +
                       "', then: [" + tasks(depth + 1, 1) + "], else: [" + tasks(depth + 1, 1) + "]" + branches(depth) +
                       "}";
            case 6:
                return base("core.flow.Switch") + ", value: '" + (pick(random_, 2) == 0 ? "x" : "y") +
                       "', cases: {x: [" + tasks(depth + 1, 1) + "]}, defaults: [" + tasks(depth + 1, 1) + "]}";
            case 7:
                return base("core.flow.Pause") + (pick(random_, 2) == 0 ? ", pauseDuration: PT2S" : ", timeout: PT9S") +
                       "}";
            case 8:
                return base("core.flow.LoopUntil") +
                       ", condition: 'false', checkFrequency: {interval: PT1S, maxIterations: 2}" + inside + "}";
            case 9:
            case 10: {
                std::string out = base("core.flow.WorkingDirectory") + ", tasks: [" + leaf();
                if (pick(random_, 2) == 0) out += ", " + leaf();
                return out + "]" + branches(depth) + "}";
            }
            default:
                return dag(depth);
        }
    }

    std::string dag(int depth) {
        std::string out = base("core.flow.Dag") + ", tasks: [";
        std::vector<std::string> ids;
        for (int i = 0; i < 3; ++i) {
            const std::string one = task(depth + 1);
            const auto from = one.find("t", 5);
            const std::string id = one.substr(from, one.find(',') - from);
            out += (i > 0 ? ", {task: " : "{task: ") + one;
            if (!ids.empty() && pick(random_, 2) == 0)
                out +=
                    ", dependsOn: [" + ids[static_cast<std::size_t>(pick(random_, static_cast<int>(ids.size())))] + "]";
            out += "}";
            ids.push_back(id);
        }
        return out + "]" + branches(depth) + "}";
    }

    Random& random_;
    int next_ = 0;
    const char* exits_[4] = {"SUCCESS", "FAILED", "KILLED", "CANCELLED"};
};

State any_result(Random& random) {
    const State results[] = {State::Success, State::Success, State::Success, State::Warning, State::Failed};
    return results[pick(random, 5)];
}

/// A job that a worker took, and what it may still send.
struct Claimed {
    Job job;
};

struct MadeFlow {
    std::string yaml{};
    flow::FlowPtr flow{};
};

/// Four histories share a flow: reading one takes longer than living through it.
constexpr std::uint64_t kHistoriesOfFlow = 4;

MadeFlow made_flow(std::uint64_t seed) {
    Random random(seed / kHistoriesOfFlow);
    const std::string yaml = FlowMaker(random).flow();
    CAPTURE(yaml);
    return {yaml, flow_of(yaml)};
}

/// Returns the steps that the engine made
int one_history(std::uint64_t seed, const MadeFlow& made) {
    CAPTURE(seed);
    CAPTURE(made.yaml);
    Random random(seed);
    EngineRig rig(made.flow);
    rig.limits.task_runs = 1 + pick(random, 6);
    std::vector<Job> claimed;
    std::vector<TaskFinished> sent;
    const auto settle_cancelled = [&] {
        // A worker that was told to kill its task reports it as killed.
        for (std::size_t i = 0; i < claimed.size();) {
            const auto found = rig.stored.find(claimed[i].task_run_id);
            if (found == rig.stored.end() || found->second.state() != State::Killing) {
                ++i;
                continue;
            }
            const TaskFinished result{
                claimed[i].task_run_id, claimed[i].epoch, State::Killed, {}, "w", rig.now, rig.now};
            claimed.erase(claimed.begin() + static_cast<std::ptrdiff_t>(i));
            rig.claimed = static_cast<int>(claimed.size());
            rig.apply(result);
            i = 0;
        }
    };
    rig.start();
    int restarts = 0;
    bool killed = false;
    for (int turn = 0; turn < 400; ++turn) {
        rig.claimed = static_cast<int>(claimed.size());
        settle_cancelled();
        const bool over = is_over(rig.state());
        if (over && claimed.empty() && rig.jobs.empty() && restarts >= 1) break;
        switch (pick(random, 12)) {
            case 0:
            case 1:
            case 2:  // a worker claims
                if (!rig.jobs.empty()) {
                    claimed.push_back(rig.jobs.front());
                    rig.jobs.pop_front();
                }
                break;
            case 3:
            case 4:
            case 5: {  // a worker reports
                if (claimed.empty()) break;
                const auto at = static_cast<std::size_t>(pick(random, static_cast<int>(claimed.size())));
                const TaskFinished result{
                    claimed[at].task_run_id, claimed[at].epoch, any_result(random), {}, "w", rig.now, rig.now};
                claimed.erase(claimed.begin() + static_cast<std::ptrdiff_t>(at));
                rig.claimed = static_cast<int>(claimed.size());
                sent.push_back(result);
                rig.apply(result);
                break;
            }
            case 6: {  // a worker dies
                if (claimed.empty()) break;
                const Job lost = claimed.back();
                claimed.pop_back();
                rig.claimed = static_cast<int>(claimed.size());
                rig.apply(WorkerLost{lost.task_run_id, lost.epoch, "w", rig.now});
                break;
            }
            case 7:  // an old result comes again
                if (!sent.empty()) {
                    TaskFinished again = sent[static_cast<std::size_t>(pick(random, static_cast<int>(sent.size())))];
                    const auto found = rig.stored.find(again.task_run_id);
                    const bool stale = found == rig.stored.end() || is_over(found->second.state()) ||
                                       found->second.epoch != again.epoch;
                    if (stale) rig.apply(again);
                }
                break;
            case 8:
                rig.pass(1s);
                break;
            case 9:
                rig.apply(ResumeRequested{});
                break;
            case 10:
                if (pick(random, 12) == 0 && !killed) {
                    killed = true;
                    rig.apply(KillRequested{});
                }
                break;
            default:
                if (over && rig.finished && restarts < 2 && rig.state() == State::Failed && claimed.empty() &&
                    rig.jobs.empty()) {
                    ++restarts;
                    auto step_result = accepts(rig.execution, RestartRequested{});
                    CHECK(step_result.has_value());
                    bool any_failed = false;
                    for (const TaskRun& one : rig.runs()) any_failed = any_failed || one.state() == State::Failed;
                    if (any_failed && rig.accepts_restart()) {
                        rig.finished = false;
                        rig.apply(RestartRequested{});
                    }
                } else if (over) {
                    restarts = 2;
                }
        }
    }
    // Everybody answers, all time passes: it must come to an end.
    for (int round = 0; round < 300 && !rig.finished; ++round) {
        rig.claimed = static_cast<int>(claimed.size());
        settle_cancelled();
        for (const Job& job : std::exchange(claimed, {})) {
            rig.claimed = 0;
            rig.apply(TaskFinished{job.task_run_id, job.epoch, State::Success, {}, "w", rig.now, rig.now});
        }
        rig.claimed = 0;
        rig.finish_all();
        rig.pass(10s);
        rig.apply(ResumeRequested{});
    }
    CHECK(is_over(rig.state()));
    CHECK(rig.finished);
    for (const TaskRun& one : rig.runs()) CHECK(is_over(one.state()));
    return rig.steps;
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// A sanitizer's build does a thirtieth of it: what it looks for shows up at once or never.
#ifdef NDEBUG
constexpr std::int64_t kSteps = 1'000'000;
#else
constexpr std::int64_t kSteps = 30'000;
#endif

}  // namespace

TEST_CASE("whatever happens in whatever order, an execution ends and its rows agree") {
    if (const std::uint64_t seed = from_environment("SLUICE_SEED", 0); seed != 0) {
        one_history(seed, made_flow(seed));
        return;
    }
    const auto enough = static_cast<std::int64_t>(from_environment("SLUICE_STEPS", kSteps));
    std::int64_t steps = 0;
    std::uint64_t seed = 0;
    for (MadeFlow made; steps < enough;) {
        if (++seed == 1 || seed % kHistoriesOfFlow == 0) made = made_flow(seed);
        steps += one_history(seed, made);
    }
    MESSAGE("seeds 1 to " << seed << ": " << steps << " steps");
}
