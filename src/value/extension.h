#pragma once
#include <string>

#include "value/decimal.h"
#include "value/value.h"

namespace sluice {

/// An integer beyond 64 bits, kept as its decimal digits.
class BigInteger final : public Extension {
  public:
    static constexpr ExtensionType kType = ExtensionType::BigInteger;
    explicit BigInteger(std::string digits) : digits_(std::move(digits)) {}

    const std::string& digits() const { return digits_; }
    ExtensionType type() const override { return kType; }
    std::string text() const override { return digits_; }
    std::string json() const override { return digits_; }
    bool equals(const Extension& other) const override;

  private:
    std::string digits_;
};

/// A decimal number whose digits matter: 1.10 is not 1.1.
class BigDecimal final : public Extension {
  public:
    static constexpr ExtensionType kType = ExtensionType::BigDecimal;
    explicit BigDecimal(Decimal number) : number_(std::move(number)) {}

    const Decimal& number() const { return number_; }
    ExtensionType type() const override { return kType; }
    std::string text() const override { return number_.text(); }
    std::string json() const override { return number_.text(); }
    bool equals(const Extension& other) const override;

  private:
    Decimal number_;
};

/// Text that expressions tell apart from a string by its type only: a single character, a uri, the name of a constant.
template <ExtensionType type_of_text>
class TypedText final : public Extension {
  public:
    static constexpr ExtensionType kType = type_of_text;
    explicit TypedText(std::string text) : text_(std::move(text)) {}

    const std::string& value() const { return text_; }
    ExtensionType type() const override { return kType; }
    std::string text() const override { return text_; }
    std::string json() const override;
    bool equals(const Extension& other) const override;

  private:
    std::string text_;
};
using Character = TypedText<ExtensionType::Character>;
using Uri = TypedText<ExtensionType::Uri>;
using EnumConstant = TypedText<ExtensionType::EnumConstant>;

Value big_integer(std::string digits);

}  // namespace sluice
