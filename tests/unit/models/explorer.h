#pragma once
#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "support/test.h"

/// A tiny model checker. A model is a state (a plain struct of bytes) and the steps that its processes could take next;
/// all interleavings are explored, breadth first, so that the trace of a violation is a shortest one.
namespace sluice::test {

/// Whether a run to the end may count on a step. A fault may happen, and so may what is free to, but nothing may need
/// it.
enum class Kind { Normal, Free, Fault };

template <class State>
class Steps {
  public:
    struct One {
        State after{};
        std::string_view name{};  // text that lives for ever: the step, and the statement that it stands for
        int process = 0;
        Kind kind = Kind::Normal;
    };
    void add(std::string_view name, int process, const State& after, Kind kind = Kind::Normal) {
        all_.push_back({after, name, process, kind});
    }
    std::vector<One>& all() { return all_; }

  private:
    std::vector<One> all_{};
};

struct Exploration {
    std::size_t states = 0;
    std::size_t steps = 0;
    std::string violation{};  // empty: all invariants hold
    std::string trace{};      // how it came to that, a step a line
};

template <class State>
struct HashOfBytes {
    static_assert(std::has_unique_object_representations_v<State>, "no padding, and no floating point");
    std::size_t operator()(const State& state) const {
        return std::hash<std::string_view>{}({reinterpret_cast<const char*>(&state), sizeof state});
    }
};

/// A Model has: State; initial(); steps(state, out); broken(state) -> text, empty when all is well; is_end(state).
/// Besides the invariants each state must have a way to an end on which nothing more goes wrong.
template <class Model>
class Explorer {
  public:
    using State = typename Model::State;
    static constexpr std::size_t kMostStates = 2'000'000;

    explicit Explorer(const Model& model) : model_(model) {}

    Exploration run() {
        note(model_.initial(), kNone, "start", 0);
        Steps<State> next;
        for (std::uint32_t at = 0; at < seen_.size(); ++at) {
            const State state = seen_[at].state;
            if (auto broken = model_.broken(state); !broken.empty()) return result(std::move(broken), at);
            next.all().clear();
            model_.steps(state, next);
            for (const auto& step : next.all()) {
                const std::uint32_t to = note(step.after, at, step.name, step.process);
                ++steps_;
                if (step.kind == Kind::Normal) edges_.push_back({at, to});
            }
            if (seen_.size() > kMostStates) return result("the model is too large", at);
        }
        if (const auto stuck = one_without_an_end(); stuck != kNone) return result("no way leads to an end", stuck);
        return result("", kNone);
    }

  private:
    static constexpr std::uint32_t kNone = UINT32_MAX;
    struct Seen {
        State state{};
        std::uint32_t before = kNone;
        std::string_view step{};
        int process = 0;
    };

    std::uint32_t note(const State& state, std::uint32_t before, std::string_view step, int process) {
        const auto [place, is_new] = index_.try_emplace(state, static_cast<std::uint32_t>(seen_.size()));
        if (is_new) seen_.push_back({state, before, step, process});
        return place->second;
    }

    /// Goes backwards from the ends; the first state that is not met then, if there is one.
    std::uint32_t one_without_an_end() const {
        std::vector<std::uint32_t> first(seen_.size() + 1, 0), from(edges_.size());
        for (const auto& edge : edges_) ++first[edge.to + 1];
        for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
        std::vector<std::uint32_t> place(first.begin(), first.end() - 1);
        for (const auto& edge : edges_) from[place[edge.to]++] = edge.from;

        std::vector<bool> ends(seen_.size(), false);
        std::vector<std::uint32_t> todo;
        const auto reach = [&](std::uint32_t state) {
            if (ends[state]) return;
            ends[state] = true;
            todo.push_back(state);
        };
        for (std::uint32_t i = 0; i < seen_.size(); ++i) {
            if (model_.is_end(seen_[i].state)) reach(i);
        }
        while (!todo.empty()) {
            const std::uint32_t to = todo.back();
            todo.pop_back();
            for (std::uint32_t i = first[to]; i < first[to + 1]; ++i) reach(from[i]);
        }
        for (std::uint32_t i = 0; i < seen_.size(); ++i) {
            if (!ends[i]) return i;
        }
        return kNone;
    }

    Exploration result(std::string violation, std::uint32_t last) const {
        Exploration out{seen_.size(), steps_, std::move(violation), ""};
        for (std::uint32_t at = last; at != kNone; at = seen_[at].before) {
            out.trace = fmt::format("  {}: {}\n{}", seen_[at].process, seen_[at].step, out.trace);
        }
        return out;
    }

    struct Edge {
        std::uint32_t from = 0;
        std::uint32_t to = 0;
    };
    const Model& model_;
    std::unordered_map<State, std::uint32_t, HashOfBytes<State>> index_{};
    std::vector<Seen> seen_{};
    std::vector<Edge> edges_{};
    std::size_t steps_ = 0;
};

template <class Model>
Exploration explore(const Model& model) {
    return Explorer<Model>(model).run();
}

/// The model holds in all its states.
template <class Model>
void check_holds(const Model& model) {
    const Exploration seen = explore(model);
    MESSAGE(seen.states, " states, ", seen.steps, " steps");
    CHECK_MESSAGE(seen.violation.empty(), seen.violation, " after\n", seen.trace);
}

/// The planted fault is found: some run breaks what `words` is about.
template <class Model>
void check_finds(const Model& model, const std::string& words) {
    const Exploration seen = explore(model);
    CHECK_MESSAGE(contains(seen.violation, words), "found '", seen.violation, "' in ", seen.states, " states after\n",
                  seen.trace);
}

}  // namespace sluice::test
