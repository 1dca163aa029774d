#include "flow/inputs.h"

#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "expr/aes_gcm.h"
#include "expr/template.h"
#include "flow/input_rules.h"
#include "flow/yaml_document.h"
#include "value/json.h"

namespace sluice::flow {
namespace {

/// A value that does not fit, in the words that clients know.
struct Misfit {
    std::string detail{};
};
template <class... Args>
[[noreturn]] void misfit(fmt::format_string<Args...> format, Args&&... args) {
    throw Misfit{fmt::format(format, std::forward<Args>(args)...)};
}

const std::string& text_of(const Value& value, InputType type) {
    const std::string* text = value.if_string();
    if (text == nullptr) misfit("Expected `{}` but received `{}`", to_text(type), shown(value));
    return *text;
}

Value integer_of(const Value& value) {
    if (const auto integer = value.if_integer()) {
        if (*integer < INT32_MIN || *integer > INT32_MAX) misfit("For input string: \"{}\"", *integer);
        return Value(static_cast<std::int32_t>(*integer));
    }
    const std::string text = shown(value);
    std::int32_t number = 0;
    const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
    const auto [end, failed] = std::from_chars(begin, text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size()) misfit("For input string: \"{}\"", text);
    return Value(number);
}

Value float_of(const Value& value) {
    if (value.is_number()) return Value(value.as_double());
    const std::string text = shown(value);
    double number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size()) misfit("For input string: \"{}\"", text);
    return Value(number);
}

Value boolean_of(const Value& value) {
    if (value.is_bool()) return value;
    std::string text = shown(value);
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return Value(text == "true");
}

Value structure_of(const Value& value, InputType type) {
    if (value.is_map() || value.is_list()) return value;  // came structured already
    if (!value.is_string()) return value;
    if (type == InputType::Json) {
        auto parsed = parse_json(value.as_string());
        if (!parsed)
            misfit("Expected `JSON` but received `{}` with errors:\n```\n{}\n```", shown(value),
                   parsed.error().message);
        return std::move(*parsed);
    }
    const auto document = parse_yaml(value.as_string());
    if (!document)
        misfit("Expected `YAML` but received `{}` with errors:\n```\n{}\n```", shown(value), document.error().message);
    return to_value(*document);
}

List list_of(const Value& value, InputType type) {
    if (value.is_list()) return value.as_list();
    const auto parsed = parse_json(text_of(value, type));
    if (!parsed || !parsed->is_list()) {
        misfit("Expected `{}` but received `{}` with errors:\n```\nit is no JSON list\n```", to_text(type),
               shown(value));
    }
    return parsed->as_list();
}

Value coerced(InputType type, std::optional<InputType> item_type, const Value& value, const InputContext& context);

Value array_of(InputType type, InputType item_type, const Value& value, const InputContext& context) {
    List out;
    for (const Value& item : list_of(value, type)) {
        try {
            out.push_back(coerced(item_type, {}, item, context));
        } catch (const Misfit&) {
            misfit("Unable to parse array element as `{}` on `{}`", to_text(item_type), shown(item));
        }
    }
    return Value(std::move(out));
}

Value file_of(const Value& value) {
    const std::string& text = text_of(value, InputType::File);
    for (const char* scheme : {"kestra://", "nsfile://", "file://"}) {
        if (text.starts_with(scheme)) return value;
    }
    misfit("Expected `FILE` but received `{}`: send it as a file, or give the address of one (kestra:///…)", text);
}

Value secret_of(const Value& value, const InputContext& context) {
    if (value.is_map()) return value;  // encrypted already
    if (!context.encrypt) misfit("Unable to use a `SECRET` input/output as encryption is not configured");
    auto hidden = context.encrypt(shown(value));
    if (!hidden) misfit("{}", hidden.error().message);
    return std::move(*hidden);
}

Value coerced(InputType type, std::optional<InputType> item_type, const Value& value, const InputContext& context) {
    switch (type) {
        case InputType::String:
        case InputType::Enum:
        case InputType::Select:
        case InputType::Email:
            return value.is_number() || value.is_bool() ? Value(shown(value)) : value;
        case InputType::Int:
            return integer_of(value);
        case InputType::Float:
            return float_of(value);
        case InputType::Boolean:
        case InputType::Bool:
            return boolean_of(value);
        case InputType::DateTime:
        case InputType::Date:
        case InputType::Time:
        case InputType::Duration:
        case InputType::Uri: {
            const auto problem = form_problem(type, text_of(value, type));
            if (problem) misfit("{}", *problem);
            return normal_form(type, value.as_string());
        }
        case InputType::File:
            return file_of(value);
        case InputType::Json:
        case InputType::Yaml:
            return structure_of(value, type);
        case InputType::Secret:
            return secret_of(value, context);
        case InputType::Array:
            return array_of(type, item_type.value_or(InputType::String), value, context);
        case InputType::MultiSelect:
            return array_of(type, item_type.value_or(InputType::String), value, context);
    }
    return value;
}

class Resolver {
  public:
    Resolver(const std::vector<Input>& inputs, const Value& supplied, const InputContext& context)
        : inputs_(inputs), supplied_(supplied), context_(context) {}

