#include "value/extension.h"

namespace sluice {

bool BigInteger::equals(const Extension& other) const {
    const auto* big = dynamic_cast<const BigInteger*>(&other);
    return big != nullptr && big->digits_ == digits_;
}

Value big_integer(std::string digits) {
    return Value(std::shared_ptr<const Extension>(std::make_shared<BigInteger>(std::move(digits))));
}

}  // namespace sluice
