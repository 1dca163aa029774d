#include "expr/jq/operators.h"

#include <algorithm>
#include <cmath>

#include "expr/jq/interpreter.h"
#include "expr/jq/texts.h"
#include "expr/unicode.h"
#include "value/json.h"

namespace sluice::expr::jq {
namespace {

int rank(const Value& value) {
    switch (value.kind()) {
        case Kind::Null:
            return 0;
        case Kind::Bool:
            return value.as_bool() ? 2 : 1;
        case Kind::String:
            return 4;
        case Kind::List:
            return 5;
        case Kind::Map:
            return 6;
        default:
            return 3;
    }
}

int order_of_numbers(const Value& left, const Value& right) {
    if (left.is_integer() && right.is_integer()) {
        return left.as_integer() < right.as_integer() ? -1 : left.as_integer() > right.as_integer() ? 1 : 0;
    }
    const double a = number_of(left);
    const double b = number_of(right);
    if (std::isnan(a)) return -1;  // a NaN is less than everything
    if (std::isnan(b)) return 1;
    return a < b ? -1 : a > b ? 1 : 0;
}

/// First by their sorted keys, then value by value.
int order_of_maps(const Map& left, const Map& right, Session& session) {
    const auto keys_of = [](const Map& map) {
        std::vector<std::string_view> keys;
        for (const auto& [key, value] : map) keys.push_back(key);
        std::sort(keys.begin(), keys.end(), [](auto a, auto b) { return compare_utf16(a, b) < 0; });
        return keys;
    };
    const auto mine = keys_of(left);
    const auto theirs = keys_of(right);
    for (std::size_t i = 0; i < std::min(mine.size(), theirs.size()); ++i) {
        if (const int order = compare_utf16(mine[i], theirs[i])) return order;
    }
    if (mine.size() != theirs.size()) return mine.size() < theirs.size() ? -1 : 1;
    for (const std::string_view key : mine) {
        if (const int order = compared(*left.find(key), *right.find(key), session)) return order;
    }
    return 0;
}

Value of_integers(Op op, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    bool overflows = false;
    if (op == Op::Add)
        overflows = __builtin_add_overflow(a, b, &result);
    else if (op == Op::Subtract)
        overflows = __builtin_sub_overflow(a, b, &result);
    else
        overflows = __builtin_mul_overflow(a, b, &result);
    if (!overflows) return number(result);
    const auto x = static_cast<double>(a);
    const auto y = static_cast<double>(b);
    return number(op == Op::Add ? x + y : op == Op::Subtract ? x - y : x * y);
}

[[noreturn]] void refuse(const Value& left, const Value& right, std::string_view what) {
    throw raised("{} and {} cannot be {}", described(left), described(right), what);
}

Value modulo(const Value& left, const Value& right) {
    const auto cut = [](const Value& value) {
        const double number = number_of(value);
        if (value.is_integer()) return value.as_integer();
        return std::fabs(number) < 9.2e18 ? static_cast<std::int64_t>(number) : std::int64_t{0};
    };
    const std::int64_t divisor = cut(right);
    if (divisor == 0) refuse(left, right, "divided because the divisor is zero");
    return number(divisor == -1 ? std::int64_t{0} : cut(left) % std::abs(divisor));
}

Value of_numbers(Op op, const Value& left, const Value& right) {
    if (op == Op::Modulo) return modulo(left, right);
    if (op == Op::Divide) {
        if (number_of(right) == 0) refuse(left, right, "divided because the divisor is zero");
        const bool is_whole = left.is_integer() && right.is_integer() && right.as_integer() != -1 &&
                              left.as_integer() % right.as_integer() == 0;
        return is_whole ? number(left.as_integer() / right.as_integer()) : number(number_of(left) / number_of(right));
    }
    if (left.is_integer() && right.is_integer()) return of_integers(op, left.as_integer(), right.as_integer());
    const double a = number_of(left);
    const double b = number_of(right);
    return number(op == Op::Add ? a + b : op == Op::Subtract ? a - b : a * b);
}

Value added(const Value& left, const Value& right, Session& session) {
    if (left.is_null()) return right;
    if (right.is_null()) return left;
    if (left.is_string() && right.is_string()) {
        session.budget().made_text(left.as_string().size() + right.as_string().size());
        return Value(left.as_string() + right.as_string());
    }
    if (left.is_list() && right.is_list()) {
        session.budget().made_list(left.as_list().size() + right.as_list().size());
        List items = left.as_list();
        items.insert(items.end(), right.as_list().begin(), right.as_list().end());
        return Value(std::move(items));
    }
    if (left.is_map() && right.is_map()) {
        Map entries = left.as_map();
        for (const auto& [key, value] : right.as_map()) entries.set(key, value);
        return Value(std::move(entries));
    }
    refuse(left, right, "added");
}

Value subtracted(const Value& left, const Value& right, Session& session) {
    if (!left.is_list() || !right.is_list()) refuse(left, right, "subtracted");
    List items;
    for (const Value& item : left.as_list()) {
        const bool goes = std::any_of(right.as_list().begin(), right.as_list().end(),
                                      [&](const Value& other) { return compared(item, other, session) == 0; });
        if (!goes) items.push_back(item);
    }
    return Value(std::move(items));
}

Value merged(const Map& left, const Map& right, Session& session) {
    session.budget().step();
    Map out = left;
    for (const auto& [key, value] : right) {
        const Value* present = out.find(key);
        const bool both_maps = present != nullptr && present->is_map() && value.is_map();
        out.set(key, both_maps ? merged(present->as_map(), value.as_map(), session) : value);
    }
    return Value(std::move(out));
}

Value repeated(const std::string& text, double times, Session& session) {
    if (!(times > 0)) return {};
    const double count = std::ceil(times);
    const double size = count * static_cast<double>(text.size());
    session.budget().made_text(size > 1e15 ? std::size_t{1} << 50U : static_cast<std::size_t>(size));
    std::string out;
    for (double i = 0; i < count && !text.empty(); ++i) out += text;
    return Value(std::move(out));
}

Value multiplied(const Value& left, const Value& right, Session& session) {
    if (left.is_string() && is_number(right)) return repeated(left.as_string(), number_of(right), session);
    if (is_number(left) && right.is_string()) return repeated(right.as_string(), number_of(left), session);
    if (left.is_map() && right.is_map()) return merged(left.as_map(), right.as_map(), session);
    refuse(left, right, "multiplied");
}

Value divided(const Value& left, const Value& right, Session& session) {
    if (!left.is_string() || !right.is_string()) refuse(left, right, "divided");
    return split_by(left.as_string(), right.as_string(), session);
}

}  // namespace

bool is_number(const Value& value) {
    return value.is_number() || value.kind() == Kind::Extension;
}

double number_of(const Value& value) {
    const Extension* big = value.if_extension();
    return big != nullptr ? std::strtod(big->text().c_str(), nullptr) : value.as_double();
}

Value number(std::int64_t value) {
    if (value >= INT32_MIN && value <= INT32_MAX) return Value(static_cast<std::int32_t>(value));
    return Value(value);
}

Value number(double value) {
    const bool is_whole = std::floor(value) == value && std::fabs(value) < 9.2e18;
    return is_whole ? number(static_cast<std::int64_t>(value)) : Value(value);
}

int compared(const Value& left, const Value& right, Session& session) {
    session.budget().step();
    if (rank(left) != rank(right)) return rank(left) < rank(right) ? -1 : 1;
    switch (rank(left)) {
        case 3:
            return order_of_numbers(left, right);
        case 4:
            return compare_utf16(left.as_string(), right.as_string());
        case 5: {
            const List& mine = left.as_list();
            const List& theirs = right.as_list();
            for (std::size_t i = 0; i < std::min(mine.size(), theirs.size()); ++i) {
                if (const int order = compared(mine[i], theirs[i], session)) return order;
            }
            return mine.size() < theirs.size() ? -1 : mine.size() > theirs.size() ? 1 : 0;
        }
        case 6:
            return order_of_maps(left.as_map(), right.as_map(), session);
        default:
            return 0;
    }
}

Value calculated(Op op, const Value& left, const Value& right, Session& session) {
    switch (op) {
        case Op::Equal:
            return Value(compared(left, right, session) == 0);
        case Op::NotEqual:
            return Value(compared(left, right, session) != 0);
        case Op::Less:
            return Value(compared(left, right, session) < 0);
        case Op::LessOrEqual:
            return Value(compared(left, right, session) <= 0);
        case Op::Greater:
            return Value(compared(left, right, session) > 0);
        case Op::GreaterOrEqual:
            return Value(compared(left, right, session) >= 0);
        default:
            break;
    }
    if (is_number(left) && is_number(right)) return of_numbers(op, left, right);
    switch (op) {
        case Op::Add:
            return added(left, right, session);
        case Op::Subtract:
            return subtracted(left, right, session);
        case Op::Multiply:
            return multiplied(left, right, session);
        case Op::Divide:
            return divided(left, right, session);
        default:
            refuse(left, right, "divided");
    }
}

std::string type_of(const Value& value) {
    switch (value.kind()) {
        case Kind::Null:
            return "null";
        case Kind::Bool:
            return "boolean";
        case Kind::String:
            return "string";
        case Kind::List:
            return "array";
        case Kind::Map:
            return "object";
        default:
            return "number";
    }
}

std::string described(const Value& value) {
    constexpr std::size_t kShown = 60;
    std::string json = to_json(value);
    if (json.size() > kShown) {
        std::size_t end = kShown;
        while (end > 0 && (static_cast<unsigned char>(json[end]) & 0xc0U) == 0x80) --end;
        json = json.substr(0, end) + "...";
    }
    return value.is_null() ? "null (null)" : type_of(value) + " (" + json + ")";
}

}  // namespace sluice::expr::jq
