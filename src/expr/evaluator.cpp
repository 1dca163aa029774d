#include "expr/evaluator.h"

#include "expr/java_hash.h"
#include "expr/operators.h"
#include "expr/own_values.h"
#include "expr/text_forms.h"

namespace sluice::expr {
namespace {

constexpr int kDeepestValue = 200;

/// Runs `work`; a name that is missing in it is not rescued by anything around it.
template <class Work>
Value wrapping_misses(Work work) {
    try {
        return work();
    } catch (Failure& failure) {
        failure.wrap();
        throw;
    }
}

/// Runs `work`; what goes wrong without a place of its own happened here.
template <class Work>
Value placed(std::uint32_t position, Work work) {
    try {
        return work();
    } catch (Failure& failure) {
        failure.place_at(position);
        throw;
    }
}

}  // namespace

Value Evaluator::checked(Value made) {
    if (const std::string* text = made.if_string())
        session_.budget().made_text(text->size());
    else if (const List* items = made.if_list())
        session_.budget().made_list(items->size());
    else if (const Map* entries = made.if_map())
        session_.budget().made_list(2 * entries->size());
    if (made.height() > kDeepestValue)
        throw limit_reached("lists and maps are nested deeper than {} levels", kDeepestValue);
    return made;
}

Value Evaluator::evaluate(const Expression& node) {
    session_.budget().step();
    switch (node.kind) {
        case ExpressionKind::Literal:
            return static_cast<const Literal&>(node).value;
        case ExpressionKind::Name:
        case ExpressionKind::Attribute:
        case ExpressionKind::Index: {
            Value hold;
            const Value& found = look(node, hold);
            return &found == &hold ? std::move(hold) : found;
        }
        default:
            break;
    }
    const Level level(session_.budget());
    return placed(node.position, [&] { return evaluate_inner(node); });
}

Value Evaluator::evaluate_inner(const Expression& node) {
    switch (node.kind) {
        case ExpressionKind::Interpolation:
            return interpolated(static_cast<const Interpolation&>(node));
        case ExpressionKind::MethodCall:
            return method(static_cast<const MethodCall&>(node));
        case ExpressionKind::ListLiteral:
            return list(static_cast<const ListLiteral&>(node));
        case ExpressionKind::MapLiteral:
            return map(static_cast<const MapLiteral&>(node));
        case ExpressionKind::Unary:
            return unary(static_cast<const Unary&>(node));
        case ExpressionKind::Binary:
            return binary(static_cast<const Binary&>(node));
        case ExpressionKind::Conditional:
            return conditional(static_cast<const Conditional&>(node));
        case ExpressionKind::FilterCall:
            return filtered(static_cast<const FilterCall&>(node));
        case ExpressionKind::FunctionCall:
            return called(static_cast<const FunctionCall&>(node));
        case ExpressionKind::TestCall:
            return tested(static_cast<const TestCall&>(node));
        default:
            return evaluate(node);
    }
}

Value Evaluator::interpolated(const Interpolation& node) {
    std::string out;
    for (const ExpressionPtr& part : node.parts) {
        Value hold;
        const Value& value = look(*part, hold);
        if (!value.is_null()) append_java_text(out, session_.changes().deep(value), session_);
    }
    return checked(Value(std::move(out)));
}

Value Evaluator::list(const ListLiteral& node) {
    List items;
    items.reserve(node.items.size());
    for (const ExpressionPtr& item : node.items) items.push_back(evaluate(*item));
    return checked(Value(std::move(items)));
}

Value Evaluator::map(const MapLiteral& node) {
    KeysAndValues entries;
    entries.reserve(node.entries.size());
    for (const auto& [key, value] : node.entries) {
        Value evaluated_key = evaluate(*key);
        if (const auto* text = if_own<MacroText>(evaluated_key)) evaluated_key = Value(text->value());
        entries.emplace_back(std::move(evaluated_key), evaluate(*value));
    }
    const std::size_t capacity = capacity_for(entries.size());
    return checked(Value(hash_map(std::move(entries), capacity)));
}

Value Evaluator::unary(const Unary& node) {
    Value hold;
    const Value& operand = look(*node.operand, hold);
    switch (node.op) {
        case Operator::Not:
            return Value(!truth(operand, "the operand of 'not'"));
        case Operator::Minus:
            return negated(operand, session_);
        default:
            return negated(negated(operand, session_), session_);
    }
}

Value Evaluator::binary(const Binary& node) {
    switch (node.op) {
        case Operator::Coalesce:
        case Operator::CoalesceUndefined:
            return coalesced(node);
        case Operator::And:
        case Operator::Or:
            return logical(node);
        case Operator::Plus:
        case Operator::Minus:
        case Operator::Multiply:
        case Operator::Divide:
        case Operator::Modulo:
            return calculated(node);
        default:
            return compared(node);
    }
}

Value Evaluator::coalesced(const Binary& node) {
    Value hold;
    const Value* left = find_or_rescue(*node.left, hold);
    const bool falls_through = left == nullptr || (left->is_null() && node.op == Operator::Coalesce);
    return falls_through ? evaluate(*node.right) : *left;
}

Value Evaluator::logical(const Binary& node) {
    const bool is_and = node.op == Operator::And;
    const std::string_view what = is_and ? "an operand of 'and'" : "an operand of 'or'";
    Value hold;
    if (truth(look(*node.left, hold), what) != is_and) return Value(!is_and);
    return Value(truth(look(*node.right, hold), what));
}

Value Evaluator::calculated(const Binary& node) {
    return wrapping_misses([&] {
        const Value left = session_.changes().deep(evaluate(*node.left));
        const Value right = session_.changes().deep(evaluate(*node.right));
        return checked(arithmetic(node.op, left, right, session_));
    });
}

Value Evaluator::compared(const Binary& node) {
    if (node.op == Operator::Equal || node.op == Operator::NotEqual) {
        return wrapping_misses([&] {
            const Value left = session_.changes().deep(evaluate(*node.left));
            const Value right = session_.changes().deep(evaluate(*node.right));
            return Value(loosely_equal(left, right, session_) == (node.op == Operator::Equal));
        });
    }
    const Value left = session_.changes().deep(evaluate(*node.left));
    if (node.op == Operator::Contains && left.is_null()) return Value(false);
    const Value right = session_.changes().deep(evaluate(*node.right));
    switch (node.op) {
        case Operator::Contains:
            return Value(contains(left, right, session_));
        case Operator::IsIn:
            return Value(is_in(left, right, session_));
        case Operator::Concatenate:
            return checked(concatenated(left, right, session_));
        case Operator::Range:
            return range(left, right, Value(std::int64_t{1}), session_);
        default:
            return Value(compares(node.op, left, right));
    }
}

Value Evaluator::conditional(const Conditional& node) {
    Value hold;
    const Value& condition = look(*node.condition, hold);
    const bool is_true = !condition.is_null() && truth(condition, "the condition before '?'");
    return evaluate(is_true ? *node.yes : *node.no);
}

}  // namespace sluice::expr
