#include <algorithm>
#include <cmath>

#include "expr/jq/interpreter.h"
#include "expr/jq/operators.h"

namespace sluice::expr::jq {
namespace {

constexpr std::int64_t kMostIndex = 10'000'000;

bool is_slice(const Value& key) {
    return key.is_map() && (key.get("start") || key.get("end"));
}

std::int64_t whole(const Value& number) {
    const double value = std::floor(number_of(number));
    return std::fabs(value) < 9e15 ? static_cast<std::int64_t>(value) : value > 0 ? kMostIndex : -kMostIndex;
}

struct Range {
    std::size_t from = 0;
    std::size_t to = 0;
};

/// Negative positions count from the end; the range is cut to what is there.
Range range_of(const Value& slice, std::size_t size) {
    const auto limit = static_cast<std::int64_t>(size);
    const auto bound = [&](std::string_view name, std::int64_t open, bool up) {
        const Value given = slice[name];
        if (given.is_null()) return open;
        if (!is_number(given)) throw raised("Start and end indices of an array slice must be numbers");
        const std::int64_t at = up ? static_cast<std::int64_t>(std::ceil(number_of(given))) : whole(given);
        return std::clamp<std::int64_t>(at < 0 ? at + limit : at, 0, limit);
    };
    const std::int64_t from = bound("start", 0, false);
    const std::int64_t to = std::max(bound("end", limit, true), from);
    return {static_cast<std::size_t>(from), static_cast<std::size_t>(to)};
}

List items_in(const List& items, const Range& range) {
    return List(items.begin() + static_cast<std::ptrdiff_t>(range.from),
                items.begin() + static_cast<std::ptrdiff_t>(range.to));
}

/// The byte at which the code point `index` begins
std::size_t byte_of(std::string_view text, std::size_t index) {
    std::size_t at = 0;
    while (at < text.size() && index > 0) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80) ++at;
        --index;
    }
    return at;
}

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

Value sliced(const Value& of, const Value& slice) {
    if (of.is_null()) return {};
    if (const List* items = of.if_list()) return Value(items_in(*items, range_of(slice, items->size())));
    const std::string* text = of.if_string();
    if (text == nullptr) throw raised("Cannot index {} with object", type_of(of));
    const Range range = range_of(slice, code_points(*text));
    const std::size_t begin = byte_of(*text, range.from);
    return Value(text->substr(begin, byte_of(*text, range.to) - begin));
}

/// The positions at which a list occurs in another one
Value indices_of_list(const List& items, const List& wanted, Session& session) {
    List found;
    for (std::size_t i = 0; !wanted.empty() && i + wanted.size() <= items.size(); ++i) {
        const bool fits = std::equal(wanted.begin(), wanted.end(), items.begin() + static_cast<std::ptrdiff_t>(i),
                                     [&](const Value& a, const Value& b) { return compared(a, b, session) == 0; });
        if (fits) found.push_back(number(static_cast<std::int64_t>(i)));
    }
    return Value(std::move(found));
}

Value with_slice(const Value& of, const Value& slice, const Value& value) {
    if (!value.is_list()) throw raised("A slice of an array can only be assigned another array");
    if (!of.is_null() && !of.is_list()) throw raised("Cannot update field at object index of {}", type_of(of));
    const List items = of.is_null() ? List() : of.as_list();
    const Range range = range_of(slice, items.size());
    List out = items_in(items, {0, range.from});
    out.insert(out.end(), value.as_list().begin(), value.as_list().end());
    out.insert(out.end(), items.begin() + static_cast<std::ptrdiff_t>(range.to), items.end());
    return Value(std::move(out));
}

Value with_item(const Value& of, const Value& key, Value value, Session& session) {
    if (!of.is_null() && !of.is_list()) throw raised("Cannot index {} with number", type_of(of));
    List items = of.is_null() ? List() : of.as_list();
    std::int64_t index = whole(key);
    if (index < 0) index += static_cast<std::int64_t>(items.size());
    if (index < 0) throw raised("Out of bounds negative array index");
    if (index > kMostIndex) throw raised("Array index too large");
    session.budget().made_list(static_cast<std::size_t>(index) + 1);
    if (static_cast<std::size_t>(index) >= items.size()) items.resize(static_cast<std::size_t>(index) + 1);
    items[static_cast<std::size_t>(index)] = std::move(value);
    return Value(std::move(items));
}

Value with_entry(const Value& of, const Value& key, Value value) {
    if (!of.is_null() && !of.is_map()) throw raised("Cannot index {} with \"{}\"", type_of(of), key.as_string());
    Map entries = of.is_null() ? Map() : of.as_map();
    entries.set(key.as_string(), std::move(value));
    return Value(std::move(entries));
}

