#include "expr/own_values.h"

#include <fmt/format.h>

#include "expr/text_forms.h"
#include "value/json.h"

namespace sluice::expr {

std::string MapEntry::text() const {
    return key_text(key_) + "=" + key_text(value_);
}

std::string MapEntry::json() const {
    std::string out = "{";
    append_json_string(out, key_text(key_));
    return out + ":" + to_json(value_) + "}";
}

bool MapEntry::equals(const Extension& other) const {
    const auto* entry = dynamic_cast<const MapEntry*>(&other);
    return entry != nullptr && entry->key_ == key_ && entry->value_ == value_;
}

std::string MacroText::json() const {
    std::string out;
    append_json_string(out, text_);
    return out;
}

bool MacroText::equals(const Extension& other) const {
    const auto* text = dynamic_cast<const MacroText*>(&other);
    return text != nullptr && text->text_ == text_;
}

Value Loop::member(std::string_view name, bool& found) const {
    found = true;
    if (name == "index") return Value(index_);
    if (name == "first") return Value(index_ == 0);
    if (name == "last") return Value(index_ == length_ - 1);
    if (name == "length") return Value(length_);
    if (name == "revindex") return Value(length_ - 1 - index_);
    found = false;
    return {};
}

std::string Loop::text() const {
    return fmt::format("{{last={}, length={}, index={}, revindex={}, first={}}}", index_ == length_ - 1, length_,
                       index_, length_ - 1 - index_, index_ == 0);
}

std::string Loop::json() const {
    return fmt::format(R"({{"last":{},"length":{},"index":{},"revindex":{},"first":{}}})", index_ == length_ - 1,
                       length_, index_, length_ - 1 - index_, index_ == 0);
}

}  // namespace sluice::expr
