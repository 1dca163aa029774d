#pragma once
#include <string>

#include "value/value.h"

namespace sluice::expr {

/// What iterating a map gives: e.key and e.value.
class MapEntry final : public Extension {
  public:
    MapEntry(Value key, Value value) : key_(std::move(key)), value_(std::move(value)) {}
    const Value& key() const { return key_; }
    const Value& value() const { return value_; }
    std::string text() const override;
    std::string json() const override;
    bool equals(const Extension& other) const override;
    int height() const override { return value_.height() + 1; }

  private:
    Value key_;
    Value value_;
};

/// What a macro gives: a text that is not equal to the same text as a string.
class MacroText final : public Extension {
  public:
    explicit MacroText(std::string text) : text_(std::move(text)) {}
    const std::string& value() const { return text_; }
    std::string text() const override { return text_; }
    std::string json() const override;
    bool equals(const Extension& other) const override;

  private:
    std::string text_;
};

/// The variable `loop`. It belongs to one render; its owner moves it on.
class Loop final : public Extension {
  public:
    explicit Loop(std::int32_t length) : length_(length) {}
    void move_to(std::int32_t index) { index_ = index; }
    Value member(std::string_view name, bool& found) const;
    std::string text() const override;
    std::string json() const override;
    bool equals(const Extension& other) const override { return this == &other; }

  private:
    std::int32_t index_ = 0;
    std::int32_t length_;
};

// Extensions that are known in this module only have no ExtensionType.
template <class T>
const T* if_own(const Value& value) {
    const Extension* extension = value.if_extension();
    if (extension == nullptr || extension->type() != ExtensionType::Other) return nullptr;
    return dynamic_cast<const T*>(extension);
}

}  // namespace sluice::expr
