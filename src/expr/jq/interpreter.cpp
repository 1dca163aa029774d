#include "expr/jq/interpreter.h"

#include "expr/jq/operators.h"
#include "expr/jq/texts.h"

namespace sluice::expr::jq {
namespace {

// A program that recurses without end is stopped here; threads have 8 MB.
constexpr std::ptrdiff_t kMostStack = 2 * 1024 * 1024;
constexpr int kDeepestValue = 300;

const char* stack_here() {
    return static_cast<const char*>(__builtin_frame_address(0));
}

}  // namespace

Interpreter::Interpreter(Session& session) : session_(session), stack_(stack_here()) {}

Interpreter::Level::Level(Interpreter& interpreter) {
    interpreter.session_.budget().step();
    const std::ptrdiff_t used = interpreter.stack_ - stack_here();
    if (used > kMostStack || used < -kMostStack) throw limit_reached("the jq program calls itself too deep");
}

Value Interpreter::made(Value value) {
    if (const std::string* text = value.if_string())
        session_.budget().made_text(text->size());
    else if (const List* items = value.if_list())
        session_.budget().made_list(items->size());
    else if (const Map* entries = value.if_map())
        session_.budget().made_list(2 * entries->size());
    if (value.height() > kDeepestValue) throw limit_reached("the jq program makes lists that are nested too deep");
    return value;
}

List Interpreter::all(const Node& node, const Scope* scope, const Item& input) {
    List out;
    evaluate(node, scope, {input.value}, [&](const Item& item) {
        out.push_back(item.value);
        session_.budget().made_list(1);
        return Flow::Go;
    });
    return out;
}

namespace {

/// The first values that an expression makes, kept until it is done.
class Kept {
  public:
    bool is_full() const { return more_.size() >= kMost; }
    void add(const Value& value) {
        if (!first_)
            first_ = value;
        else
            more_.push_back(value);
    }
    Flow hand_on(Emit emit) {
        const std::optional<Value> first = std::exchange(first_, {});
        const List more = std::exchange(more_, {});
        if (first && emit({*first}) == Flow::Stop) return Flow::Stop;
        for (const Value& value : more) {
            if (emit({value}) == Flow::Stop) return Flow::Stop;
        }
        return Flow::Go;
    }

