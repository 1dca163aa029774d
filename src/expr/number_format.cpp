#include "expr/number_format.h"

#include <algorithm>
#include <cmath>

#include "expr/failure.h"
#include "expr/operators.h"
#include "value/extension.h"

namespace sluice::expr {
namespace {

struct Affixes {
    std::string prefix{};
    std::string suffix{};
};

struct Pattern {
    Affixes positive{};
    Affixes negative{};
    int multiplier = 1;
    std::int64_t least_integer = 0;
    std::int64_t most_integer = 0;  // counts with an exponent only
    std::int64_t least_fraction = 0;
    std::int64_t most_fraction = 0;
    std::int64_t group = 0;            // 0: none
    std::int64_t exponent_digits = 0;  // 0: no exponent
    bool always_point = false;
};

/// The part of a pattern on one side of the semicolon.
class HalfReader {
  public:
    HalfReader(std::string_view whole, std::size_t at) : whole_(whole), at_(at) {}

    /// Reads up to the end or the semicolon, and stops there.
    void run() {
        affix(affixes.prefix);
        digits();
        affix(affixes.suffix);
        if (at_ < whole_.size() && whole_[at_] != ';') refuse("has digits in its suffix");
    }

    std::size_t end() const { return at_; }
    Affixes affixes{};
    int multiplier = 1;
    std::int64_t left = 0;  // # before the zeros
    std::int64_t zeros = 0;
    std::int64_t right = 0;  // # behind them
    std::int64_t point = -1;
    std::int64_t group = -1;
    std::int64_t exponent_digits = 0;

  private:
    [[noreturn]] void refuse(std::string_view what) const {
        throw bad_argument("filter 'numberFormat': the pattern '{}' {}", whole_, what);
    }

    bool is_over() const { return at_ >= whole_.size() || whole_[at_] == ';'; }

    static bool is_digit_sign(char c) { return c == '#' || c == '0' || c == ',' || c == '.'; }

    void affix(std::string& out) {
        bool quoted = false;
        for (; at_ < whole_.size(); ++at_) {
            const char c = whole_[at_];
            if (c == '\'') {
                const bool doubled = whole_.substr(at_).starts_with("''");
                if (doubled)
                    out += whole_[at_++];
                else
                    quoted = !quoted;
            } else if (quoted) {
                out += c;
            } else if (c == ';' || is_digit_sign(c)) {
                return;
            } else if (!scale(out)) {
                out += c;
            }
        }
        if (quoted) refuse("has a quote that is not closed");
    }

    /// A percent or per mille sign, or the sign of the currency
    bool scale(std::string& out) {
        const std::string_view rest = whole_.substr(at_);
        const auto multiply = [&](int by, std::string_view sign) {
            if (multiplier != 1) refuse("has too many percent or per mille signs");
            multiplier = by;
            out += sign;
            at_ += sign.size() - 1;
            return true;
        };
        if (rest.starts_with("%")) return multiply(100, "%");
        if (rest.starts_with("‰")) return multiply(1000, "‰");
        if (!rest.starts_with("¤")) return false;
        out += '$';
        at_ += std::string_view("¤").size() - 1;
        return true;
    }

    void digits() {
        for (; !is_over(); ++at_) {
            const char c = whole_[at_];
            if (c == '#') {
                (zeros > 0 ? right : left) += 1;
                count_group();
            } else if (c == '0') {
                if (right > 0) refuse("has a 0 behind a #");
                ++zeros;
                count_group();
            } else if (c == ',') {
                if (point >= 0) refuse("has a ',' behind the '.'");
                group = 0;
            } else if (c == '.') {
                if (point >= 0) refuse("has more than one '.'");
                point = left + zeros + right;
            } else if (c == 'E') {
                exponent();
                return;
            } else {
                return;
            }
        }
    }

    void count_group() {
        if (group >= 0 && point < 0) ++group;
    }

    void exponent() {
        for (++at_; at_ < whole_.size() && whole_[at_] == '0'; ++at_) ++exponent_digits;
        if (left + zeros < 1 || exponent_digits < 1) refuse("has an exponent without digits");
    }

    std::string_view whole_;
    std::size_t at_;
};

Pattern pattern_of(std::string_view text) {
    HalfReader half(text, 0);
    half.run();
    Pattern out{.positive = half.affixes, .multiplier = half.multiplier, .exponent_digits = half.exponent_digits};
    if (half.zeros == 0 && half.left > 0 && half.point >= 0) {  // "###.##" has one integer digit after all
        const std::int64_t integers = std::max<std::int64_t>(half.point, 1);
        half.right = half.left - integers;
        half.left = integers - 1;
        half.zeros = 1;
    }
    const std::int64_t total = half.left + half.zeros + half.right;
    const std::int64_t point = half.point >= 0 ? half.point : total;
    out.least_integer = point - half.left;
    out.most_integer = half.left + out.least_integer;
    out.most_fraction = half.point >= 0 ? total - half.point : 0;
    out.least_fraction = half.point >= 0 ? std::max<std::int64_t>(half.left + half.zeros - half.point, 0) : 0;
    out.group = std::max<std::int64_t>(half.group, 0);
    out.always_point = half.point >= 0 && (half.point == 0 || half.point == total);
    out.negative = {"-" + out.positive.prefix, out.positive.suffix};
    if (half.end() < text.size()) {
        HalfReader negative(text, half.end() + 1);
        negative.run();
        const bool differs =
            negative.affixes.prefix != out.positive.prefix || negative.affixes.suffix != out.positive.suffix;
        if (differs) out.negative = negative.affixes;
    }
    return out;
}

/// The digits of a number, without zeros at their end, and how many of them stand before the point.
struct Digits {
    std::string digits{};
    std::int64_t before_point = 0;

