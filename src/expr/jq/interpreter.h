#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/failure.h"
#include "expr/jq/ast.h"
#include "expr/jq/emit.h"
#include "expr/session.h"

namespace sluice::expr::jq {

/// An error that a program may catch; its value is what `catch` gets.
struct Raised {
    Value value;
    int passes = 0;  // the try that it was raised behind, and not inside of; 0: inside of any
};

template <class... Args>
Raised raised(fmt::format_string<Args...> format, Args&&... args) {
    return {Value(fmt::format(format, std::forward<Args>(args)...))};
}

/// What a name means somewhere: a chain of bindings, the innermost first, which live on the stack.
struct Scope {
    enum class Kind { Variable, Function, Closure, Label };

    const Scope* outer = nullptr;
    Kind kind = Kind::Variable;
    std::string_view name{};
    const Value* value = nullptr;        // of a variable
    const Function* function = nullptr;  // of a function
    const Node* body = nullptr;          // of a closure: an argument, with the scope that it was written in
    const Scope* home = nullptr;
    int label = 0;  // of a label
};

class Interpreter;

/// A built-in function that evaluates its arguments itself, as often as it likes.
using NativeRun = Flow (*)(Interpreter&, std::span<const NodePtr> arguments, const Scope*, const Item&, Emit);
/// One that maps its input, and each combination of the values of its arguments, to a value.
using PlainRun = Value (*)(Interpreter&, const Value& input, std::span<const Value> arguments);

struct NativeFunction {
    std::string_view name;
    std::size_t arity;
    NativeRun run;
};
struct PlainFunction {
    std::string_view name;
    std::size_t arity;
    PlainRun run;
};

/// Runs a program: each value that an expression makes is handed on at once.
/// Throws  Raised, for errors of jq; Failure, when a limit is reached
class Interpreter {
  public:
    explicit Interpreter(Session& session);

    Flow evaluate(const Node& node, const Scope* scope, const Item& input, Emit emit);

    /// All values at once
    List all(const Node& node, const Scope* scope, const Item& input);
    /// Each value, without a path
    Flow each(const Node& node, const Scope* scope, const Value& input, Emit emit);

    Session& session() { return session_; }
    /// Counts what was made, which must not be too big or too deep.
    Value made(Value value);

    // ---- paths.cpp ----

    /// The item at a key of this one, with its path
    Flow at(const Item& of, const Value& key, Emit emit);
    Flow children(const Item& of, Emit emit);
    Value path_of(const Item& item) const;
    Value get(const Value& of, const Value& key);
    Value get_path(const Value& of, const List& path, std::size_t from = 0);
    Value set_path(const Value& of, const List& path, const Value& value, std::size_t from = 0);
    Value delete_paths(const Value& of, List paths);
    List paths(const Node& node, const Scope* scope, const Value& input);

  private:
    Flow evaluate_here(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow recurse_all(const Item& input, Emit emit);
    Flow text(const Node& node, const Scope* scope, const Item& input, std::size_t part, const std::string& before,
              Emit emit);
    Flow variable(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow index(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow slice(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow map(const Node& node, const Scope* scope, const Item& input, std::size_t entry, const Map& before, Emit emit);
    Flow binary(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow logical(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow alternative(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow assign(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow update(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow condition(const Node& node, const Scope* scope, const Item& input, std::size_t branch, Emit emit);
    Flow attempt(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow reduce(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow foreach (const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow labelled(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow broken(const Node& node, const Scope* scope);

    // ---- calls.cpp ----

    using Body = const std::function<Flow(const Scope*)>&;
    Flow bind(const Pattern& pattern, const Scope* scope, const Value& value, const Item& input, Body body);
    Flow bind_items(const Pattern& pattern, std::size_t item, const Scope* scope, const Value& value, const Item& input,
                    Body body);
    Flow bind_entries(const Pattern& pattern, std::size_t entry, const Scope* scope, const Value& value,
                      const Item& input, Body body);
    Flow call(const Node& node, const Scope* scope, const Item& input, Emit emit);
    Flow call_function(const Function& function, const Scope* home, const Node& node, std::size_t parameter,
                       const Scope* inner, const Scope* scope, const Item& input, Emit emit);
    Flow call_plain(const PlainFunction& function, const Node& node, const Scope* scope, const Item& input,
                    std::vector<Value>& values, Emit emit);

    /// Stops before the stack is full.
    class Level {
      public:
        explicit Level(Interpreter& interpreter);
    };

    Session& session_;
    const char* stack_;
    int last_label_ = 0;
    int breaking_ = 0;  // the label that is being left; 0: none
    int last_try_ = 0;
};

/// Whether the value counts as true: everything but null and false.
inline bool is_true(const Value& value) {
    return !value.is_null() && value != Value(false);
}

// builtins_*.cpp
const NativeFunction* find_native(std::string_view name, std::size_t arity);
const PlainFunction* find_plain(std::string_view name, std::size_t arity);
/// Functions that are written in jq
const Function* find_prelude(std::string_view name, std::size_t arity);

}  // namespace sluice::expr::jq
