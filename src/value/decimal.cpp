#include "value/decimal.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>

#include "base/error.h"
#include "value/json.h"

namespace sluice {
namespace {

// Digits are text without leading zeros, the most significant one first.

std::string trimmed(std::string digits) {
    const std::size_t first = digits.find_first_not_of('0');
    if (first == std::string::npos) return "0";
    return first == 0 ? digits : digits.substr(first);
}

int compared(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    return a.compare(b);
}

std::string sum(std::string_view a, std::string_view b) {
    if (a.size() < b.size()) std::swap(a, b);
    std::string out(a.size() + 1, '0');
    int carry = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const int digit = (a[a.size() - 1 - i] - '0') + (i < b.size() ? b[b.size() - 1 - i] - '0' : 0) + carry;
        out[out.size() - 1 - i] = static_cast<char>('0' + digit % 10);
        carry = digit / 10;
    }
    out[0] = static_cast<char>('0' + carry);
    return trimmed(std::move(out));
}

/// a - b, where a is not less than b
std::string difference(std::string_view a, std::string_view b) {
    std::string out(a);
    int borrow = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        int digit = (a[a.size() - 1 - i] - '0') - (i < b.size() ? b[b.size() - 1 - i] - '0' : 0) - borrow;
        borrow = digit < 0 ? 1 : 0;
        digit += borrow * 10;
        out[out.size() - 1 - i] = static_cast<char>('0' + digit);
    }
    return trimmed(std::move(out));
}

std::string product(std::string_view a, std::string_view b) {
    std::vector<int> cells(a.size() + b.size(), 0);
    for (std::size_t i = a.size(); i-- > 0;) {
        for (std::size_t j = b.size(); j-- > 0;) {
            const int cell = cells[i + j + 1] + (a[i] - '0') * (b[j] - '0');
            cells[i + j + 1] = cell % 10;
            cells[i + j] += cell / 10;
        }
    }
    std::string out;
    for (const int cell : cells) out += static_cast<char>('0' + cell);
    return trimmed(std::move(out));
}

struct Quotient {
    std::string whole{};
    std::string rest{};
};

Quotient quotient(std::string_view a, std::string_view b) {
    Quotient out;
    for (const char c : a) {
        out.rest = trimmed(out.rest + c);
        char digit = '0';
        while (compared(out.rest, b) >= 0) {
            out.rest = difference(out.rest, b);
            ++digit;
        }
        out.whole += digit;
    }
    out.whole = trimmed(std::move(out.whole));
    if (out.rest.empty()) out.rest = "0";
    return out;
}

std::string shifted(const std::string& digits, std::int64_t zeros) {
    if (zeros <= 0 || digits == "0") return digits;
    return digits + std::string(static_cast<std::size_t>(zeros), '0');
}

}  // namespace

Decimal::Decimal(bool negative, std::string digits, std::int64_t scale)
    : negative_(negative), digits_(trimmed(std::move(digits))), scale_(scale) {
    if (is_zero()) negative_ = false;
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
    bool negative = false;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        negative = text.front() == '-';
        text.remove_prefix(1);
    }
    std::int64_t exponent = 0;
    if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
        std::string_view after = text.substr(e + 1);
        if (after.starts_with('+')) after.remove_prefix(1);
        const auto [end, failed] = std::from_chars(after.data(), after.data() + after.size(), exponent);
        if (failed != std::errc{} || end != after.data() + after.size()) return {};
        text = text.substr(0, e);
    }
    std::string digits;
    std::int64_t scale = 0;
    bool point = false;
    for (const char c : text) {
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') return {};
        digits += c;
        scale += point ? 1 : 0;
    }
    if (digits.empty() || exponent > kMaxExponent || exponent < -kMaxExponent) return {};
    return Decimal(negative, std::move(digits), scale - exponent);
}

Decimal Decimal::shortest(double number) {
    return *parse(java_text(number));
}

Decimal Decimal::exact(double number) {
    // No double has more than 1074 digits after the point; to_chars writes them all.
    char text[1500];
    const auto [end, failed] = std::to_chars(text, text + sizeof text, number, std::chars_format::fixed, 1074);
    ensure(failed == std::errc{}, "{} has more digits than a double can have", number);
    return parse({text, static_cast<std::size_t>(end - text)})->stripped(0);
}

std::string Decimal::text() const {
    const auto count = static_cast<std::int64_t>(digits_.size());
    const std::int64_t adjusted = count - 1 - scale_;
    if (scale_ >= 0 && adjusted >= -6) return plain_text();
    std::string out = negative_ ? "-" : "";
    out += digits_.substr(0, 1);
    if (count > 1) out += "." + digits_.substr(1);
    if (adjusted != 0) out += fmt::format("E{:+}", adjusted);
    return out;
}

