#pragma once
#include <functional>
#include <string>
#include <vector>

#include "flow/flow.h"

namespace sluice::flow {

/// What is known about one input after it was looked at.
struct CheckedInput {
    const Input* input = nullptr;
    Value value{};        // null: none
    bool enabled = true;  // false: its dependsOn does not hold, and it is left out
    bool is_default = false;
    std::vector<std::string> problems{};  // whole sentences
};

/// Inputs from their definitions as plain values, such as a Pause's onResume. What is wrong with them was told when the
/// flow was read.
std::vector<Input> inputs_of(const Value& definitions);

struct InputContext {
    /// Renders an expression to a value with its type; `inputs` are those that may be seen.
    std::function<Result<Value>(std::string_view text, const Value& inputs)> render{};
    /// The same as text, which may stand between other text.
    std::function<Result<std::string>(std::string_view text, const Value& inputs)> render_text{};
    /// Encrypts what a SECRET input holds. Not set: encryption is not configured
    std::function<Result<Value>(const std::string& plain)> encrypt{};
    /// The plain text of a sealed value. Not set: sealed values are taken as they are
    std::function<Result<std::string>(const std::string& sealed)> decrypt{};
    /// What is stored of a value, and shown of a problem, when a default has read a secret. May be empty
    std::function<Value(const Value& value)> hide{};
    std::function<std::string(std::string text)> mask{};
};

/// Looks at all inputs: defaults, dependencies, types, rules.
/// Source  flows.md §2
std::vector<CheckedInput> check_inputs(const std::vector<Input>& inputs, const Value& supplied,
                                       const InputContext& context);

/// The values of an execution, with dotted ids nested.
/// Errors  Invalid: the first input that is wrong, with one detail for each problem
Result<Value> resolve_inputs(const std::vector<Input>& inputs, const Value& supplied, const InputContext& context);

/// Makes a value be of an output's type, by the same rules.
Result<Value> typed_value(InputType type, std::optional<InputType> item_type, const std::string& id, const Value& value,
                          const InputContext& context);

}  // namespace sluice::flow
