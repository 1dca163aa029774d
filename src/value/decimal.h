#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// A decimal number of any length: digits × 10^-scale. Its texts and its rounding are those of java.math.BigDecimal,
/// because expressions show both.
class Decimal {
  public:
    Decimal() = default;
    Decimal(bool negative, std::string digits, std::int64_t scale);

    /// "1.50", "-3", "1E+10"; nothing when it is no number, or its exponent is beyond ±kMaxExponent
    static std::optional<Decimal> parse(std::string_view text);
    /// Of the shortest text that reads back as the same double (BigDecimal.valueOf). Wants a finite number.
    static Decimal shortest(double number);
    /// Of all the digits that the double stands for (new BigDecimal(double)). Wants a finite number.
    static Decimal exact(double number);

    bool is_negative() const { return negative_; }
    bool is_zero() const { return digits_ == "0"; }
    const std::string& digits() const { return digits_; }
    std::int64_t scale() const { return scale_; }

    /// "1E+10" where the exponent needs it
    std::string text() const;
    /// "10000000000": never with an exponent
    std::string plain_text() const;
    double to_double() const;

    Decimal negated() const;
    Decimal absolute() const;
    Decimal plus(const Decimal& other) const;
    Decimal minus(const Decimal& other) const { return plus(other.negated()); }
    /// Products, quotients and remainders are rounded half-even to kPrecision digits. A divisor must not be zero.
    Decimal times(const Decimal& other) const;
    Decimal divided_by(const Decimal& other) const;
    Decimal remainder(const Decimal& other) const;

    /// Where a half goes when digits are cut off: to the even neighbour, or, when the digits stand for a number that
    /// lies beyond or before them, to where that number is nearer.
    enum class Half { ToEven, Up, Down };
    /// To this many digits after the point; digits are added when it has fewer
    Decimal rounded_to_scale(std::int64_t scale, Half half = Half::ToEven) const;
    /// To this many significant digits at most
    Decimal rounded_to_precision(std::size_t precision, Half half = Half::ToEven) const;
    /// Without zeros at the end of its digits, down to this scale
    Decimal stripped(std::int64_t lowest_scale) const;

    /// Same digits and same scale: 1.0 differs from 1.00, as in Java
    bool operator==(const Decimal&) const = default;
    /// By value: negative, zero or positive
    int compare(const Decimal& other) const;

    static constexpr std::size_t kPrecision = 34;
    static constexpr std::int64_t kMaxExponent = 10'000;

  private:
    Decimal without_last(std::size_t count, Half half) const;

    bool negative_ = false;
    std::string digits_ = "0";  // without leading zeros
    std::int64_t scale_ = 0;
};

}  // namespace sluice