Value without_key(const Value& of, const Value& key) {
    if (of.is_null()) return of;
    if (of.is_map() && key.is_string()) {
        Map entries = of.as_map();
        entries.erase(key.as_string());
        return Value(std::move(entries));
    }
    if (of.is_list() && is_number(key)) {
        List items = of.as_list();
        std::int64_t index = whole(key);
        if (index < 0) index += static_cast<std::int64_t>(items.size());
        if (index >= 0 && index < static_cast<std::int64_t>(items.size())) items.erase(items.begin() + index);
        return Value(std::move(items));
    }
    if (of.is_list() && is_slice(key)) return with_slice(of, key, Value(List()));
    throw raised("Cannot delete field at {} index of {}", type_of(key), type_of(of));
}

Value without_path(Interpreter& interpreter, const Value& of, const List& path, std::size_t from) {
    if (of.is_null()) return of;
    if (from + 1 == path.size()) return without_key(of, path[from]);
    const Value inner = interpreter.get(of, path[from]);
    if (inner.is_null()) return of;
    return interpreter.set_path(of, {path[from]}, without_path(interpreter, inner, path, from + 1));
}

}  // namespace

Value Interpreter::get(const Value& of, const Value& key) {
    if (is_slice(key)) return sliced(of, key);
    if (of.is_map() && key.is_string()) return of[key.as_string()];
    if (of.is_list() && is_number(key)) {
        std::int64_t index = whole(key);
        const List& items = of.as_list();
        if (index < 0) index += static_cast<std::int64_t>(items.size());
        const bool is_there = index >= 0 && index < static_cast<std::int64_t>(items.size());
        return is_there ? items[static_cast<std::size_t>(index)] : Value();
    }
    if (of.is_list() && key.is_list()) return indices_of_list(of.as_list(), key.as_list(), session_);
    if (of.is_null() && (key.is_string() || is_number(key) || key.is_null())) return {};
    if (key.is_string()) throw raised("Cannot index {} with \"{}\"", type_of(of), key.as_string());
    throw raised("Cannot index {} with {}", type_of(of), type_of(key));
}

Value Interpreter::get_path(const Value& of, const List& path, std::size_t from) {
    if (from == path.size() || of.is_null()) return of;
    return get_path(get(of, path[from]), path, from + 1);
}

Value Interpreter::set_path(const Value& of, const List& path, const Value& value, std::size_t from) {
    session_.budget().step();
    if (path.size() > 500) throw raised("Path too deep");
    if (from == path.size()) return value;
    const Value& key = path[from];
    Value inner = set_path(get(of, key), path, value, from + 1);
    if (is_slice(key)) return with_slice(of, key, inner);
    if (is_number(key)) return with_item(of, key, std::move(inner), session_);
    if (key.is_string()) return with_entry(of, key, std::move(inner));
    throw raised("Invalid path component {}", described(key));
}

Value Interpreter::delete_paths(const Value& of, List paths) {
    // The last ones first, so that positions before them stay right.
    std::sort(paths.begin(), paths.end(), [&](const Value& a, const Value& b) { return compared(a, b, session_) > 0; });
    Value out = of;
    for (const Value& path : paths) {
        if (!path.is_list()) throw raised("Path must be specified as an array");
        if (path.as_list().empty()) return {};
        out = without_path(*this, out, path.as_list(), 0);
    }
    return out;
}

Flow Interpreter::at(const Item& of, const Value& key, Emit emit) {
    if (of.tracks_path && of.path == nullptr)
        throw raised("Invalid path expression with result {}", described(of.value));
    const Value found = get(of.value, key);
    const Path path{of.path, &key};
    return emit({found, of.tracks_path ? &path : nullptr, of.tracks_path});
}

Flow Interpreter::children(const Item& of, Emit emit) {
    if (of.tracks_path && of.path == nullptr)
        throw raised("Invalid path expression with result {}", described(of.value));
    const auto put = [&](const Value& key, const Value& value) {
        const Path path{of.path, &key};
        return emit({value, of.tracks_path ? &path : nullptr, of.tracks_path});
    };
    const Value held = of.value;  // whoever takes the children may let go of the whole
    if (const List* items = held.if_list()) {
        for (std::size_t i = 0; i < items->size(); ++i) {
            if (put(number(static_cast<std::int64_t>(i)), (*items)[i]) == Flow::Stop) return Flow::Stop;
        }
        return Flow::Go;
    }
    const Map* entries = held.if_map();
    if (entries == nullptr) throw raised("Cannot iterate over {}", described(held));
    for (const auto& [key, value] : *entries) {
        if (put(Value(key), value) == Flow::Stop) return Flow::Stop;
    }
    return Flow::Go;
}

Value Interpreter::path_of(const Item& item) const {
    if (item.path == nullptr) throw raised("Invalid path expression with result {}", described(item.value));
    List keys;
    for (const Path* at = item.path; at != nullptr && at->key != nullptr; at = at->before) keys.push_back(*at->key);
    std::reverse(keys.begin(), keys.end());
    return Value(std::move(keys));
}

List Interpreter::paths(const Node& node, const Scope* scope, const Value& input) {
    List out;
    const Path root;
    evaluate(node, scope, {input, &root, true}, [&](const Item& item) {
        out.push_back(path_of(item));
        session_.budget().made_list(1);
        return Flow::Go;
    });
    return out;
}

}  // namespace sluice::expr::jq
