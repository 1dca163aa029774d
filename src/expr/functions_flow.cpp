#include <algorithm>

#include "expr/builtin_tables.h"
#include "expr/evaluator.h"
#include "expr/operators.h"
#include "expr/text_forms.h"
#include "expr/unicode.h"

namespace sluice::expr {
namespace {

/// The value of a loop that a parent, or the task itself, stands in; empty when it stands in none.
std::optional<std::string> loop_value(const Value& of, Session& session) {
    const auto value = of.get("taskrun", "value");
    if (!value || value->is_null()) return {};
    return java_text_of(*value, session);
}

List parents_of(Call& call) {
    const Value parents = call.evaluator().variable("parents");
    return parents.is_list() ? parents.as_list() : List();
}

Value entry_of(const Value& map, const std::string& key) {
    const auto found = map.get(key);
    if (!found) throw Failure(FailureKind::UndefinedVariable, key);
    return *found;
}

/// From the outermost loop to the nearest, and then the task's own value.
Value current_each_output(Call& call) {
    Value at = call.required(0);
    if (!at.is_map() && !at.is_lazy()) call.refuse(0, "the outputs of a task, which are a map");
    const List parents = parents_of(call);
    for (auto parent = parents.rbegin(); parent != parents.rend(); ++parent) {
        const auto value = loop_value(*parent, call.session());
        if (value) at = entry_of(at, *value);
    }
    const Value own = call.evaluator().variable("taskrun")["value"];
    return own.is_null() ? at : entry_of(at, java_text_of(own, call.session()));
}

std::string state_of(const Value& task, Session& session) {
    const auto state = task.get("state");
    return state && !state->is_null() && !state->is_map() ? upper_case(java_text_of(*state, session)) : "";
}

/// Tasks by id, or, for those in a loop, by id and loop value.
Value tasks_with_state(Call& call) {
    Session& session = call.session();
    const std::string wanted = upper_case(java_text_of(call.required(0), session));
    const Value tasks = session.forced(call.evaluator().variable("tasks"));
    List found;
    if (!tasks.is_map()) return Value(std::move(found));
    for (const auto& [id, task] : tasks.as_map()) {
        const Value& all = session.forced(task);
        if (state_of(all, session) == wanted) found.push_back(Value{{"taskId", id}, {"state", wanted}});
        if (!all.is_map()) continue;
        for (const auto& [value, run] : all.as_map()) {
            if (state_of(run, session) != wanted) continue;
            found.push_back(Value{{"taskId", id}, {"state", wanted}, {"value", value}});
        }
    }
    return Value(std::move(found));
}

/// The outputs of the nearest parent, or of the parent with this number, counted from the outermost.
Value parent_output(Call& call) {
    const List parents = parents_of(call);
    Value parent = call.evaluator().variable("parent");
    if (!call[0].is_null()) {
        const std::int64_t index = call.integer_or(0, 0);
        const auto count = static_cast<std::int64_t>(parents.size());
        if (index < 0 || index >= count) throw bad_argument("function 'parentOutput': there is no parent {}", index);
        parent = parents[static_cast<std::size_t>(count - 1 - index)];
    }
    if (parent.is_null()) throw bad_argument("function 'parentOutput': the task has no parent");
    const Value outputs =
        entry_of(call.evaluator().variable("outputs"),
                 parent.get("task", "id").value_or(Value()).is_string() ? parent.get("task", "id")->as_string() : "");
    const auto value = loop_value(parent, call.session());
    const auto of_value = value ? outputs.get(*value) : std::nullopt;
    return of_value.value_or(outputs);
}

/// The output "value" of an iteration, by its position.
Value iteration_output(Call& call) {
    const std::string own_id = call.evaluator().variable("task").text("id");
    const std::string id = call.text_or(0, own_id);
    const Value iteration = call.evaluator().variable("taskrun")["iteration"];
    const std::int64_t present = iteration.if_integer().value_or(0);
    const std::int64_t wanted = call.integer_or(1, present - 1);
    const Value outputs = call.session().forced(entry_of(call.evaluator().variable("outputs"), id));
    if (!outputs.is_map()) throw type_error("function 'iterationOutput': the task '{}' has no iterations", id);
    const auto count = static_cast<std::int64_t>(outputs.as_map().size());
    if (wanted < 0 || wanted >= count) {
        throw bad_argument("function 'iterationOutput': the task '{}' has no iteration {}", id, wanted);
    }
    return (outputs.as_map().begin() + wanted)->second["value"];
}

Value loop_outputs(Call& call) {
    const Value& iterations = call.required(0);
    const std::string& name = call.text(1);
    if (!iterations.is_list()) call.refuse(0, "a list of iterations");
    List found;
    for (const Value& iteration : iterations.as_list()) {
        found.push_back(iteration.get("outputs", std::string_view(name)).value_or(Value()));
    }
    return Value(std::move(found));
}

constexpr BuiltinRow kFunctionsFlow[] = {
    {"currentEachOutput", "outputs", current_each_output, "Of a task's outputs those of the current iteration",
     Accepts::Values, "taskrun parents"},
    {"tasksWithState", "state", tasks_with_state, "The tasks of this execution in this state", Accepts::Values,
     "tasks"},
    {"parentOutput", "index", parent_output, "The outputs of a parent; 0 is the outermost", Accepts::Values,
     "outputs parent parents"},
    {"iterationOutput", "taskId, iteration", iteration_output, "The value that an iteration put out", Accepts::Values,
     "outputs task taskrun"},
    {"loopOutputs", "outputs, name", loop_outputs, "This output of each iteration"},
};

}  // namespace

const std::span<const BuiltinRow> kFlowFunctions = kFunctionsFlow;

}  // namespace sluice::expr
