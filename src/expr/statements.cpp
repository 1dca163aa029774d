#include "expr/evaluator.h"
#include "expr/operators.h"
#include "expr/own_values.h"
#include "expr/text_forms.h"

namespace sluice::expr {

void Evaluator::execute(const Body& body, Output& output) {
    const Level level(session_.budget());
    for (const StatementPtr& statement : body) {
        session_.budget().step();
        switch (statement->kind) {
            case StatementKind::Text:
                output.text(static_cast<const Text&>(*statement).text);
                break;
            case StatementKind::Print: {
                Value hold;
                output.print(look(*static_cast<const Print&>(*statement).expression, hold));
                break;
            }
            case StatementKind::If:
                execute(static_cast<const If&>(*statement), output);
                break;
            case StatementKind::For:
                execute(static_cast<const For&>(*statement), output);
                break;
            case StatementKind::Set: {
                const auto& set = static_cast<const Set&>(*statement);
                scopes_.assign(set.name, evaluate(*set.value));
                break;
            }
            case StatementKind::Block:
                execute(static_cast<const Block&>(*statement).body, output);
                break;
            case StatementKind::FilterTag:
                execute(static_cast<const FilterTag&>(*statement), output);
                break;
        }
    }
}

bool Evaluator::holds(const Expression& condition) {
    try {
        Value hold;
        return truth(look(condition, hold), "the condition");
    } catch (Failure& failure) {
        failure.place_at(condition.position);
        throw;
    }
}

void Evaluator::execute(const If& node, Output& output) {
    for (const If::Branch& branch : node.branches) {
        if (holds(*branch.condition)) return execute(branch.body, output);
    }
    execute(node.otherwise, output);
}

void Evaluator::execute(const For& node, Output& output) {
    const Value evaluated = evaluate(*node.items);
    const Value items = session_.changes().current(session_.forced(evaluated));
    if (items.is_null()) return;
    if (!items.is_list() && !items.is_map()) {
        throw Failure(FailureKind::TypeError, "'for' expects a list or a map, not " + type_name(items), node.position);
    }
    const std::size_t count = items.is_list() ? items.as_list().size() : items.as_map().size();
    if (count == 0) return execute(node.otherwise, output);
    scopes_.push();
    iterate(node, items, output);
    scopes_.pop();
}

void Evaluator::iterate(const For& node, const Value& items, Output& output) {
    const bool is_list = items.is_list();
    const std::size_t count = is_list ? items.as_list().size() : items.as_map().size();
    const auto loop = std::make_shared<Loop>(static_cast<std::int32_t>(count));
    scopes_.declare("loop", Value(std::shared_ptr<const Extension>(loop)));
    std::int32_t index = 0;
    const auto turn = [&](Value item) {
        loop->move_to(index++);
        scopes_.declare(node.variable, std::move(item));
        execute(node.body, output);
    };
    if (is_list) {
        for (const Value& item : items.as_list()) turn(session_.changes().current(item));
        return;
    }
    const List* typed = items.as_map().typed_keys();
    std::size_t i = 0;
    for (const auto& [key, value] : items.as_map()) {
        turn(make_value<MapEntry>(typed != nullptr ? (*typed)[i] : Value(key), value));
        ++i;
    }
}

void Evaluator::execute(const FilterTag& node, Output& output) {
    JavaOutput inner(session_);
    execute(node.body, inner);
    Value value(std::move(inner.result));
    for (const auto& filter : node.filters) value = filtered(*filter, std::move(value));
    output.print(value);
}

std::string Evaluator::block_text(std::string_view name) {
    const auto found = program_.blocks.find(name);
    if (found == program_.blocks.end()) return {};
    JavaOutput output(session_);
    execute(found->second->body, output);
    return std::move(output.result);
}

}  // namespace sluice::expr
