#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "expr/budget.h"
#include "expr/environment.h"
#include "expr/java_regex.h"
#include "expr/list_changes.h"
#include "expr/zone.h"
#include "value/value.h"

namespace sluice::expr {

namespace jq {
struct Program;
}

/// What lasts for one render and all that it starts inside itself: the limits, what it knows from outside, and the
/// lists that it changed.
class Session {
  public:
    Session(Environment& environment, const Limits& limits) : budget_(limits), environment_(environment) {}

    Budget& budget() { return budget_; }
    Environment& environment() { return environment_; }
    ListChanges& changes() { return changes_; }

    /// Where dates are shown that say no zone
    const Zone& zone();

    /// Compiled once
    const JavaRegex& regex(const std::string& pattern);
    /// Parsed once
    std::shared_ptr<const jq::Program> jq_program(const std::string& text);

    /// An entry of a lazy map; each is fetched once. Null: there is none.
    const Value* find_in(const LazyMap& lazy, std::string_view key);
    /// All of a lazy map, fetched once.
    const Value& all_of(const LazyMap& lazy);
    /// The value itself, or all of it when it is lazy
    const Value& forced(const Value& value) { return value.is_lazy() ? all_of(value.as_lazy()) : value; }

  private:
    Budget budget_;
    Environment& environment_;
    ListChanges changes_{};
    std::optional<Zone> zone_{};
    std::map<std::string, JavaRegex> regexes_{};
    std::map<std::string, std::shared_ptr<const jq::Program>> jq_programs_{};
    std::map<std::pair<const LazyMap*, std::string>, std::optional<Value>> entries_{};
    std::map<const LazyMap*, Value> whole_{};
};

}  // namespace sluice::expr
