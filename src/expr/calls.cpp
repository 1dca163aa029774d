#include "expr/builtin.h"
#include "expr/evaluator.h"
#include "expr/own_values.h"

namespace sluice::expr {
namespace {

Failure unknown(BuiltinKind kind, FailureKind failure_kind, const std::string& name, std::uint32_t position) {
    return {failure_kind, unknown_name(kind, name), position};
}

}  // namespace

void Evaluator::evaluate_arguments(const Arguments& arguments, Call& call) {
    for (const ExpressionPtr& argument : arguments.positional) {
        call.add_positional(session_.changes().deep(evaluate(*argument)));
    }
    for (const auto& [name, argument] : arguments.named) {
        call.add_named(name, session_.changes().deep(evaluate(*argument)));
    }
}

Value Evaluator::run(Call& call, const Builtin& builtin, std::uint32_t position) {
    try {
        return checked(builtin.row->run(call));
    } catch (Failure& failure) {
        failure.place_at(position);
        throw;
    }
}

Value Evaluator::filtered(const FilterCall& node) {
    if (node.filter == nullptr)
        throw unknown(BuiltinKind::Filter, FailureKind::UnknownFilter, node.name, node.position);
    Call call(*this, *node.filter);
    evaluate_arguments(node.arguments, call);
    const Accepts accepts = node.filter->row->accepts;
    Value hold;
    const Value* input = accepts == Accepts::Missing ? find_or_rescue(*node.input, hold) : &look(*node.input, hold);
    if (input == nullptr || input->is_null()) {
        if (accepts == Accepts::Values) return {};
    } else {
        const auto* text = if_own<MacroText>(*input);
        call.set_input(text != nullptr ? Value(text->value()) : session_.changes().deep(*input));
    }
    return run(call, *node.filter, node.position);
}

Value Evaluator::filtered(const FilterCall& node, Value input) {
    if (node.filter == nullptr)
        throw unknown(BuiltinKind::Filter, FailureKind::UnknownFilter, node.name, node.position);
    Call call(*this, *node.filter);
    evaluate_arguments(node.arguments, call);
    if (input.is_null() && node.filter->row->accepts == Accepts::Values) return {};
    call.set_input(std::move(input));
    return run(call, *node.filter, node.position);
}

Value Evaluator::tested(const TestCall& node) {
    if (node.test == nullptr) throw unknown(BuiltinKind::Test, FailureKind::UnknownTest, node.name, node.position);
    Call call(*this, *node.test);
    evaluate_arguments(node.arguments, call);
    Value hold;
    const Value* operand =
        node.test->row->accepts == Accepts::Missing ? find_or_rescue(*node.operand, hold) : &look(*node.operand, hold);
    if (operand != nullptr) call.set_input(session_.changes().deep(*operand));
    return Value(run(call, *node.test, node.position).as_bool() != node.is_negated);
}

Value Evaluator::called(const FunctionCall& node) {
    const bool is_gone = session_.environment().is_recursive() && (node.name == "render" || node.name == "renderOnce");
    if (node.function != nullptr && !is_gone) {
        Call call(*this, *node.function);
        evaluate_arguments(node.arguments, call);
        return run(call, *node.function, node.position);
    }
    const auto macro = program_.macros.find(node.name);
    if (macro != program_.macros.end()) return macro_result(macro->second, node);
    throw unknown(BuiltinKind::Function, FailureKind::UnknownFunction, node.name, node.position);
}

Value Evaluator::macro_result(const Macro& macro, const FunctionCall& node) {
    Evaluator inner(program_, scopes_.for_macro(), session_);
    const auto& given = node.arguments;
    if (given.positional.size() > macro.parameters.size()) {
        throw bad_argument("macro '{}' takes {} arguments, not {}", macro.name, macro.parameters.size(),
                           given.positional.size());
    }
    for (std::size_t i = 0; i < given.positional.size(); ++i) {
        inner.scopes_.declare(macro.parameters[i].name, evaluate(*given.positional[i]));
    }
    for (const auto& [name, argument] : given.named) {
        const auto found = std::find_if(macro.parameters.begin(), macro.parameters.end(),
                                        [&name = name](const Macro::Parameter& parameter) { return parameter.name == name; });
        if (found == macro.parameters.end()) throw bad_argument("macro '{}' has no argument '{}'", macro.name, name);
        inner.scopes_.declare(found->name, evaluate(*argument));
    }
    for (const Macro::Parameter& parameter : macro.parameters) {
        if (inner.scopes_.find_local(parameter.name) != nullptr) continue;
        inner.scopes_.declare(parameter.name, parameter.value ? inner.evaluate(*parameter.value) : Value());
    }
    JavaOutput output(session_);
    inner.execute(macro.body, output);
    return checked(make_value<MacroText>(std::move(output.result)));
}

}  // namespace sluice::expr