    std::vector<CheckedInput> all() {
        std::vector<CheckedInput> out;
        for (const Input& input : inputs_) out.push_back(look_at(input));
        return out;
    }

  private:
    const CheckedInput& look_at(const Input& input) {
        const auto known = done_.find(input.id);
        if (known != done_.end()) return known->second;
        if (!open_.insert(input.id).second) {  // a cycle: validation tells it, here it must only end
            CheckedInput none{.input = &input};
            none.enabled = false;
            return done_[input.id] = none;
        }
        CheckedInput checked{.input = &input};
        const Value seen = dependencies(input, checked);
        if (checked.enabled && !input.condition.empty()) ask_condition(input, seen, checked);
        if (checked.enabled) find_value(input, seen, checked);
        open_.erase(input.id);
        return done_[input.id] = std::move(checked);
    }

    /// What the input's expressions may see; an input whose dependencies are left out is left out too.
    Value dependencies(const Input& input, CheckedInput& checked) {
        Value seen{Map()};
        for (const std::string& id : input.depends_on) {
            for (const Input& other : inputs_) {
                if (other.id != id || id == input.id) continue;
                const CheckedInput& before = look_at(other);
                checked.enabled = checked.enabled && before.enabled;
                nest(seen, id, before.value);
            }
        }
        return seen;
    }

    void ask_condition(const Input& input, const Value& seen, CheckedInput& checked) {
        const auto holds = context_.render(input.condition, seen);
        if (!holds) checked.problems.push_back("Invalid condition: " + holds.error().text());
        checked.enabled = holds && holds->is_bool() && holds->as_bool();
    }

    void find_value(const Input& input, const Value& seen, CheckedInput& checked) {
        Value raw;
        try {
            raw = supplied_value(input.id);
            Choices choices = choices_of(input, seen);
            if (raw.is_null() && input.defaults) {
                raw = default_of(input, seen);
                checked.is_default = true;
            }
            if (raw.is_null() && input.auto_select_first && !choices.values.empty()) {
                raw = input.type == InputType::MultiSelect ? Value(List{Value(choices.values.front())})
                                                           : Value(choices.values.front());
                checked.is_default = true;
            }
            if (raw.is_null()) {
                if (input.required) misfit("missing required input");
                return;
            }
            const auto problem = rule_problem(input, raw, choices);
            checked.value = hidden(input, coerced(input.type, input.item_type, raw, context_));
            if (problem) misfit("{}", *problem);
        } catch (const Misfit& wrong) {
            const std::string what =
                fmt::format("Invalid input for `{}`, {}, but received `{}`", input.id, wrong.detail,
                            input.type == InputType::Secret && !raw.is_null() ? "******" : shown(raw));
            checked.problems.push_back(context_.mask ? context_.mask(what) : what);
            checked.value = hidden(input, raw);
        }
    }

    /// What a secret was read for is stored sealed, whatever the input's type.
    Value hidden(const Input& input, const Value& value) const {
        return context_.hide && input.type != InputType::Secret ? context_.hide(value) : value;
    }