  private:
    static constexpr std::size_t kMost = 64;
    std::optional<Value> first_{};
    List more_{};
};

bool makes_one_at_once(const Node& node) {
    return node.kind == NodeKind::Literal || node.kind == NodeKind::Identity || node.kind == NodeKind::Variable;
}

}  // namespace

/// Hands the values on only when the expression is done, because whoever takes one would stand on top of all that is
/// still at work below it, and `(f) + (g)` in a recursion would need the stack of both. An expression that makes very
/// many values, perhaps without end, hands them on as it makes them.
Flow Interpreter::each(const Node& node, const Scope* scope, const Value& input, Emit emit) {
    if (makes_one_at_once(node)) return evaluate(node, scope, {input}, emit);
    Kept kept;
    bool streams = false;
    Flow flow = Flow::Go;
    std::optional<Raised> error;
    try {
        flow = evaluate(node, scope, {input}, [&](const Item& item) {
            if (!streams && !kept.is_full()) {
                kept.add(item.value);
                return Flow::Go;
            }
            streams = true;
            return kept.hand_on(emit) == Flow::Stop ? Flow::Stop : emit(item);
        });
    } catch (const Raised& raised_late) {
        if (streams) throw;
        error = raised_late;  // behind the values that were made before
    }
    const int leaving = std::exchange(breaking_, streams ? breaking_ : 0);
    if (kept.hand_on(emit) == Flow::Stop) return Flow::Stop;
    if (error) throw *error;
    breaking_ = leaving;
    return flow;
}

Flow Interpreter::evaluate(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    const Level level(*this);
    return evaluate_here(node, scope, input, emit);
}

Flow Interpreter::evaluate_here(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    switch (node.kind) {
        case NodeKind::Identity:
            return emit(input);
        case NodeKind::RecurseAll:
            return recurse_all(input, emit);
        case NodeKind::Literal:
            return emit(plain(node.value, input));
        case NodeKind::Text:
            return text(node, scope, input, 0, "", emit);
        case NodeKind::Format:
            return emit(plain(made(Value(formatted(node.name, input.value))), input));
        case NodeKind::Variable:
            return variable(node, scope, input, emit);
        case NodeKind::Index:
            return index(node, scope, input, emit);
        case NodeKind::Slice:
            return slice(node, scope, input, emit);
        case NodeKind::Iterate:
            return evaluate(*node.child(0), scope, input, [&](const Item& of) { return children(of, emit); });
        case NodeKind::List: {
            const Value list = node.children.empty() ? Value(List()) : Value(all(*node.child(0), scope, input));
            return emit(plain(made(list), input));
        }
        case NodeKind::Map:
            return map(node, scope, input, 0, Map(), emit);
        case NodeKind::Negate:
            return each(*node.child(0), scope, input.value, [&](const Item& operand) {
                return emit(plain(calculated(Op::Subtract, Value(0), operand.value, session_), input));
            });
        case NodeKind::Pipe: {
            const auto next = [&](const Item& item) { return evaluate(*node.child(1), scope, item, emit); };
            return input.tracks_path ? evaluate(*node.child(0), scope, input, next)
                                     : each(*node.child(0), scope, input.value, next);
        }
        case NodeKind::Comma: {
            const Flow first = evaluate(*node.child(0), scope, input, emit);
            return first == Flow::Stop ? first : evaluate(*node.child(1), scope, input, emit);
        }
        case NodeKind::Binary:
            return binary(node, scope, input, emit);
        case NodeKind::And:
        case NodeKind::Or:
            return logical(node, scope, input, emit);
        case NodeKind::Alternative:
            return alternative(node, scope, input, emit);
        case NodeKind::Assign:
            return node.op == Op::Update ? update(node, scope, input, emit) : assign(node, scope, input, emit);
        case NodeKind::If:
            return condition(node, scope, input, 0, emit);
        case NodeKind::Try:
            return attempt(node, scope, input, emit);
        case NodeKind::Reduce:
            return reduce(node, scope, input, emit);
        case NodeKind::Foreach:
            return foreach (node, scope, input, emit);
        case NodeKind::Label:
            return labelled(node, scope, input, emit);
        case NodeKind::Break:
            return broken(node, scope);
        case NodeKind::Bind:
            return each(*node.child(0), scope, input.value, [&](const Item& value) {
                return bind(*node.pattern, scope, value.value, input,
                            [&](const Scope* inner) { return evaluate(*node.child(1), inner, input, emit); });
            });
        case NodeKind::Call:
            return call(node, scope, input, emit);
        case NodeKind::Define: {
            const Scope inner{.outer = scope,
                              .kind = Scope::Kind::Function,
                              .name = node.function->name,
                              .function = node.function.get()};
            return evaluate(*node.child(0), &inner, input, emit);
        }
    }
    return Flow::Go;
}

Flow Interpreter::recurse_all(const Item& input, Emit emit) {
    const Level level(*this);
    if (emit(input) == Flow::Stop) return Flow::Stop;
    if (!input.value.is_list() && !input.value.is_map()) return Flow::Go;
    return children(input, [&](const Item& child) { return recurse_all(child, emit); });
}

/// Each part may have many values, which all are combined.
Flow Interpreter::text(const Node& node, const Scope* scope, const Item& input, std::size_t part,
                       const std::string& before, Emit emit) {
    if (part == node.children.size()) return emit(plain(made(Value(before)), input));
    const Node& child = *node.child(part);
    if (child.kind == NodeKind::Literal) {
        return text(node, scope, input, part + 1, before + child.value.as_string(), emit);
    }
    return each(child, scope, input.value, [&](const Item& value) {
        return text(node, scope, input, part + 1, before + formatted(node.name, value.value), emit);
    });
}

Flow Interpreter::variable(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    for (const Scope* at = scope; at != nullptr; at = at->outer) {
        if (at->kind == Scope::Kind::Variable && at->name == node.name) return emit(plain(*at->value, input));
    }
    throw failure(FailureKind::JqError, "jq: there is no variable ${}", node.name);
}

Flow Interpreter::index(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    const Node& key = *node.child(1);
    if (key.kind == NodeKind::Literal) {
        return evaluate(*node.child(0), scope, input, [&](const Item& of) { return at(of, key.value, emit); });
    }
    return evaluate(*node.child(0), scope, input, [&](const Item& of) {
        return each(key, scope, input.value, [&](const Item& value) { return at(of, value.value, emit); });
    });
}

Flow Interpreter::slice(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    const auto with_bound = [&](const Node* bound, Emit use) {
        const Value open;
        return bound != nullptr ? each(*bound, scope, input.value, use) : use(Item{open});
    };
    return evaluate(*node.child(0), scope, input, [&](const Item& of) {
        return with_bound(node.child(2), [&](const Item& to) {
            return with_bound(node.child(1), [&](const Item& from) {
                return at(of, Value(Map{{"start", from.value}, {"end", to.value}}), emit);
            });
        });
    });
}

Flow Interpreter::map(const Node& node, const Scope* scope, const Item& input, std::size_t entry, const Map& before,
                      Emit emit) {
    if (entry == node.entries.size()) return emit(plain(made(Value(before)), input));
    const auto& pair = node.entries[entry];
    return each(*pair.first, scope, input.value, [&](const Item& name) {
        if (!name.value.is_string()) throw raised("Object keys must be strings");
        return each(*pair.second, scope, input.value, [&](const Item& content) {
            Map after = before;
            after.set(name.value.as_string(), content.value);
            return map(node, scope, input, entry + 1, after, emit);
        });
    });
}

Flow Interpreter::binary(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    return each(*node.child(1), scope, input.value, [&](const Item& right) {
        return each(*node.child(0), scope, input.value, [&](const Item& left) {
            return emit(plain(made(calculated(node.op, left.value, right.value, session_)), input));
        });
    });
}

Flow Interpreter::logical(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    const bool decides = node.kind == NodeKind::Or;
    return each(*node.child(0), scope, input.value, [&](const Item& left) {
        if (is_true(left.value) == decides) return emit(plain(Value(decides), input));
        return each(*node.child(1), scope, input.value,
                    [&](const Item& right) { return emit(plain(Value(is_true(right.value)), input)); });
    });
}

Flow Interpreter::assign(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    return each(*node.child(1), scope, input.value, [&](const Item& right) {
        Value out = input.value;
        for (const Value& path : paths(*node.child(0), scope, out)) {
            const List& keys = path.as_list();
            if (node.op == Op::Set) {
                out = set_path(out, keys, right.value);
                continue;
            }
            const Value present = get_path(out, keys);
            const bool keeps = node.op == Op::Alternative && is_true(present);
            if (node.op == Op::Alternative)
                out = keeps ? out : set_path(out, keys, right.value);
            else
                out = set_path(out, keys, made(calculated(node.op, present, right.value, session_)));
        }
        return emit(plain(out, input));
    });
}

/// The first value that the right side makes of each place; a place that it makes none of goes.
Flow Interpreter::update(const Node& node, const Scope* scope, const Item& input, Emit emit) {
    Value out = input.value;
    List gone;
    for (const Value& path : paths(*node.child(0), scope, out)) {
        const Value present = get_path(out, path.as_list());
        bool found = false;
        Value next;
        each(*node.child(1), scope, present, [&](const Item& item) {
            found = true;
            next = item.value;
            return Flow::Stop;
        });
        if (breaking_ != 0) return Flow::Stop;
        if (found)
            out = set_path(out, path.as_list(), next);
        else
            gone.push_back(path);
    }
    return emit(plain(gone.empty() ? out : delete_paths(out, std::move(gone)), input));
}

Flow Interpreter::condition(const Node& node, const Scope* scope, const Item& input, std::size_t branch, Emit emit) {
    if (branch + 1 >= node.children.size()) return evaluate(*node.children.back(), scope, input, emit);
    return each(*node.child(branch), scope, input.value, [&](const Item& holds) {
        if (is_true(holds.value)) return evaluate(*node.child(branch + 1), scope, input, emit);
        return condition(node, scope, input, branch + 2, emit);
    });
}

}  // namespace sluice::expr::jq
