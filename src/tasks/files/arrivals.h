#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "plugin/task_context.h"

namespace sluice::tasks {

/// Which things of a place are new since the last look: what triggers on files have in common.
///
/// What was taken is remembered with the execution, in one transaction, and moved or deleted after that: a worker that
/// dies in between leaves a thing that the next look finds taken, and only moves.
class Arrivals {
  public:
    struct Thing {
        std::string name{};
        std::string version{};  // another one: it was changed
    };
    enum class On { Create, Update, Both };

    /// remembered  what the last look left; null: this is the first
    Arrivals(const Value& remembered, On on);

    struct Look {
        std::vector<std::size_t> fresh{};  // indices: to be taken now
        std::vector<std::size_t> taken{};  // taken before, and still there
    };
    Look look(const std::vector<Thing>& there, std::size_t most);

    /// What the next look needs: of the things that are there, those seen or taken by now.
    Value memory() const;

  private:
    Map seen_{};
    Map memory_{};
    On on_;
};

/// CREATE, UPDATE or CREATE_OR_UPDATE
Result<Arrivals::On> arrivals_on(const std::string& word);

}  // namespace sluice::tasks