    /// A trigger or a task that started this execution may have sealed it.
    Value supplied_value(const std::string& id) const {
        Value value = supplied_as_given(id);
        const std::string* sealed = context_.decrypt ? expr::sealed_text(value) : nullptr;
        if (sealed == nullptr) return value;
        auto plain = context_.decrypt(*sealed);
        if (!plain) misfit("its encrypted value can't be read: {}", plain.error().message);
        return Value(std::move(*plain));
    }

    Value supplied_as_given(const std::string& id) const {
        if (const auto direct = supplied_.get(id)) return *direct;
        // a.b may also come nested: {"a": {"b": 1}}
        Value at = supplied_;
        std::size_t from = 0;
        while (from <= id.size()) {
            const std::size_t dot = std::min(id.find('.', from), id.size());
            const auto found = at.get(id.substr(from, dot - from));
            if (!found) return {};
            at = *found;
            from = dot + 1;
        }
        return at;
    }

    Value default_of(const Input& input, const Value& seen) const {
        const std::string* text = input.defaults->if_string();
        if (text == nullptr || !expr::has_expression(*text)) return *input.defaults;
        auto rendered = context_.render(*text, seen);
        if (!rendered) misfit("its default can't be rendered: {}", rendered.error().text());
        return std::move(*rendered);
    }

    Choices choices_of(const Input& input, const Value& seen) const {
        Choices choices{input.values, input.allow_custom_value};
        if (input.expression.empty()) return choices;
        const auto rendered = context_.render(input.expression, seen);
        if (!rendered) misfit("Cannot render 'expression'. Cause: {}", rendered.error().text());
        Value list = *rendered;
        if (const std::string* text = list.if_string()) {
            if (auto parsed = parse_json(*text)) list = std::move(*parsed);
        }
        if (!list.is_list()) {
            misfit("Invalid expression result. Expected a list of strings, but received {}", shown(*rendered));
        }
        choices.values.clear();
        for (const Value& item : list.as_list()) {
            if (!item.is_null()) choices.values.push_back(shown(item));
        }
        return choices;
    }

  public:
    static void nest(Value& onto, const std::string& id, const Value& value) {
        const std::size_t dot = id.find('.');
        Map& map = onto.mutable_map();
        if (dot == std::string::npos) {
            map.set(id, value);
            return;
        }
        Value inner = map.find(id.substr(0, dot)) != nullptr && map.find(id.substr(0, dot))->is_map()
                          ? *map.find(id.substr(0, dot))
                          : Value(Map());
        nest(inner, id.substr(dot + 1), value);
        map.set(id.substr(0, dot), inner);
    }

  private:
    const std::vector<Input>& inputs_;
    const Value& supplied_;
    const InputContext& context_;
    std::map<std::string, CheckedInput> done_{};
    std::set<std::string> open_{};
};

}  // namespace

std::vector<CheckedInput> check_inputs(const std::vector<Input>& inputs, const Value& supplied,
                                       const InputContext& context) {
    return Resolver(inputs, supplied, context).all();
}

Result<Value> resolve_inputs(const std::vector<Input>& inputs, const Value& supplied, const InputContext& context) {
    Value out{Map()};
    for (const CheckedInput& checked : check_inputs(inputs, supplied, context)) {
        if (!checked.enabled) continue;
        if (!checked.problems.empty()) {
            Error error{ErrorCode::Invalid, "Invalid entity: ", {}, {}, "input"};
            for (const std::string& problem : checked.problems) {
                error.message += checked.input->id + ": " + problem;
                error.details.push_back(
                    Error{ErrorCode::Invalid, problem, Place{.property = checked.input->id}, {}, ""});
            }
            return tl::unexpected(std::move(error));
        }
        Resolver::nest(out, checked.input->id, checked.value);
    }
    return out;
}

Result<Value> typed_value(InputType type, std::optional<InputType> item_type, const std::string& id, const Value& value,
                          const InputContext& context) {
    if (value.is_null()) return value;
    try {
        return coerced(type, item_type, value, context);
    } catch (const Misfit& wrong) {
        return invalid("Invalid output for `{}`, {}, but received `{}`", id, wrong.detail, shown(value));
    }
}

}  // namespace sluice::flow
