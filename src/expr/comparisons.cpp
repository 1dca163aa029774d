#include <algorithm>
#include <bit>

#include "expr/failure.h"
#include "expr/operators.h"
#include "expr/own_values.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "expr/unicode.h"
#include "value/extension.h"
#include "value/temporal.h"

namespace sluice::expr {
namespace {

bool equal_lists(const Value& a, const Value& b, Session& session) {
    const List& mine = a.as_list();
    const List& theirs = b.as_list();
    const bool is_set = a.flavour() == ListFlavour::Set;
    if (is_set != (b.flavour() == ListFlavour::Set) || mine.size() != theirs.size()) return false;
    if (!is_set) {
        return std::equal(mine.begin(), mine.end(), theirs.begin(),
                          [&](const Value& x, const Value& y) { return boxed_equal(x, y, session); });
    }
    return std::all_of(mine.begin(), mine.end(), [&](const Value& x) {
        return std::any_of(theirs.begin(), theirs.end(), [&](const Value& y) { return boxed_equal(x, y, session); });
    });
}

bool equal_maps(const Map& a, const Map& b, Session& session) {
    if (a.size() != b.size()) return false;
    return std::all_of(a.begin(), a.end(), [&](const Map::Entry& entry) {
        const Value* found = b.find(entry.first);
        return found != nullptr && boxed_equal(entry.second, *found, session);
    });
}

/// The name of a constant, or a string: these two are equal by their texts.
const std::string* constant_or_string(const Value& value) {
    if (const auto* constant = if_a<EnumConstant>(value)) return &constant->value();
    return value.if_string();
}

template <class T>
int order_of(const T& a, const T& b) {
    return a < b ? -1 : b < a ? 1 : 0;
}

int order_of_extensions(const Value& a, const Value& b) {
    const Extension& left = a.as_extension();
    const Extension& right = b.as_extension();
    const auto temporal = [&](auto get) { return order_of(get(left), get(right)); };
    switch (left.type()) {
        case ExtensionType::BigDecimal:
            return static_cast<const BigDecimal&>(left).number().compare(
                static_cast<const BigDecimal&>(right).number());
        case ExtensionType::BigInteger: {
            const auto number = [](const Extension& e) { return *Decimal::parse(e.text()); };
            return number(left).compare(number(right));
        }
        case ExtensionType::Instant:
            return temporal([](const Extension& e) { return static_cast<const Instant&>(e).at(); });
        case ExtensionType::ZonedDateTime:
            return temporal([](const Extension& e) { return static_cast<const ZonedDateTime&>(e).moment(); });
        case ExtensionType::LocalDate:
            return temporal([](const Extension& e) { return static_cast<const LocalDate&>(e).day(); });
        case ExtensionType::LocalDateTime:
            return temporal([](const Extension& e) { return static_cast<const LocalDateTime&>(e).at(); });
        case ExtensionType::LocalTime:
            return temporal([](const Extension& e) { return static_cast<const LocalTime&>(e).nano_of_day(); });
        case ExtensionType::TimeAmount:
            return temporal([](const Extension& e) {
                const auto& amount = static_cast<const TimeAmount&>(e);
                return std::pair(amount.seconds(), amount.nanos());
            });
        case ExtensionType::Character:
        case ExtensionType::Uri:
        case ExtensionType::EnumConstant:
            return compare_utf16(left.text(), right.text());
        case ExtensionType::Other:
            break;
    }
    throw type_error("{} has no order", type_name(a));
}

bool any_contains(const List& items, const Value& part, Session& session) {
    session.budget().spend(static_cast<std::int64_t>(items.size()));
    return std::any_of(items.begin(), items.end(), [&](const Value& item) { return boxed_equal(item, part, session); });
}

bool has_key(const Value& map, const Value& key, Session& session) {
    if (map.is_lazy()) return key.is_string() && session.find_in(map.as_lazy(), key.as_string()) != nullptr;
    if (const List* typed = map.as_map().typed_keys()) return any_contains(*typed, key, session);
    return key.is_string() && map.as_map().contains(key.as_string());
}

std::string text_of_item(const Value& item, Session& session) {
    if (item.is_null()) throw null_operand("isIn: the collection contains a null");
    return java_text_of(item, session);
}

Value range_of_characters(const std::string& start, const std::string& end, std::int64_t increment, Session& session) {
    const char32_t first = code_point_at(start, 0).value;
    const char32_t last = code_point_at(end, 0).value;
    List items;
    const std::int64_t step = std::clamp<std::int64_t>(increment, -0x10ffff, 0x10ffff);
    for (std::int64_t c = first; step > 0 ? c <= last : c >= last; c += step) {
        std::string text;
        append_utf8(text, static_cast<char32_t>(c));
        items.push_back(make_value<Character>(std::move(text)));
        session.budget().step();
    }
    return Value(std::move(items));
}

bool is_one_character(const std::string* text) {
    return text != nullptr && utf16_length(*text) == 1;
}

}  // namespace

const std::string* if_text(const Value& value) {
    if (const std::string* text = value.if_string()) return text;
    const auto* macro_text = if_own<MacroText>(value);
    return macro_text != nullptr ? &macro_text->value() : nullptr;
}

bool boxed_equal(const Value& a, const Value& b, Session& session) {
    session.budget().step();
    if (a.is_lazy() || b.is_lazy()) return boxed_equal(session.forced(a), session.forced(b), session);
    if (a.kind() != b.kind()) return false;
    switch (a.kind()) {
        case Kind::Null:
            return true;
        case Kind::Bool:
            return a.as_bool() == b.as_bool();
        case Kind::Int:
        case Kind::Long:
            return a.as_integer() == b.as_integer();
        case Kind::Float:
        case Kind::Double: {
            // As Double.equals: a NaN equals itself, and the zeros differ.
            return std::bit_cast<std::uint64_t>(a.as_double()) == std::bit_cast<std::uint64_t>(b.as_double());
        }
        case Kind::String:
            return a.as_string() == b.as_string();
        case Kind::List:
            return equal_lists(a, b, session);
        case Kind::Map:
            return equal_maps(a.as_map(), b.as_map(), session);
        default:
            return a.as_extension().equals(b.as_extension());
    }
}

bool loosely_equal(const Value& a, const Value& b, Session& session) {
    if (is_any_number(a) && is_any_number(b)) return as_number(a) == as_number(b);
    const bool has_constant = if_a<EnumConstant>(a) != nullptr || if_a<EnumConstant>(b) != nullptr;
    if (has_constant) {
        const std::string* left = constant_or_string(a);
        const std::string* right = constant_or_string(b);
        if (left != nullptr && right != nullptr) return *left == *right;
    }
    return boxed_equal(a, b, session);
}

bool compares(Operator op, const Value& left, const Value& right) {
    if (left.is_null() || right.is_null()) return false;
    int order = 0;
    if (is_any_number(left) && is_any_number(right)) {
        const double a = as_number(left);
        const double b = as_number(right);
        if (a != a || b != b) return false;  // NaN is neither less nor greater
        order = order_of(a, b);
    } else {
        const std::string* a = if_text(left);
        const std::string* b = if_text(right);
        if (a == nullptr || b == nullptr) {
            throw type_error("cannot compare {} with {}: expected two numbers or two texts", type_name(left),
                             type_name(right));
        }
        order = compare_utf16(*a, *b);
    }
    switch (op) {
        case Operator::Less:
            return order < 0;
        case Operator::Greater:
            return order > 0;
        case Operator::LessOrEqual:
            return order <= 0;
        default:
            return order >= 0;
    }
}

int natural_order(const Value& a, const Value& b) {
    if (a.is_null() || b.is_null()) throw null_operand("cannot sort a list with a null in it");
    const bool same_type =
        a.kind() == b.kind() && (a.kind() != Kind::Extension || a.as_extension().type() == b.as_extension().type());
    if (!same_type) throw type_error("cannot sort a list with {} and {} in it", type_name(a), type_name(b));
    switch (a.kind()) {
        case Kind::Bool:
            return order_of(a.as_bool(), b.as_bool());
        case Kind::Int:
        case Kind::Long:
            return order_of(a.as_integer(), b.as_integer());
        case Kind::Float:
        case Kind::Double: {
            const bool left_nan = a.as_double() != a.as_double();
            const bool right_nan = b.as_double() != b.as_double();
            if (left_nan || right_nan) return order_of(left_nan, right_nan);
            return order_of(a.as_double(), b.as_double());
        }
        case Kind::String:
            return compare_utf16(a.as_string(), b.as_string());
        case Kind::Extension:
            return order_of_extensions(a, b);
        default:
            throw type_error("{} has no order", type_name(a));
    }
}

bool contains(const Value& whole, const Value& part, Session& session) {
    if (whole.is_null()) return false;
    if (const List* items = whole.if_list()) {
        const List* parts = part.if_list();
        if (parts == nullptr || whole.flavour() == ListFlavour::Array) return any_contains(*items, part, session);
        return std::all_of(parts->begin(), parts->end(),
                           [&](const Value& one) { return any_contains(*items, one, session); });
    }
    if (whole.is_map() || whole.is_lazy()) return has_key(whole, part, session);
    if (const std::string* text = if_text(whole)) return text->find(java_text_of(part, session)) != std::string::npos;
    throw type_error("'contains' expects a list, a map or a text on its left, not {}", type_name(whole));
}

bool is_in(const Value& part, const Value& whole, Session& session) {
    if (part.is_null() || whole.is_null()) return false;
    const std::string text = java_text_of(part, session);
    if (const List* items = whole.if_list()) {
        return std::any_of(items->begin(), items->end(),
                           [&](const Value& item) { return text_of_item(item, session) == text; });
    }
    const Value& all = session.forced(whole);
    if (!all.is_map()) return false;
    return std::any_of(all.as_map().begin(), all.as_map().end(), [&](const Map::Entry& entry) {
        return entry.first == text || text_of_item(entry.second, session) == text;
    });
}

bool truth(const Value& value, std::string_view what) {
    if (value.is_bool()) return value.as_bool();
    if (is_any_number(value)) return as_number(value) != 0 && as_number(value) == as_number(value);
    if (const std::string* text = if_text(value)) return !text->empty();
    if (value.is_null()) throw null_operand("{} is null", what);
    throw type_error("{} is {}, which is neither true nor false; compare it, or test it with 'is'", what,
                     type_name(value));
}

Value concatenated(const Value& left, const Value& right, Session& session) {
    std::string out;
    if (!left.is_null()) append_java_text(out, left, session);
    if (!right.is_null()) append_java_text(out, right, session);
    session.budget().made_text(out.size());
    return Value(std::move(out));
}

Value range(const Value& start, const Value& end, const Value& increment, Session& session) {
    if (!is_any_number(increment))
        throw bad_argument("range: the increment must be a number, not {}", type_name(increment));
    const std::int64_t step = cut_to_integer(increment);
    if (step == 0) throw bad_argument("range: the increment must not be 0");
    const std::string* first = if_text(start);
    const std::string* last = if_text(end);
    if (is_one_character(first) && is_one_character(last)) return range_of_characters(*first, *last, step, session);
    if (!is_any_number(start) || !is_any_number(end)) {
        throw bad_argument("range: expected two numbers or two characters, not {} and {}", type_name(start),
                           type_name(end));
    }
    const std::int64_t from = cut_to_integer(start);
    const std::int64_t to = cut_to_integer(end);
    const double count = (static_cast<double>(to) - static_cast<double>(from)) / static_cast<double>(step) + 1;
    if (count < 1) return Value(List());
    if (count > static_cast<double>(session.budget().limits().list_items)) {
        throw bad_argument("range: more than {} elements", session.budget().limits().list_items);
    }
    session.budget().made_list(static_cast<std::size_t>(count));
    List items;
    items.reserve(static_cast<std::size_t>(count));
    std::int64_t value = from;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(count); ++i) {
        items.emplace_back(value);
        if (i + 1 < static_cast<std::int64_t>(count)) value += step;
    }
    return Value(std::move(items));
}

}  // namespace sluice::expr
