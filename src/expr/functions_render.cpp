#include "expr/builtin_tables.h"
#include "expr/evaluator.h"
#include "expr/java_hash.h"
#include "expr/operators.h"
#include "expr/text_rendering.h"

namespace sluice::expr {
namespace {

/// Texts, and texts inside of lists and maps and their keys, are rendered with the variables around.
Value rendered(const Value& value, const Scopes& scopes, Session& session, Rounds rounds) {
    session.budget().step();
    if (const std::string* text = if_text(value)) return Value(rendered_inside(*text, scopes, session, rounds));
    if (const List* items = value.if_list()) {
        List out;
        out.reserve(items->size());
        for (const Value& item : *items) out.push_back(rendered(item, scopes, session, rounds));
        return Value(std::move(out), value.flavour());
    }
    const Value& all = session.forced(value);
    if (const Map* map = all.if_map()) {
        Map out;
        out.reserve(map->size());
        for (const auto& [key, item] : *map) {
            const std::string name = rendered_inside(key, scopes, session, rounds);
            Value rendered_item = rendered(item, scopes, session, rounds);
            if (!out.contains(name)) out.set(name, std::move(rendered_item));
        }
        return Value(std::move(out));
    }
    return value;
}

Value render_with(Call& call, Rounds rounds) {
    if (!call.has(0)) throw bad_argument("function '{}': the argument 'toRender' is missing", call.name());
    return rendered(call[0], call.evaluator().scopes().for_text(), call.session(), rounds);
}

Value render(Call& call) {
    const bool recursive = call.flag_or(1, true);
    return render_with(call, recursive ? Rounds::UntilStable : Rounds::One);
}

Value render_once(Call& call) {
    return render_with(call, Rounds::One);
}

Value fetch_context(Call& call) {
    return Value(call.evaluator().scopes().globals());
}

Value block(Call& call) {
    return Value(call.evaluator().block_text(call.text(0)));
}

Value parent(Call&) {
    throw failure(FailureKind::UnsupportedOperation, "parent() cannot be used: a template has no parent here");
}

constexpr BuiltinRow kFunctionsRender[] = {
    {"render", "toRender, recursive=true", render,
     "The text rendered as a template, again and again until it is stable"},
    {"renderOnce", "toRender", render_once, "The text rendered as a template, once"},
    {"fetchContext", "", fetch_context, "All variables as a map"},
    {"printContext", "", fetch_context, "All variables as a map"},
    {"block", "name", block, "The text of a block, rendered again"},
    {"parent", "", parent, "Not supported"},
};

}  // namespace

const std::span<const BuiltinRow> kRenderFunctions = kFunctionsRender;

}  // namespace sluice::expr