    explicit Digits(const Decimal& number) {
        if (number.is_zero()) return;
        digits = number.digits();
        before_point = static_cast<std::int64_t>(digits.size()) - number.scale();
        while (!digits.empty() && digits.back() == '0') digits.pop_back();
    }
    char at(std::int64_t index) const {
        const bool is_there = index >= 0 && index < static_cast<std::int64_t>(digits.size());
        return is_there ? digits[static_cast<std::size_t>(index)] : '0';
    }
};

/// The digits to be written, and where a half of the last one goes.
struct Written {
    Decimal number{};
    Decimal::Half half = Decimal::Half::ToEven;
};

std::string plain(const Written& written, const Pattern& pattern) {
    const Digits digits(written.number.absolute().rounded_to_scale(pattern.most_fraction, written.half));
    const auto count = static_cast<std::int64_t>(digits.digits.size());
    std::string out;
    const std::int64_t integers = std::max(pattern.least_integer, digits.before_point);
    for (std::int64_t i = integers - 1; i >= 0; --i) {
        out += digits.at(digits.before_point - 1 - i);
        if (pattern.group > 0 && i > 0 && i % pattern.group == 0) out += ',';
    }
    const bool has_fraction = pattern.least_fraction > 0 || count > std::max<std::int64_t>(digits.before_point, 0);
    if (!has_fraction && out.empty()) out += '0';
    if (has_fraction || pattern.always_point) out += '.';
    for (std::int64_t i = 0; i < pattern.most_fraction; ++i) {
        if (i >= pattern.least_fraction && digits.before_point + i >= count) break;
        out += digits.at(digits.before_point + i);
    }
    return out;
}

std::int64_t exponent_of(const Digits& digits, const Pattern& pattern) {
    const std::int64_t repeat = pattern.most_integer;
    if (repeat <= 1 || repeat <= pattern.least_integer) return digits.before_point - pattern.least_integer;
    if (digits.before_point >= 1) return (digits.before_point - 1) / repeat * repeat;
    return (digits.before_point - repeat) / repeat * repeat;
}

std::string scientific(const Written& written, const Pattern& pattern) {
    const auto precision =
        static_cast<std::size_t>(std::max<std::int64_t>(pattern.most_integer + pattern.most_fraction, 1));
    const Digits digits(written.number.absolute().rounded_to_precision(precision, written.half));
    const std::int64_t exponent = digits.digits.empty() ? 0 : exponent_of(digits, pattern);
    const bool repeats = pattern.most_integer > 1 && pattern.most_integer > pattern.least_integer;
    const std::int64_t least_integer = repeats ? 1 : pattern.least_integer;
    const std::int64_t integers = digits.digits.empty() ? least_integer : digits.before_point - exponent;
    const std::int64_t least = std::max(pattern.least_integer + pattern.least_fraction, integers);
    const std::int64_t total = std::max(static_cast<std::int64_t>(digits.digits.size()), least);
    std::string out;
    for (std::int64_t i = 0; i < total; ++i) {
        if (i == integers) out += '.';
        out += digits.at(i);
    }
    if (pattern.always_point && total == integers) out += '.';
    out += exponent < 0 ? "E-" : "E";
    return out + fmt::format("{:0{}}", std::abs(exponent), pattern.exponent_digits);
}

/// The number times the multiplier, which Java applies in the arithmetic of the number's own type. Of a double it takes
/// the shortest digits, but a half is rounded to where the double itself lies.
Written written(const Value& value, int multiplier) {
    const Decimal factor = *Decimal::parse(std::to_string(multiplier));
    const auto times = [&](const Decimal& number) { return Written{multiplier == 1 ? number : number.times(factor)}; };
    if (const auto* decimal = if_a<BigDecimal>(value)) return times(decimal->number());
    if (const auto* big = if_a<BigInteger>(value)) return times(*Decimal::parse(big->digits()));
    if (value.is_integer()) return times(*Decimal::parse(std::to_string(value.as_integer())));
    const double number = value.as_double() * multiplier;
    const Decimal digits = Decimal::shortest(number).absolute();
    const int order = Decimal::exact(number).absolute().compare(digits);
    return {digits, order > 0 ? Decimal::Half::Up : order < 0 ? Decimal::Half::Down : Decimal::Half::ToEven};
}

}  // namespace

std::string formatted_number(const Value& number, std::string_view pattern_text) {
    const Pattern pattern = pattern_of(pattern_text);
    const double approximate = as_number(number);
    if (std::isnan(approximate)) return "NaN";
    const Affixes& affixes = std::signbit(approximate) ? pattern.negative : pattern.positive;
    if (std::isinf(approximate) && number.is_number()) return affixes.prefix + "∞" + affixes.suffix;
    const Written digits = written(number, pattern.multiplier);
    return affixes.prefix + (pattern.exponent_digits > 0 ? scientific(digits, pattern) : plain(digits, pattern)) +
           affixes.suffix;
}

}  // namespace sluice::expr
