#include "expr/jq/interpreter.h"
#include "expr/jq/operators.h"

namespace sluice::expr::jq {

// ---- patterns ----

Flow Interpreter::bind(const Pattern& pattern, const Scope* scope, const Value& value, const Item& input, Body body) {
    switch (pattern.kind) {
        case Pattern::Kind::Variable: {
            const Scope inner{.outer = scope, .kind = Scope::Kind::Variable, .name = pattern.name, .value = &value};
            return body(&inner);
        }
        case Pattern::Kind::List:
            if (!value.is_list() && !value.is_null()) throw raised("Cannot index {} with number", type_of(value));
            return bind_items(pattern, 0, scope, value, input, body);
        case Pattern::Kind::Map:
            return bind_entries(pattern, 0, scope, value, input, body);
    }
    return Flow::Go;
}

Flow Interpreter::bind_items(const Pattern& pattern, std::size_t item, const Scope* scope, const Value& value,
                             const Item& input, Body body) {
    if (item == pattern.items.size()) return body(scope);
    const Value part = get(value, number(static_cast<std::int64_t>(item)));
    return bind(*pattern.items[item], scope, part, input,
                [&](const Scope* inner) { return bind_items(pattern, item + 1, inner, value, input, body); });
}

Flow Interpreter::bind_entries(const Pattern& pattern, std::size_t entry, const Scope* scope, const Value& value,
                               const Item& input, Body body) {
    if (entry == pattern.entries.size()) return body(scope);
    const Pattern::Entry& it = pattern.entries[entry];
    return each(*it.key, scope, input.value, [&](const Item& key) {
        if (!key.value.is_string()) throw raised("Cannot index {} with {}", type_of(value), type_of(key.value));
        const Value part = get(value, key.value);
        const Scope named{.outer = scope, .kind = Scope::Kind::Variable, .name = it.variable, .value = &part};
        const Scope* inner = it.variable.empty() ? scope : &named;
        const auto rest = [&](const Scope* bound) {
            return bind_entries(pattern, entry + 1, bound, value, input, body);
        };
        return it.pattern ? bind(*it.pattern, inner, part, input, rest) : rest(inner);
    });
}

// ---- functions ----

Flow Interpreter::call(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    const std::size_t arity = node.children.size();
    for (const Scope* at = scope; at != nullptr; at = at->outer) {
        if (at->name != node.name) continue;
        if (at->kind == Scope::Kind::Closure && arity == 0) return evaluate(*at->body, at->home, input, emit);
        if (at->kind != Scope::Kind::Function || at->function->parameters.size() != arity) continue;
        return call_function(*at->function, at, node, 0, at, scope, input, emit);
    }
    if (const NativeFunction* native = find_native(node.name, arity)) {
        return native->run(*this, node.children, scope, input, emit);
    }
    if (const PlainFunction* plain = find_plain(node.name, arity)) {
        std::vector<Value> values(arity);
        return call_plain(*plain, node, scope, input, values, emit);
    }
    if (const Function* function = find_prelude(node.name, arity)) {
        return call_function(*function, nullptr, node, 0, nullptr, scope, input, emit);
    }
    throw failure(FailureKind::JqError, "jq: there is no function {}/{}", node.name, arity);
}

/// Binds the parameters one after the other, and then runs the body. `home` is where the function was defined.
Flow Interpreter::call_function(const Function& function, const Scope* home, const Node& node, std::size_t parameter,
                                const Scope* inner, const Scope* scope, const Item& input, Emit emit) {
    if (parameter == function.parameters.size()) return evaluate(*function.body, inner, input, emit);
    const Function::Parameter& it = function.parameters[parameter];
    const Node* body = node.child(parameter);
    const Scope* body_scope = scope;
    // An argument that is itself an argument is passed on as it is, lest chains of them grow with each call.
    for (const Scope* at = scope; body->kind == NodeKind::Call && body->children.empty() && at != nullptr;
         at = at->outer) {
        if (at->name != body->name || at->kind == Scope::Kind::Variable || at->kind == Scope::Kind::Label) continue;
        if (at->kind == Scope::Kind::Closure) {
            body = at->body;
            body_scope = at->home;
        }
        break;
    }
    const Scope closure{
        .outer = inner, .kind = Scope::Kind::Closure, .name = it.name, .body = body, .home = body_scope};
    if (!it.is_value) return call_function(function, home, node, parameter + 1, &closure, scope, input, emit);
    return each(*node.child(parameter), scope, input.value, [&](const Item& value) {
        const Scope variable{.outer = &closure, .kind = Scope::Kind::Variable, .name = it.name, .value = &value.value};
        return call_function(function, home, node, parameter + 1, &variable, scope, input, emit);
    });
}

/// Evaluates the arguments from the first on; the last one changes fastest.
Flow Interpreter::call_plain(const PlainFunction& function, const Node& node, const Scope* scope, const Item& input,
                             std::vector<Value>& values, Emit emit) {
    const std::function<Flow(std::size_t)> from = [&](std::size_t argument) -> Flow {
        if (argument < node.children.size()) {
            return each(*node.child(argument), scope, input.value, [&](const Item& value) {
                values[argument] = value.value;
                return from(argument + 1);
            });
        }
        const Value result = made(function.run(*this, input.value, values));
        return emit({result, nullptr, input.tracks_path});
    };
    return from(0);
}

}  // namespace sluice::expr::jq
