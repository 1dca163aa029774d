#include "expr/jq/interpreter.h"
#include "expr/jq/operators.h"

// What decides whether and how often something is evaluated: try, //, loops, labels.
namespace sluice::expr::jq {
namespace {

}  // namespace

/// The true values of the left side, or, when there are none, all of the right side. Errors on the left count as none.
Flow Interpreter::alternative(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    bool found = false;
    const int mine = ++last_try_;
    try {
        const Flow flow = evaluate(*node.child(0), scope, input, [&](const Item& item) {
            if (!is_true(item.value)) return Flow::Go;
            found = true;
            try {
                return emit(item);
            } catch (Raised& error) {
                if (error.passes == 0) error.passes = mine;
                throw;
            }
        });
        if (flow == Flow::Stop) return flow;
    } catch (Raised& error) {
        if (error.passes != 0) {
            if (error.passes == mine) error.passes = 0;
            throw;
        }
    }
    return found ? Flow::Go : evaluate(*node.child(1), scope, input, emit);
}

/// Catches what the body raises, but not what is raised by those who take its values.
Flow Interpreter::attempt(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    const int mine = ++last_try_;
    Value caught;
    try {
        return evaluate(*node.child(0), scope, input, [&](const Item& item) {
            try {
                return emit(item);
            } catch (Raised& error) {
                if (error.passes == 0) error.passes = mine;
                throw;
            }
        });
    } catch (Raised& error) {
        if (error.passes != 0) {
            if (error.passes == mine) error.passes = 0;
            throw;
        }
        caught = error.value;
    }
    const Node* handler = node.child(1);
    return handler != nullptr ? evaluate(*handler, scope, plain(caught, input), emit) : Flow::Go;
}

Flow Interpreter::reduce(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    return each(*node.child(1), scope, input.value, [&](const Item& init) {
        Value state = init.value;
        const Flow flow = each(*node.child(0), scope, input.value, [&](const Item& item) {
            return bind(*node.pattern, scope, item.value, input, [&](const Scope* inner) {
                Value next;
                const Value before = std::move(state);
                const Flow inner_flow = each(*node.child(2), inner, before, [&](const Item& made_state) {
                    next = made_state.value;
                    return Flow::Go;
                });
                state = std::move(next);
                return inner_flow;
            });
        });
        return flow == Flow::Stop ? flow : emit(plain(state, input));
    });
}

Flow Interpreter::foreach (const Node& node, const Scope* scope, const Item& input, Emit emit) {
    return each(*node.child(1), scope, input.value, [&](const Item& init) {
        Value state = init.value;
        return each(*node.child(0), scope, input.value, [&](const Item& item) {
            return bind(*node.pattern, scope, item.value, input, [&](const Scope* inner) {
                const Value before = state;
                return each(*node.child(2), inner, before, [&](const Item& next) {
                    state = next.value;
                    const Value now = next.value;
                    if (node.child(3) == nullptr) return emit(plain(now, input));
                    return each(*node.child(3), inner, now,
                                [&](const Item& out) { return emit(plain(out.value, input)); });
                });
            });
        });
    });
}

Flow Interpreter::labelled(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    const Scope inner{.outer = scope, .kind = Scope::Kind::Label, .name = node.name, .label = ++last_label_};
    const Flow flow = evaluate(*node.child(0), &inner, input, emit);
    if (flow == Flow::Go || breaking_ != inner.label) return flow;
    breaking_ = 0;
    return Flow::Go;
}

Flow Interpreter::broken(const Node& node, const Scope* scope) {
    for (const Scope* at = scope; at != nullptr; at = at->outer) {
        if (at->kind != Scope::Kind::Label || at->name != node.name) continue;
        breaking_ = at->label;
        return Flow::Stop;
    }
    throw failure(FailureKind::JqError, "jq: there is no label ${}", node.name);
}

}  // namespace sluice::expr::jq
