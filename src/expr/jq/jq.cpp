#include "expr/jq/jq.h"

#include "expr/jq/interpreter.h"
#include "expr/jq/operators.h"
#include "expr/operators.h"
#include "expr/text_forms.h"
#include "value/extension.h"
#include "value/json.h"

namespace sluice::expr::jq {
namespace {

/// The value as JSON has it: dates are texts, null entries of maps are left out.
Value as_json(const Value& value, Session& session) {
    session.budget().step();
    switch (value.kind()) {
        case Kind::Float:
            return Value(std::strtod(java_text(static_cast<float>(value.as_double())).c_str(), nullptr));
        case Kind::List: {
            List items;
            items.reserve(value.as_list().size());
            for (const Value& item : value.as_list()) items.push_back(as_json(item, session));
            return Value(std::move(items));
        }
        case Kind::Map: {
            Map entries;
            for (const auto& [key, item] : value.as_map()) {
                if (!item.is_null()) entries.set(key, as_json(item, session));
            }
            return Value(std::move(entries));
        }
        case Kind::Lazy:
            return as_json(session.all_of(value.as_lazy()), session);
        case Kind::Extension: {
            if (if_a<BigInteger>(value) != nullptr) return value;
            if (is_any_number(value)) return Value(as_number(value));
            std::string json;
            append_json(json, value, session);
            return parse_json(json).value_or(Value(value.as_extension().text()));
        }
        default:
            return value;
    }
}

Value input_of(const Value& value, Session& session) {
    const std::string* text = if_text(value);
    if (text == nullptr) return as_json(value, session);
    auto parsed = parse_first_json(*text);
    if (!parsed) throw failure(FailureKind::JqError, "jq: the input text is no JSON: {}", parsed.error().text());
    return std::move(*parsed);
}

}  // namespace

List run(const std::string& program, const Value& input, Session& session) {
    const auto parsed = session.jq_program(program);
    const Value start = input_of(input, session);
    try {
        return Interpreter(session).all(*parsed->body, nullptr, {start});
    } catch (const Raised& error) {
        throw failure(FailureKind::JqError, "jq: {}",
                      error.value.is_string() ? error.value.as_string() : to_json(error.value));
    }
}

}  // namespace sluice::expr::jq
