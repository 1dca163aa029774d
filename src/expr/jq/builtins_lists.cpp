#include <algorithm>
#include <numeric>

#include "expr/jq/interpreter.h"
#include "expr/jq/operators.h"
#include "expr/jq/plain_functions.h"
#include "expr/jq/texts.h"

namespace sluice::expr::jq {
namespace {

using Values = std::span<const Value>;

const List& list_of(const Value& input, std::string_view what) {
    if (!input.is_list()) throw raised("{} cannot be {}, as it is not an array", described(input), what);
    return input.as_list();
}

/// The positions of the items in the order of their keys; equal ones as they stand.
std::vector<std::size_t> order_of(Interpreter& jq, const List& keys) {
    std::vector<std::size_t> order(keys.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return compared(keys[a], keys[b], jq.session()) < 0; });
    return order;
}

Value sort(Interpreter& jq, const Value& input, Values) {
    const List& items = list_of(input, "sorted");
    List out;
    for (const std::size_t i : order_of(jq, items)) out.push_back(items[i]);
    return Value(std::move(out));
}

Value sorted_by(Interpreter& jq, const Value& input, Values arguments) {
    const List& items = list_of(input, "sorted");
    List out;
    for (const std::size_t i : order_of(jq, arguments[0].as_list())) out.push_back(items[i]);
    return Value(std::move(out));
}

Value grouped_by(Interpreter& jq, const Value& input, Values arguments) {
    const List& items = list_of(input, "grouped");
    const List& keys = arguments[0].as_list();
    List groups;
    List current;
    const Value* key = nullptr;
    for (const std::size_t i : order_of(jq, keys)) {
        if (key != nullptr && compared(*key, keys[i], jq.session()) != 0)
            groups.emplace_back(std::exchange(current, {}));
        key = &keys[i];
        current.push_back(items[i]);
    }
    if (!current.empty()) groups.emplace_back(std::move(current));
    return Value(std::move(groups));
}

Value unique(Interpreter& jq, const Value& input, Values) {
    const List& items = list_of(input, "grouped");
    List out;
    for (const std::size_t i : order_of(jq, items)) {
        if (out.empty() || compared(out.back(), items[i], jq.session()) != 0) out.push_back(items[i]);
    }
    return Value(std::move(out));
}

/// Of equal ones the first is the least, and the last is the greatest.
Value extreme(Interpreter& jq, const List& items, const List& keys, bool least) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const int order = best ? compared(keys[i], keys[*best], jq.session()) : 0;
        if (!best || (least ? order < 0 : order >= 0)) best = i;
    }
    return best ? items[*best] : Value();
}

Value min(Interpreter& jq, const Value& input, Values) {
    const List& items = list_of(input, "searched");
    return extreme(jq, items, items, true);
}
Value max(Interpreter& jq, const Value& input, Values) {
    const List& items = list_of(input, "searched");
    return extreme(jq, items, items, false);
}
Value least_by(Interpreter& jq, const Value& input, Values arguments) {
    return extreme(jq, list_of(input, "searched"), arguments[0].as_list(), true);
}
Value greatest_by(Interpreter& jq, const Value& input, Values arguments) {
    return extreme(jq, list_of(input, "searched"), arguments[0].as_list(), false);
}

Value reverse(Interpreter& jq, const Value& input, Values) {
    if (input.is_null()) return Value(List());
    if (input.is_string()) {
        List characters = split_by(input.as_string(), "", jq.session()).as_list();
        std::string out;
        for (auto at = characters.rbegin(); at != characters.rend(); ++at) out += at->as_string();
        return Value(std::move(out));
    }
    List items = list_of(input, "reversed");
    std::reverse(items.begin(), items.end());
    return Value(std::move(items));
}

void flatten_into(Interpreter& jq, List& out, const List& items, double depth) {
    for (const Value& item : items) {
        jq.session().budget().step();
        if (item.is_list() && depth > 0)
            flatten_into(jq, out, item.as_list(), depth - 1);
        else
            out.push_back(item);
    }
}

