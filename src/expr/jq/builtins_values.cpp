#include <algorithm>

#include "expr/jq/interpreter.h"
#include "expr/jq/operators.h"
#include "expr/jq/plain_functions.h"
#include "expr/unicode.h"
#include "value/json.h"

namespace sluice::expr::jq {
namespace {

using Values = std::span<const Value>;

Value count_of(std::size_t count) {
    return number(static_cast<std::int64_t>(count));
}

Value length(Interpreter&, const Value& input, Values) {
    if (input.is_null()) return Value(0);
    if (const List* items = input.if_list()) return count_of(items->size());
    if (const Map* entries = input.if_map()) return count_of(entries->size());
    if (const std::string* text = input.if_string()) {
        return count_of(static_cast<std::size_t>(std::count_if(
            text->begin(), text->end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; })));
    }
    if (!is_number(input)) throw raised("{} has no length", described(input));
    return number_of(input) < 0 ? number(-number_of(input)) : input;
}

Value not_true(Interpreter&, const Value& input, Values) {
    return Value(!is_true(input));
}
Value type(Interpreter&, const Value& input, Values) {
    return Value(type_of(input));
}

Value raise(Interpreter&, const Value& input, Values) {
    throw Raised{input};
}

List sorted_keys(const Map& map) {
    List keys;
    for (const auto& [key, value] : map) keys.emplace_back(key);
    std::sort(keys.begin(), keys.end(),
              [](const Value& a, const Value& b) { return compare_utf16(a.as_string(), b.as_string()) < 0; });
    return keys;
}

Value keys(Interpreter&, const Value& input, Values) {
    if (const Map* map = input.if_map()) return Value(sorted_keys(*map));
    if (!input.is_list()) throw raised("{} has no keys", described(input));
    List positions;
    for (std::size_t i = 0; i < input.as_list().size(); ++i) positions.push_back(count_of(i));
    return Value(std::move(positions));
}

Value keys_unsorted(Interpreter& jq, const Value& input, Values arguments) {
    const Map* map = input.if_map();
    if (map == nullptr) return keys(jq, input, arguments);
    List keys;
    for (const auto& [key, value] : *map) keys.emplace_back(key);
    return Value(std::move(keys));
}

Value has(Interpreter&, const Value& input, Values arguments) {
    const Value& key = arguments[0];
    if (input.is_map() && key.is_string()) return Value(input.as_map().contains(key.as_string()));
    if (input.is_list() && is_number(key)) {
        const double index = number_of(key);
        return Value(index >= 0 && index < static_cast<double>(input.as_list().size()));
    }
    throw raised("Cannot check whether {} has a {} key", type_of(input), type_of(key));
}

bool holds_inside(Interpreter& jq, const Value& whole, const Value& part) {
    jq.session().budget().step();
    if (whole.is_map() && part.is_map()) {
        return std::all_of(part.as_map().begin(), part.as_map().end(), [&](const Map::Entry& entry) {
            const Value* found = whole.as_map().find(entry.first);
            return found != nullptr && holds_inside(jq, *found, entry.second);
        });
    }
    if (whole.is_list() && part.is_list()) {
        return std::all_of(part.as_list().begin(), part.as_list().end(), [&](const Value& one) {
            return std::any_of(whole.as_list().begin(), whole.as_list().end(), [&](const Value& item) {
                return type_of(item) == type_of(one) && holds_inside(jq, item, one);
            });
        });
    }
    if (whole.is_string() && part.is_string()) return whole.as_string().find(part.as_string()) != std::string::npos;
    if (type_of(whole) == type_of(part)) return compared(whole, part, jq.session()) == 0;
    throw raised("{} and {} cannot have their containment checked", described(whole), described(part));
}

Value contains(Interpreter& jq, const Value& input, Values arguments) {
    return Value(holds_inside(jq, input, arguments[0]));
}

Value add(Interpreter& jq, const Value& input, Values) {
    if (!input.is_list() && !input.is_map()) throw raised("Cannot iterate over {}", described(input));
    // Texts are joined at once, lest adding them one by one copies the beginning again and again.
    const List* items = input.if_list();
    const bool all_texts =
        items != nullptr && !items->empty() &&
        std::all_of(items->begin(), items->end(), [](const Value& item) { return item.is_string(); });
    if (all_texts) {
        std::string out;
        for (const Value& item : *items) {
            out += item.as_string();
            jq.session().budget().made_text(item.as_string().size());
        }
        return Value(std::move(out));
    }
    Value sum;
    const auto one = [&](const Value& item) { sum = jq.made(calculated(Op::Add, sum, item, jq.session())); };
    if (items != nullptr)
        std::for_each(items->begin(), items->end(), one);
    else
        for (const auto& [key, value] : input.as_map()) one(value);
    return sum;
}

Value to_entries(Interpreter& jq, const Value& input, Values arguments) {
    List entries;
    const List names = keys_unsorted(jq, input, arguments).as_list();
    for (const Value& name : names) entries.push_back(Value(Map{{"key", name}, {"value", jq.get(input, name)}}));
    return Value(std::move(entries));
}

/// The first of these fields that the entry has.
Value field_of(const Value& entry, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        const auto found = entry.get(name);
        if (found && !found->is_null()) return *found;
    }
    return {};
}

