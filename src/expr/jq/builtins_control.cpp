#include <algorithm>
#include <cmath>

#include "expr/jq/interpreter.h"
#include "expr/jq/operators.h"

namespace sluice::expr::jq {
namespace {

using Arguments = std::span<const NodePtr>;

Flow empty(Interpreter&, Arguments, const Scope*, const Item&, Emit) {
    return Flow::Go;
}

Flow path(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    const Path root;
    return jq.evaluate(*arguments[0], scope, {input.value, &root, true}, [&](const Item& item) {
        return emit({jq.path_of(item), nullptr, input.tracks_path});
    });
}

Flow select(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    return jq.each(*arguments[0], scope, input.value,
                   [&](const Item& holds) { return is_true(holds.value) ? emit(input) : Flow::Go; });
}

Flow get_path(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    return jq.each(*arguments[0], scope, input.value, [&](const Item& keys) {
        if (!keys.value.is_list()) throw raised("Path must be specified as an array");
        const List list = keys.value.as_list();
        if (!input.tracks_path) return emit({jq.get_path(input.value, list)});
        std::vector<Path> chain;
        chain.reserve(list.size());
        const Path* last = input.path;
        for (const Value& key : list) last = &chain.emplace_back(Path{last, &key});
        return emit({jq.get_path(input.value, list), last, true});
    });
}

Flow first(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    Flow outcome = Flow::Go;
    bool found = false;
    const Flow flow = jq.evaluate(*arguments[0], scope, input, [&](const Item& item) {
        found = true;
        outcome = emit(item);
        return Flow::Stop;
    });
    return found ? outcome : flow;
}

Flow last(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    if (input.tracks_path) {
        List paths;
        const Flow flow = jq.evaluate(*arguments[0], scope, input, [&](const Item& item) {
            paths = {jq.path_of(item)};
            return Flow::Go;
        });
        if (flow == Flow::Stop || paths.empty()) return flow;
        const List& keys = paths[0].as_list();
        std::vector<Path> chain;
        chain.reserve(keys.size() + 1);
        const Path* end = &chain.emplace_back();
        for (const Value& key : keys) end = &chain.emplace_back(Path{end, &key});
        return emit({jq.get_path(input.value, keys), end, true});
    }
    std::optional<Value> found;
    const Flow flow = jq.evaluate(*arguments[0], scope, input, [&](const Item& item) {
        found = item.value;
        return Flow::Go;
    });
    return flow == Flow::Stop || !found ? flow : emit({*found});
}

Flow limit(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    return jq.each(*arguments[0], scope, input.value, [&](const Item& count) {
        if (!is_number(count.value)) throw raised("Invalid arguments to limit");
        const double most = number_of(count.value);
        if (most <= 0) return Flow::Go;
        double seen = 0;
        bool enough = false;
        Flow outcome = Flow::Go;
        const Flow flow = jq.evaluate(*arguments[1], scope, input, [&](const Item& item) {
            outcome = emit(item);
            enough = ++seen >= most;
            return enough ? Flow::Stop : outcome;
        });
        return enough ? outcome : flow;
    });
}

/// What `step` makes of a value: all of it at once.
List steps(Interpreter& jq, const Node& step, const Scope* scope, const Value& from) {
    return jq.all(step, scope, {from});
}

bool holds(Interpreter& jq, const Node& condition, const Scope* scope, const Value& value) {
    const List all = jq.all(condition, scope, {value});
    return !all.empty() && is_true(all.front());
}

/// Goes on with each value that `step` makes; the last one in a loop, so that long chains need no stack.
Flow walk(Interpreter& jq, const Node& step, const Scope* scope, Value at,
          const std::function<std::optional<Flow>(const Value&)>& visit) {
    while (true) {
        jq.session().budget().step();
        if (const auto over = visit(at)) return *over;
        List next = steps(jq, step, scope, at);
        if (next.empty()) return Flow::Go;
        for (std::size_t i = 0; i + 1 < next.size(); ++i) {
            if (walk(jq, step, scope, next[i], visit) == Flow::Stop) return Flow::Stop;
        }
        at = std::move(next.back());
    }
}

std::optional<Flow> going_on(Flow flow) {
    return flow == Flow::Stop ? std::optional(Flow::Stop) : std::nullopt;
}

Flow until(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    return walk(jq, *arguments[1], scope, input.value, [&](const Value& value) -> std::optional<Flow> {
        if (!holds(jq, *arguments[0], scope, value)) return {};
        return emit({value, nullptr, input.tracks_path});
    });
}

Flow while_holds(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    return walk(jq, *arguments[1], scope, input.value, [&](const Value& value) -> std::optional<Flow> {
        if (!holds(jq, *arguments[0], scope, value)) return Flow::Go;
        return going_on(emit({value, nullptr, input.tracks_path}));
    });
}

Flow repeat(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    return walk(jq, *arguments[0], scope, input.value, [&](const Value& value) {
        return going_on(emit({value, nullptr, input.tracks_path}));
    });
}

/// With paths this needs the stack; without, only as much as the values branch.
Flow recurse_by(Interpreter& jq, const Node& step, const Scope* scope, const Item& input, Emit emit) {
    if (!input.tracks_path) {
        return walk(jq, step, scope, input.value, [&](const Value& value) { return going_on(emit({value})); });
    }
    if (emit(input) == Flow::Stop) return Flow::Stop;
    return jq.evaluate(step, scope, input, [&](const Item& item) { return recurse_by(jq, step, scope, item, emit); });
}

Flow recurse(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    return recurse_by(jq, *arguments[0], scope, input, emit);
}

Flow recurse_default(Interpreter& jq, Arguments, const Scope*, const Item& input, Emit emit) {
    static const Node all{.kind = NodeKind::RecurseAll};
    return jq.evaluate(all, nullptr, input, emit);
}

/// from, from + by … before upto
Flow count(Interpreter& jq, double from, double upto, double by, const Item& input, Emit emit) {
    const bool counts = by > 0 ? from < upto : by < 0 && from > upto;
    if (!counts) return Flow::Go;
    for (double i = 0;; ++i) {
        const double value = from + i * by;
        if (by > 0 ? value >= upto : value <= upto) return Flow::Go;
        jq.session().budget().step();
        if (emit({number(value), nullptr, input.tracks_path}) == Flow::Stop) return Flow::Stop;
    }
}

double bound_of(const Item& item) {
    if (!is_number(item.value)) throw raised("Range bounds must be numeric");
    return number_of(item.value);
}

Flow range_to(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    return jq.each(*arguments[0], scope, input.value,
                   [&](const Item& upto) { return count(jq, 0, bound_of(upto), 1, input, emit); });
}

Flow range_from(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    return jq.each(*arguments[0], scope, input.value, [&](const Item& from) {
        const double begin = bound_of(from);
        return jq.each(*arguments[1], scope, input.value,
                       [&](const Item& upto) { return count(jq, begin, bound_of(upto), 1, input, emit); });
    });
}

Flow range_by(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    return jq.each(*arguments[0], scope, input.value, [&](const Item& from) {
        const double begin = bound_of(from);
        return jq.each(*arguments[1], scope, input.value, [&](const Item& upto) {
            const double end = bound_of(upto);
            return jq.each(*arguments[2], scope, input.value,
                           [&](const Item& by) { return count(jq, begin, end, bound_of(by), input, emit); });
        });
    });
}

/// Whether one of the values that the first makes, put into the second, gives `wanted`; looks no further then.
Flow any_is(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit, bool wanted) {
    bool found = false;
    const Flow flow = jq.each(*arguments[0], scope, input.value, [&](const Item& item) {
        return jq.each(*arguments[1], scope, item.value, [&](const Item& holds) {
            found = found || is_true(holds.value) == wanted;
            return found ? Flow::Stop : Flow::Go;
        });
    });
    if (flow == Flow::Stop && !found) return flow;
    return emit({Value(found == wanted), nullptr, input.tracks_path});
}

Flow any(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    return any_is(jq, arguments, scope, input, emit, true);
}
Flow all(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    return any_is(jq, arguments, scope, input, emit, false);
}

Flow del(Interpreter& jq, Arguments arguments, const Scope* scope, const Item& input, Emit emit) {
    List paths = jq.paths(*arguments[0], scope, input.value);
    return emit({jq.delete_paths(input.value, std::move(paths)), nullptr, input.tracks_path});
}

constexpr NativeFunction kNatives[] = {
    {"empty", 0, empty},
    {"path", 1, path},
    {"select", 1, select},
    {"getpath", 1, get_path},
    {"first", 1, first},
    {"last", 1, last},
    {"limit", 2, limit},
    {"until", 2, until},
    {"while", 2, while_holds},
    {"repeat", 1, repeat},
    {"recurse", 0, recurse_default},
    {"recurse", 1, recurse},
    {"range", 1, range_to},
    {"range", 2, range_from},
    {"range", 3, range_by},
    {"any", 2, any},
    {"all", 2, all},
    {"del", 1, del},
};

}  // namespace

const NativeFunction* find_native(std::string_view name, std::size_t arity) {
    for (const NativeFunction& native : kNatives) {
        if (native.arity == arity && native.name == name) return &native;
    }
    return nullptr;
}

}  // namespace sluice::expr::jq