Value flatten(Interpreter& jq, const Value& input, Values) {
    List out;
    flatten_into(jq, out, list_of(input, "flattened"), 1e9);
    return Value(std::move(out));
}

Value flatten_to(Interpreter& jq, const Value& input, Values arguments) {
    const double depth = is_number(arguments[0]) ? number_of(arguments[0]) : -1;
    if (depth < 0) throw raised("flatten depth must not be negative");
    List out;
    flatten_into(jq, out, list_of(input, "flattened"), depth);
    return Value(std::move(out));
}

Value transpose(Interpreter& jq, const Value& input, Values) {
    const List& rows = list_of(input, "transposed");
    std::size_t width = 0;
    for (const Value& row : rows) width = std::max(width, list_of(row, "transposed").size());
    jq.session().budget().made_list(width * rows.size());
    List columns;
    for (std::size_t i = 0; i < width; ++i) {
        List column;
        for (const Value& row : rows) column.push_back(i < row.as_list().size() ? row.as_list()[i] : Value());
        columns.emplace_back(std::move(column));
    }
    return Value(std::move(columns));
}

std::string text_in_join(const Value& item) {
    if (item.is_null()) return {};
    if (item.is_list() || item.is_map()) throw raised("Cannot join with {}", described(item));
    return formatted("text", item);
}

Value join(Interpreter& jq, const Value& input, Values arguments) {
    const List& items = list_of(input, "joined");
    if (items.empty()) return Value("");
    if (!arguments[0].is_string()) throw raised("{} cannot separate texts", described(arguments[0]));
    std::string out;
    for (const Value& item : items) {
        if (&item != items.data()) out += arguments[0].as_string();
        out += text_in_join(item);
        if (out.size() > jq.session().budget().limits().text_bytes) jq.session().budget().made_text(out.size());
    }
    return Value(std::move(out));
}

/// Positions of a text in a text, in code points; of a list or an item in a list.
Value indices(Interpreter& jq, const Value& input, Values arguments) {
    const Value& wanted = arguments[0];
    if (input.is_null()) return {};
    List found;
    if (input.is_string() && wanted.is_string()) {
        const std::string& text = input.as_string();
        std::int64_t position = 0;
        std::size_t counted = 0;
        for (std::size_t at = 0;
             !wanted.as_string().empty() && (at = text.find(wanted.as_string(), at)) != std::string::npos; ++at) {
            for (; counted < at; ++counted)
                position += (static_cast<unsigned char>(text[counted]) & 0xc0U) != 0x80 ? 1 : 0;
            found.push_back(number(position));
        }
        return Value(std::move(found));
    }
    if (input.is_list() && wanted.is_list()) return jq.get(input, wanted);
    const List& items = list_of(input, "searched");
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (compared(items[i], wanted, jq.session()) == 0) found.push_back(number(static_cast<std::int64_t>(i)));
    }
    return Value(std::move(found));
}

Value index(Interpreter& jq, const Value& input, Values arguments) {
    const Value all = indices(jq, input, arguments);
    return all.is_null() || all.as_list().empty() ? Value() : all.as_list().front();
}

Value rindex(Interpreter& jq, const Value& input, Values arguments) {
    const Value all = indices(jq, input, arguments);
    return all.is_null() || all.as_list().empty() ? Value() : all.as_list().back();
}

constexpr PlainFunction kBuiltinsLists[] = {
    {"sort", 0, sort},
    {"_sorted_by", 1, sorted_by},
    {"_grouped_by", 1, grouped_by},
    {"unique", 0, unique},
    {"min", 0, min},
    {"max", 0, max},
    {"_least_by", 1, least_by},
    {"_greatest_by", 1, greatest_by},
    {"reverse", 0, reverse},
    {"flatten", 0, flatten},
    {"flatten", 1, flatten_to},
    {"transpose", 0, transpose},
    {"join", 1, join},
    {"indices", 1, indices},
    {"_indices", 1, indices},
    {"index", 1, index},
    {"rindex", 1, rindex},
};

}  // namespace

const std::span<const PlainFunction> kListFunctions = kBuiltinsLists;

}  // namespace sluice::expr::jq