Value from_entries(Interpreter&, const Value& input, Values) {
    if (!input.is_list()) throw raised("Cannot iterate over {}", described(input));
    Map out;
    for (const Value& entry : input.as_list()) {
        if (!entry.is_map()) throw raised("Cannot index {} with \"key\"", type_of(entry));
        const Value key = field_of(entry, {"key", "k", "name", "Name", "K", "Key"});
        if (key.is_null() || key.is_list() || key.is_map()) throw raised("Cannot use {} as object key", described(key));
        out.set(key.is_string() ? key.as_string() : to_json(key), field_of(entry, {"value", "v", "Value", "V"}));
    }
    return Value(std::move(out));
}

Value to_text(Interpreter&, const Value& input, Values) {
    return input.is_string() ? input : Value(to_json(input));
}
Value to_json_text(Interpreter&, const Value& input, Values) {
    return Value(to_json(input));
}

Value from_json(Interpreter&, const Value& input, Values) {
    if (!input.is_string()) throw raised("{} cannot be parsed as JSON", described(input));
    auto parsed = parse_json(input.as_string());
    if (!parsed) throw raised("{} (while parsing '{}')", parsed.error().message, input.as_string());
    return std::move(*parsed);
}

Value to_number(Interpreter&, const Value& input, Values) {
    if (is_number(input)) return input;
    if (!input.is_string()) throw raised("{} cannot be parsed as a number", described(input));
    const auto parsed = parse_json(input.as_string());
    if (!parsed || !is_number(*parsed)) throw raised("{} cannot be parsed as a number", described(input));
    return *parsed;
}

Value set_path(Interpreter& jq, const Value& input, Values arguments) {
    if (!arguments[0].is_list()) throw raised("Path must be specified as an array");
    return jq.set_path(input, arguments[0].as_list(), arguments[1]);
}

Value delete_paths(Interpreter& jq, const Value& input, Values arguments) {
    if (!arguments[0].is_list()) throw raised("Paths must be specified as an array");
    return jq.delete_paths(input, arguments[0].as_list());
}

Value now(Interpreter& jq, const Value&, Values) {
    const auto since_1970 = jq.session().environment().now().time_since_epoch();
    return Value(static_cast<double>(since_1970.count()) / 1e6);
}

constexpr PlainFunction kBuiltinsValues[] = {
    {"length", 0, length},
    {"not", 0, not_true},
    {"type", 0, type},
    {"error", 0, raise},
    {"keys", 0, keys},
    {"keys_unsorted", 0, keys_unsorted},
    {"has", 1, has},
    {"contains", 1, contains},
    {"add", 0, add},
    {"to_entries", 0, to_entries},
    {"from_entries", 0, from_entries},
    {"tostring", 0, to_text},
    {"tojson", 0, to_json_text},
    {"fromjson", 0, from_json},
    {"tonumber", 0, to_number},
    {"setpath", 2, set_path},
    {"delpaths", 1, delete_paths},
    {"now", 0, now},
};

}  // namespace

const std::span<const PlainFunction> kValueFunctions = kBuiltinsValues;

const PlainFunction* find_plain(std::string_view name, std::size_t arity) {
    for (const auto rows : {kValueFunctions, kListFunctions, kTextFunctions, kNumberFunctions}) {
        for (const PlainFunction& function : rows) {
            if (function.arity == arity && function.name == name) return &function;
        }
    }
    return nullptr;
}

}  // namespace sluice::expr::jq
