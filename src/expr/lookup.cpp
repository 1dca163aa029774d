#include <charconv>

#include "expr/aes_gcm.h"
#include "expr/evaluator.h"
#include "expr/members.h"
#include "expr/operators.h"
#include "expr/own_values.h"
#include "expr/text_forms.h"
#include "value/extension.h"

namespace sluice::expr {
namespace {

bool is_chain(const Expression& node) {
    return node.kind == ExpressionKind::Name || node.kind == ExpressionKind::Attribute ||
           node.kind == ExpressionKind::Index;
}

/// An item of a list or array; sets and collections have no positions.
const Value* item_at(const Value& list, std::string_view key) {
    if (list.flavour() != ListFlavour::List && list.flavour() != ListFlavour::Array) return nullptr;
    std::int32_t index = 0;
    const auto [end, failed] = std::from_chars(key.data(), key.data() + key.size(), index);
    if (failed != std::errc{} || end != key.data() + key.size()) return nullptr;
    const List& items = list.as_list();
    return index >= 0 && static_cast<std::size_t>(index) < items.size() ? &items[static_cast<std::size_t>(index)]
                                                                        : nullptr;
}

}  // namespace

Failure Evaluator::miss_failure(const Miss& miss) {
    return {FailureKind::UndefinedVariable, std::string(miss.name), miss.position};
}

const Value& Evaluator::look(const Expression& node, Value& hold) {
    Miss miss;
    const Value* found = find(node, hold, miss);
    if (found == nullptr) throw miss_failure(miss);
    return *found;
}

const Value* Evaluator::find_or_rescue(const Expression& node, Value& hold) {
    try {
        Miss miss;
        return find(node, hold, miss);
    } catch (const Failure& failure) {
        if (!failure.is_miss()) throw;
        return nullptr;
    }
}

const Value* Evaluator::find(const Expression& node, Value& hold, Miss& miss) {
    if (!is_chain(node)) {
        hold = evaluate(node);
        return &session_.changes().current(hold);
    }
    session_.budget().step();
    const Value* found = nullptr;
    if (node.kind == ExpressionKind::Name) {
        const auto& name = static_cast<const Name&>(node);
        found = find_name(name, hold);
        if (found == nullptr) miss = {name.name, name.position};
    } else if (node.kind == ExpressionKind::Attribute) {
        const auto& attribute = static_cast<const Attribute&>(node);
        const Value* of = find(*attribute.of, hold, miss);
        if (of != nullptr) found = find_member(*of, attribute, hold, miss);
    } else {
        const auto& index = static_cast<const Index&>(node);
        const Value* of = find(*index.of, hold, miss);
        if (of != nullptr) found = find_at(*of, index, hold, miss);
    }
    if (found != nullptr) {
        if (const std::string* sealed = sealed_text(*found)) return open_sealed(*sealed, node, hold);
    }
    if (found == nullptr || session_.changes().empty()) return found;
    return &session_.changes().current(*found);
}

/// A secret shows what it holds when it is named, and never as a part of something larger.
const Value* Evaluator::open_sealed(const std::string& text, const Expression& node, Value& hold) {
    auto plain = session_.environment().open_sealed(text);
    if (!plain) throw Failure(FailureKind::CryptoError, plain.error().message, node.position);
    session_.environment().remember_secret(*plain);
    hold = Value(std::move(*plain));
    return &hold;
}

const Value* Evaluator::find_name(const Name& node, Value& hold) {
    if (const Value* local = scopes_.find_local(node.name)) return local;
    if (scopes_.sees_context()) {
        const Value& context = scopes_.context();
        if (const Map* map = context.if_map()) {
            if (const Value* found = map->find(node.name)) return found;
        } else if (context.is_lazy()) {
            if (const Value* found = session_.find_in(context.as_lazy(), node.name)) return found;
        }
        if (node.name == "_context") {
            hold = Value(scopes_.globals());
            return &hold;
        }
    }
    if (node.name != "locale") return nullptr;
    hold = Value("en_US");
    return &hold;
}

const Value* Evaluator::find_member(const Value& of, const Attribute& node, Value& hold, Miss& miss) {
    const bool of_name = of.is_null() && node.of->kind == ExpressionKind::Name;
    miss = {of_name ? static_cast<const Name&>(*node.of).name : node.name, node.position};
    if (const Map* map = of.if_map()) return map->find(node.name);
    if (of.is_lazy()) return session_.find_in(of.as_lazy(), node.name);
    if (of.is_list()) {
        if (const Value* item = item_at(of, node.name)) return item;
    }
    std::optional<Value> made = member(of, node.name, session_);
    if (!made) return nullptr;
    hold = std::move(*made);
    return &hold;
}

const Value* Evaluator::find_by_number(const Map& map, const Value& key) {
    const List* typed = map.typed_keys();
    if (map.empty() || typed == nullptr || typed->front().is_string()) {
        throw bad_argument("a number is no key of this map: its keys are texts, as in ['{}']", key_text(key));
    }
    // The number is converted to the type of the first key.
    for (const Value& known : *typed) {
        if (is_any_number(known) && as_number(known) == as_number(key)) return map.find(key_text(known));
    }
    return nullptr;
}

const Value* Evaluator::find_at(const Value& of, const Index& node, Value& hold, Miss& miss) {
    const Value key = evaluate(*node.key);
    const std::string name = key.is_null() ? "null" : java_text_of(key, session_);
    const bool of_name = of.is_null() && node.of->kind == ExpressionKind::Name;
    // The name must outlive this call, and only the one of a program does; the key is told by its bracket.
    miss = {of_name ? std::string_view(static_cast<const Name&>(*node.of).name) : std::string_view(), node.position};
    if (!of.is_null() && key.is_null()) throw null_operand("the key in [ ] is null");
    const Value* found = nullptr;
    if (const Map* map = of.if_map()) {
        found = is_any_number(key) ? find_by_number(*map, key) : map->find(name);
    } else if (of.is_lazy()) {
        if (is_any_number(key))
            throw bad_argument("a number is no key of this map: its keys are texts, as in ['{}']", name);
        found = session_.find_in(of.as_lazy(), name);
    } else if (of.is_list()) {
        found = item_at(of, name);
    }
    if (found == nullptr && !of.is_map() && !of.is_lazy() && !of.is_null()) {
        if (std::optional<Value> made = member(of, name, session_)) {
            hold = std::move(*made);
            return &hold;
        }
    }
    if (found == nullptr && miss.name.empty()) throw Failure(FailureKind::UndefinedVariable, name, node.position);
    return found;
}

Value Evaluator::method(const MethodCall& node) {
    Value hold;
    const Value& of = look(*node.of, hold);
    std::vector<Value> arguments;
    for (const ExpressionPtr& argument : node.arguments) arguments.push_back(evaluate(*argument));
    std::optional<Value> result = call_method(session_.forced(of), node.name, arguments, session_);
    if (!result) throw miss_failure({node.name, node.position});
    return checked(std::move(*result));
}

Value Evaluator::variable(std::string_view name) {
    if (const Value* local = scopes_.find_local(name)) return *local;
    return scopes_.context().get(name).value_or(Value());
}

}  // namespace sluice::expr
