#include <bit>

#include "expr/builtin_tables.h"
#include "expr/collections.h"
#include "expr/java_hash.h"
#include "expr/operators.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "expr/unicode.h"
#include "value/extension.h"

namespace sluice::expr {

Value keys_of(const Value& map) {
    const Map& entries = map.as_map();
    if (const List* typed = entries.typed_keys()) return Value(*typed, ListFlavour::Set);
    List keys;
    keys.reserve(entries.size());
    for (const auto& [key, value] : entries) keys.emplace_back(key);
    return Value(std::move(keys), ListFlavour::Set);
}

Value values_of(const Value& map) {
    List values;
    values.reserve(map.as_map().size());
    for (const auto& [key, value] : map.as_map()) values.push_back(value);
    return Value(std::move(values), ListFlavour::Collection);
}

namespace {

Value character_at(const std::string& text, std::size_t at) {
    return make_value<Character>(text.substr(at, code_point_at(text, at).length));
}

[[noreturn]] void refuse_empty_text(Call& call) {
    throw failure(FailureKind::IndexError, "filter '{}' got an empty text", call.name());
}

Value first(Call& call) {
    if (const std::string* text = if_text(call.input())) {
        if (text->empty()) refuse_empty_text(call);
        return character_at(*text, 0);
    }
    const List* items = call.input().if_list();
    if (items == nullptr) call.refuse_input("a text or a list");
    return items->empty() ? Value() : items->front();
}

Value last(Call& call) {
    if (const std::string* text = if_text(call.input())) {
        if (text->empty()) refuse_empty_text(call);
        std::size_t at = text->size() - 1;
        while (at > 0 && (static_cast<unsigned char>((*text)[at]) & 0xc0U) == 0x80) --at;
        return character_at(*text, at);
    }
    const List* items = call.input().if_list();
    if (items == nullptr) call.refuse_input("a text or a list");
    return items->empty() ? Value() : items->back();
}

Value length(Call& call) {
    std::size_t count = 0;
    const Value& all = call.session().forced(call.input());
    if (const std::string* text = if_text(all))
        count = utf16_length(*text);
    else if (const List* items = all.if_list())
        count = items->size();
    else if (const Map* map = all.if_map())
        count = map->size();
    return Value(static_cast<std::int32_t>(count));
}

Value join(Call& call) {
    const List& items = call.list_input();
    const std::string separator = call.text_or(0, "");
    std::string out;
    for (const Value& item : items) {
        if (&item != items.data()) out += separator;
        append_java_text(out, item, call.session());
        if (out.size() > call.session().budget().limits().text_bytes) call.session().budget().made_text(out.size());
    }
    return Value(std::move(out));
}

Value keys(Call& call) {
    if (const List* items = call.input().if_list()) {
        List indexes;
        for (std::size_t i = 0; i < items->size(); ++i) indexes.emplace_back(static_cast<std::int32_t>(i));
        return Value(std::move(indexes));
    }
    const Value& all = call.session().forced(call.input());
    if (!all.is_map()) call.refuse_input("a map or a list");
    return keys_of(all);
}

Value values(Call& call) {
    const Value& all = call.session().forced(call.input());
    if (!all.is_map()) call.refuse_input("a map");
    return values_of(all);
}

void add_entries(KeysAndValues& entries, const Value& map) {
    const List* typed = map.as_map().typed_keys();
    std::size_t i = 0;
    for (const auto& [key, value] : map.as_map()) {
        entries.emplace_back(typed != nullptr ? (*typed)[i] : Value(key), value);
        ++i;
    }
}

/// The entry as a map of its own, which is how it prints
Value entry_of(const Value& key, const Value& value) {
    return Value(Map{{key_text(key), value}});
}

Value merged_list(const List& left, const Value& right) {
    List items = left;
    if (const List* more = right.if_list()) {
        items.insert(items.end(), more->begin(), more->end());
    } else {
        KeysAndValues entries;
        add_entries(entries, right);
        for (const auto& [key, value] : entries) items.push_back(entry_of(key, value));
    }
    return Value(std::move(items));
}

Value merged_map(const Value& left, const Value& right) {
    constexpr std::size_t kSpare = 16;
    KeysAndValues entries;
    add_entries(entries, left);
    if (const List* items = right.if_list()) {
        for (const Value& item : *items) entries.emplace_back(item, item);
    } else {
        add_entries(entries, right);
    }
    const std::size_t right_size = right.is_list() ? right.as_list().size() : right.as_map().size();
    const std::size_t capacity = std::bit_ceil(left.as_map().size() + right_size + kSpare);
    return Value(hash_map(std::move(entries), capacity));
}

Value merge(Call& call) {
    const Value& left = call.session().forced(call.input());
    const Value& right = call.session().forced(call[0]);
    if (left.is_null() && right.is_null()) throw null_operand("filter 'merge' got null on both sides");
    if (left.is_null()) return right;
    if (!left.is_list() && !left.is_map()) call.refuse_input("a list or a map");
    if (right.is_null()) return left;
    if (!right.is_list() && !right.is_map()) call.refuse(0, "a list or a map");
    return left.is_list() ? merged_list(left.as_list(), right) : merged_map(left, right);
}

Value or_default(Call& call) {
    return is_empty(call.input(), call.session()) ? call[0] : call.input();
}

Value class_name(Call& call) {
    return Value(java_class_name(call.input()));
}

constexpr BuiltinRow kFiltersCollections[] = {
    {"first", "", first, "The first item of a list, or the first character of a text"},
    {"last", "", last, "The last item of a list, or the last character of a text"},
    {"length", "", length, "How many items, entries or characters there are", Accepts::Null},
    {"join", "separator=''", join, "The texts of all items, with the separator between them"},
    {"keys", "", keys, "The keys of a map, or the positions of a list"},
    {"values", "", values, "The values of a map"},
    {"merge", "items", merge, "The list or map together with another one", Accepts::Null},
    {"default", "default", or_default, "The argument, when the input is missing, null or empty", Accepts::Missing},
    {"className", "", class_name, "The name of the value's type"},
};

}  // namespace

const std::span<const BuiltinRow> kCollectionFilters = kFiltersCollections;

}  // namespace sluice::expr
