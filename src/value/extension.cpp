#include "value/extension.h"

#include "value/json.h"

namespace sluice {

bool BigInteger::equals(const Extension& other) const {
    const auto* big = if_a<BigInteger>(other);
    return big != nullptr && big->digits_ == digits_;
}

bool BigDecimal::equals(const Extension& other) const {
    const auto* decimal = if_a<BigDecimal>(other);
    return decimal != nullptr && decimal->number_ == number_;
}

template <ExtensionType type_of_text>
std::string TypedText<type_of_text>::json() const {
    std::string out;
    append_json_string(out, text_);
    return out;
}

template <ExtensionType type_of_text>
bool TypedText<type_of_text>::equals(const Extension& other) const {
    const auto* same = if_a<TypedText<type_of_text>>(other);
    return same != nullptr && same->text_ == text_;
}

template class TypedText<ExtensionType::Character>;
template class TypedText<ExtensionType::Uri>;
template class TypedText<ExtensionType::EnumConstant>;

Value big_integer(std::string digits) {
    return make_value<BigInteger>(std::move(digits));
}

}  // namespace sluice
