#include <algorithm>

#include "expr/builtin_tables.h"
#include "expr/java_hash.h"
#include "expr/operators.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "expr/unicode.h"

namespace sluice::expr {
namespace {

enum class Direction { Up, Down };

/// The list itself changes: later looks at it in this render see it in the new order.
Value sorted(Call& call, Direction direction) {
    List items = call.list_input();
    Budget& budget = call.session().budget();
    std::stable_sort(items.begin(), items.end(), [&](const Value& a, const Value& b) {
        budget.step();
        return direction == Direction::Up ? natural_order(a, b) < 0 : natural_order(b, a) < 0;
    });
    return call.session().changes().replace(call.input(), std::move(items));
}

Value sort(Call& call) {
    return sorted(call, Direction::Up);
}
Value rsort(Call& call) {
    return sorted(call, Direction::Down);
}

Value reverse(Call& call) {
    List items = call.list_input();
    std::reverse(items.begin(), items.end());
    return call.session().changes().replace(call.input(), std::move(items));
}

struct Bounds {
    std::size_t from = 0;
    std::size_t to = 0;
};

Bounds bounds_of(Call& call, std::size_t size) {
    const std::int64_t from = call.integer_or(0, 0);
    const std::int64_t to = call.integer_or(1, static_cast<std::int64_t>(size));
    if (from < 0) throw bad_argument("filter 'slice': fromIndex {} is negative", from);
    if (to > static_cast<std::int64_t>(size))
        throw bad_argument("filter 'slice': toIndex {} is beyond the end, {}", to, size);
    const bool given = !call[1].is_null();
    if (given && to <= from)
        throw bad_argument("filter 'slice': toIndex {} must be greater than fromIndex {}", to, from);
    if (from > to)
        throw failure(FailureKind::IndexError, "filter 'slice': fromIndex {} is beyond the end, {}", from, size);
    return {static_cast<std::size_t>(from), static_cast<std::size_t>(to)};
}

Value slice(Call& call) {
    if (const std::string* text = if_text(call.input())) {
        const Bounds bounds = bounds_of(call, utf16_length(*text));
        const std::size_t begin = byte_of_utf16(*text, bounds.from);
        return Value(text->substr(begin, byte_of_utf16(*text, bounds.to) - begin));
    }
    const Value& list = call.input();
    const bool has_positions =
        list.is_list() && (list.flavour() == ListFlavour::List || list.flavour() == ListFlavour::Array);
    if (!has_positions) call.refuse_input("a text or a list");
    const List& items = list.as_list();
    const Bounds bounds = bounds_of(call, items.size());
    const auto at = [&](std::size_t index) { return items.begin() + static_cast<std::ptrdiff_t>(index); };
    Value part(List(at(bounds.from), at(bounds.to)), list.flavour());
    if (list.flavour() == ListFlavour::List) call.session().changes().add_slice(part, list, bounds.from);
    return part;
}

Value chunk(Call& call) {
    const List& items = call.list_input();
    const std::int64_t size = call.long_integer(0);
    if (size <= 0) throw bad_argument("filter 'chunk': the size {} must be positive", size);
    List chunks;
    List current;
    for (const Value& item : items) {
        current.push_back(item);
        if (static_cast<std::int64_t>(current.size()) == size) chunks.emplace_back(std::exchange(current, {}));
    }
    if (!current.empty()) chunks.emplace_back(std::move(current));
    return Value(std::move(chunks));
}

Value flatten(Call& call) {
    List out;
    for (const Value& item : call.list_input()) {
        const bool is_nested = item.is_list() && item.flavour() == ListFlavour::List;
        if (is_nested)
            out.insert(out.end(), item.as_list().begin(), item.as_list().end());
        else
            out.push_back(item);
        call.session().budget().step();
    }
    return Value(std::move(out));
}

/// Equal items are looked for among those of the same hash.
Value distinct(Call& call) {
    if (call.input().is_null()) return Value("null");
    Session& session = call.session();
    std::unordered_multimap<std::int32_t, std::size_t> seen;
    List out;
    for (const Value& item : call.list_input()) {
        const std::int32_t hash = java_hash(item);
        const auto [from, to] = seen.equal_range(hash);
        const bool is_known =
            std::any_of(from, to, [&](const auto& entry) { return boxed_equal(out[entry.second], item, session); });
        if (is_known) continue;
        seen.emplace(hash, out.size());
        out.push_back(item);
    }
    return Value(std::move(out));
}

constexpr BuiltinRow kFiltersLists[] = {
    {"sort", "", sort, "Sorts the list itself"},
    {"rsort", "", rsort, "Sorts the list itself, the greatest first"},
    {"reverse", "", reverse, "Turns the list itself around"},
    {"slice", "fromIndex=0, toIndex", slice, "The part from one position to before another"},
    {"chunk", "size", chunk, "Lists of this many items each"},
    {"flatten", "", flatten, "The items of lists inside of the list, one level deep"},
    {"distinct", "", distinct, "Each item once", Accepts::Null},
};

}  // namespace

const std::span<const BuiltinRow> kListFilters = kFiltersLists;

}  // namespace sluice::expr
