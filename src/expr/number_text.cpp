#include "expr/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "expr/failure.h"
#include "value/extension.h"
#include "value/json.h"

namespace sluice::expr {
namespace {

[[noreturn]] void refuse(std::string_view text) {
    throw failure(FailureKind::NumberParseError, "the text '{}' is no number of the wanted type", text);
}

bool is_zero_text(std::string_view text) {
    const std::string_view mantissa = text.substr(0, text.find_first_of("eE"));
    return mantissa.find_first_of("123456789") == std::string_view::npos;
}

/// Digits of 10^9, in groups, to convert other bases to decimal digits.
std::string decimal_digits(std::string_view digits, int base) {
    std::string out = "0";
    for (const char c : digits) {
        int carry = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        for (auto at = out.rbegin(); at != out.rend(); ++at) {
            const int cell = (*at - '0') * base + carry;
            *at = static_cast<char>('0' + cell % 10);
            carry = cell / 10;
        }
        for (; carry > 0; carry /= 10) out.insert(out.begin(), static_cast<char>('0' + carry % 10));
    }
    return out;
}

/// An integer with its sign and base read: what Java's decode() understands.
struct Integer {
    bool negative = false;
    int base = 10;
    std::string_view digits{};

    std::string decimal() const {
        std::string out = base == 10
                              ? std::string(digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1)))
                              : decimal_digits(digits, base);
        return negative && out != "0" ? "-" + out : out;
    }
};

std::optional<Integer> integer_of(std::string_view text) {
    constexpr std::size_t kMostDigits = 4096;
    Integer out;
    if (text.starts_with('-') || text.starts_with('+')) {
        out.negative = text.front() == '-';
        text.remove_prefix(1);
    }
    if (text.starts_with("0x") || text.starts_with("0X")) {
        out.base = 16;
        text.remove_prefix(2);
    } else if (text.starts_with('#')) {
        out.base = 16;
        text.remove_prefix(1);
    } else if (text.size() > 1 && text.starts_with('0')) {
        out.base = 8;
        text.remove_prefix(1);
    }
    const std::string_view allowed = out.base == 16  ? "0123456789abcdefABCDEF"
                                     : out.base == 8 ? "01234567"
                                                     : "0123456789";
    const bool plain = text.find_first_not_of(allowed) == std::string_view::npos;
    if (text.empty() || !plain || text.size() > kMostDigits) return {};
    out.digits = text;
    return out;
}

template <class Number>
std::optional<Number> as(const std::string& decimal) {
    Number number = 0;
    const auto [end, failed] = std::from_chars(decimal.data(), decimal.data() + decimal.size(), number);
    if (failed != std::errc{} || end != decimal.data() + decimal.size()) return {};
    return number;
}

/// int where it fits, else long, else a big integer
Value smallest(const Integer& integer) {
    const std::string decimal = integer.decimal();
    if (const auto small = as<std::int32_t>(decimal)) return Value(*small);
    if (const auto large = as<std::int64_t>(decimal)) return Value(*large);
    return big_integer(decimal);
}

/// Of so many hexadecimal digits: those of an int may be up to 7fffffff, and so on.
Value by_digit_count(const Integer& integer) {
    const std::string_view digits =
        integer.digits.substr(std::min(integer.digits.find_first_not_of('0'), integer.digits.size() - 1));
    const bool high = digits.front() > '7';
    const std::string decimal = integer.decimal();
    if (digits.size() > 16 || (digits.size() == 16 && high)) return big_integer(decimal);
    if (digits.size() > 8 || (digits.size() == 8 && high)) return Value(as<std::int64_t>(decimal).value_or(0));
    return Value(as<std::int32_t>(decimal).value_or(0));
}

template <class Number>
std::optional<Number> floating(std::string_view text) {
    if (!Decimal::parse(text)) return {};
    if (text.starts_with('+')) text.remove_prefix(1);
    Number number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed == std::errc::result_out_of_range) {
        // Too small is zero and too large is infinite, as in Java.
        const double wide = std::strtod(std::string(text).c_str(), nullptr);
        return static_cast<Number>(wide);
    }
    if (failed != std::errc{} || end != text.data() + text.size()) return {};
    return number;
}

Value shortest_exact(std::string_view text) {
    const auto narrow = floating<float>(text);
    const auto wide = floating<double>(text);
    const auto exact = Decimal::parse(text);
    if (!narrow || !wide || !exact) refuse(text);
    const bool is_zero = is_zero_text(text);
    const bool narrow_holds = std::isfinite(*narrow) && (*narrow != 0 || is_zero);
    if (narrow_holds && java_text(*narrow) == java_text(*wide)) return Value(*narrow);
    const bool wide_holds = std::isfinite(*wide) && (*wide != 0 || is_zero);
    if (wide_holds && exact->compare(Decimal::shortest(*wide)) == 0) return Value(*wide);
    return make_value<BigDecimal>(*exact);
}

Value automatic(std::string_view text) {
    const bool is_hexadecimal = text.find('x') != std::string_view::npos || text.find('X') != std::string_view::npos ||
                                text.find('#') != std::string_view::npos;
    if (is_hexadecimal) {
        const auto integer = integer_of(text);
        if (!integer) refuse(text);
        return by_digit_count(*integer);
    }
    const char last = text.empty() ? '\0' : text.back();
    const std::string_view body = text.substr(0, text.size() - (text.empty() ? 0 : 1));
    if (last == 'L' || last == 'l') {
        const bool plain =
            !body.empty() && body.find_first_not_of("0123456789", body[0] == '-' ? 1 : 0) == std::string_view::npos;
        const auto number = as<std::int64_t>(std::string(body));
        if (!plain || body == "-") refuse(text);
        return number ? Value(*number) : big_integer(std::string(body));
    }
    if (last == 'F' || last == 'f') {
        const auto number = floating<float>(body);
        if (!number) refuse(text);
        return Value(*number);
    }
    if (last == 'D' || last == 'd') {
        const auto number = floating<double>(body);
        if (!number) refuse(text);
        return Value(*number);
    }
    if (text.find_first_of(".eE") != std::string_view::npos) return shortest_exact(text);
    const auto integer = integer_of(text);
    if (!integer) refuse(text);
    return smallest(*integer);
}

}  // namespace

Value number_from_text(std::string_view text, std::string_view type) {
    const auto decoded = [&] {
        const auto integer = integer_of(text);
        if (!integer) refuse(text);
        return integer->decimal();
    };
    const auto present = [&](auto number) {
        if (!number) refuse(text);
        return *number;
    };
    if (type == "INT") return Value(present(as<std::int32_t>(decoded())));
    if (type == "LONG") return Value(present(as<std::int64_t>(decoded())));
    if (type == "BIGINTEGER") return big_integer(decoded());
    if (type == "FLOAT") return Value(present(floating<float>(text)));
    if (type == "DOUBLE") return Value(present(floating<double>(text)));
    if (type == "BIGDECIMAL") return make_value<BigDecimal>(present(Decimal::parse(text)));
    return automatic(text);
}

}  // namespace sluice::expr
