#pragma once
#include <string>

#include "value/value.h"

namespace sluice {

/// An integer beyond 64 bits, kept as its decimal digits.
class BigInteger final : public Extension {
  public:
    explicit BigInteger(std::string digits) : digits_(std::move(digits)) {}
    const std::string& digits() const { return digits_; }
    std::string json() const override { return digits_; }
    bool equals(const Extension& other) const override;

  private:
    std::string digits_;
};

Value big_integer(std::string digits);

}  // namespace sluice