std::string Decimal::plain_text() const {
    std::string out = digits_;
    if (scale_ <= 0) {
        out = shifted(out, -scale_);
    } else {
        const auto places = static_cast<std::size_t>(scale_);
        if (out.size() <= places) out.insert(0, places + 1 - out.size(), '0');
        out.insert(out.size() - places, 1, '.');
    }
    return negative_ ? "-" + out : out;
}

double Decimal::to_double() const {
    const std::string text = fmt::format("{}{}E{}", negative_ ? "-" : "", digits_, -scale_);
    return std::strtod(text.c_str(), nullptr);
}

Decimal Decimal::negated() const {
    return {!negative_, digits_, scale_};
}
Decimal Decimal::absolute() const {
    return {false, digits_, scale_};
}

Decimal Decimal::plus(const Decimal& other) const {
    const std::int64_t scale = std::max(scale_, other.scale_);
    const std::string mine = shifted(digits_, scale - scale_);
    const std::string theirs = shifted(other.digits_, scale - other.scale_);
    if (negative_ == other.negative_) return {negative_, sum(mine, theirs), scale};
    if (compared(mine, theirs) >= 0) return {negative_, difference(mine, theirs), scale};
    return {other.negative_, difference(theirs, mine), scale};
}

Decimal Decimal::times(const Decimal& other) const {
    return Decimal(negative_ != other.negative_, product(digits_, other.digits_), scale_ + other.scale_)
        .rounded_to_precision(kPrecision);
}

Decimal Decimal::divided_by(const Decimal& other) const {
    ensure(!other.is_zero(), "a decimal is divided by zero");
    const std::int64_t preferred = scale_ - other.scale_;
    if (is_zero()) return {false, "0", preferred};
    // Enough digits for the precision, one to round by, and one that says whether anything follows.
    const auto wanted = static_cast<std::int64_t>(other.digits_.size() + kPrecision + 2);
    const std::int64_t zeros = std::max<std::int64_t>(wanted - static_cast<std::int64_t>(digits_.size()), 0);
    Quotient result = quotient(shifted(digits_, zeros), other.digits_);
    const bool is_exact = result.rest == "0";
    std::int64_t scale = preferred + zeros;
    if (!is_exact) {
        result.whole += '1';
        ++scale;
    }
    const Decimal full(negative_ != other.negative_, std::move(result.whole), scale);
    const Decimal rounded = full.rounded_to_precision(kPrecision);
    return is_exact ? rounded.stripped(preferred) : rounded;
}

Decimal Decimal::remainder(const Decimal& other) const {
    ensure(!other.is_zero(), "a decimal is divided by zero");
    const std::int64_t scale = std::max(scale_, other.scale_);
    const Quotient result = quotient(shifted(digits_, scale - scale_), shifted(other.digits_, scale - other.scale_));
    return Decimal(negative_, result.rest, scale).rounded_to_precision(kPrecision);
}

/// Rounded to lose its last `count` digits.
Decimal Decimal::without_last(std::size_t count, Half half) const {
    std::string digits = digits_;
    if (count >= digits.size()) digits.insert(0, count + 1 - digits.size(), '0');
    const std::size_t kept = digits.size() - count;
    const std::string_view rest = std::string_view(digits).substr(kept);
    const bool beyond_half = rest.find_first_not_of('0', 1) != std::string_view::npos;
    const bool is_odd = (digits[kept - 1] - '0') % 2 == 1;
    const bool half_goes_up = half == Half::Up || (half == Half::ToEven && is_odd);
    const bool up = rest[0] > '5' || (rest[0] == '5' && (beyond_half || half_goes_up));
    std::string out = digits.substr(0, kept);
    if (up) out = sum(out, "1");
    return {negative_, std::move(out), scale_ - static_cast<std::int64_t>(count)};
}

Decimal Decimal::rounded_to_scale(std::int64_t scale, Half half) const {
    if (scale >= scale_) return {negative_, shifted(digits_, scale - scale_), scale};
    const auto count = static_cast<std::size_t>(scale_ - scale);
    if (count > digits_.size()) return {false, "0", scale};
    return without_last(count, half);
}

Decimal Decimal::rounded_to_precision(std::size_t precision, Half half) const {
    if (digits_.size() <= precision) return *this;
    const Decimal rounded = without_last(digits_.size() - precision, half);
    return rounded.digits_.size() > precision ? rounded.without_last(1, half) : rounded;
}

Decimal Decimal::stripped(std::int64_t lowest_scale) const {
    std::string digits = digits_;
    std::int64_t scale = scale_;
    while (scale > lowest_scale && digits.back() == '0' && (digits.size() > 1 || is_zero())) {
        if (digits.size() > 1) digits.pop_back();
        --scale;
    }
    return {negative_, std::move(digits), scale};
}

int Decimal::compare(const Decimal& other) const {
    const Decimal apart = minus(other);
    if (apart.is_zero()) return 0;
    return apart.negative_ ? -1 : 1;
}

}  // namespace sluice
