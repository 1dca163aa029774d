#include "databases/postgres_values.h"

#include <charconv>
#include <cstdlib>

#include "databases/iso_text.h"
#include "databases/postgres_types.h"
#include "expr/encoding.h"
#include "value/extension.h"
#include "value/json.h"

namespace sluice::databases {
namespace {

template <class T>
Value integer(std::string_view text) {
    T number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return Value(number);
}

std::string bytes_of_hex(std::string_view hex) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    std::string out;
    out.reserve(hex.size() / 2);
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
        out += static_cast<char>(digit(hex[at]) << 4 | digit(hex[at + 1]));
    }
    return out;
}

/// {1,NULL,{2,3},"a \"text\""}, perhaps with its bounds in front: [0:2]={…}
class ArrayReader {
  public:
    ArrayReader(std::string_view text, unsigned int element, const std::string& zone)
        : text_(text), element_(element), zone_(zone) {}

    std::optional<Value> run() {
        const std::size_t open = text_.find('{');
        if (open == std::string_view::npos) return {};
        at_ = open;
        return list(0);
    }

  private:
    static constexpr int kDeepest = 8;  // PostgreSQL's arrays have at most six dimensions

    std::optional<Value> list(int depth) {
        if (depth > kDeepest) return {};
        ++at_;
        List items;
        while (at_ < text_.size() && text_[at_] != '}') {
            if (text_[at_] == ',') {
                ++at_;
            } else if (text_[at_] == '{') {
                auto inner = list(depth + 1);
                if (!inner) return {};
                items.push_back(std::move(*inner));
            } else {
                items.push_back(item());
            }
        }
        if (at_ >= text_.size()) return {};
        ++at_;
        return Value(std::move(items));
    }

    Value item() {
        if (text_[at_] != '"') {
            const std::size_t end = std::min(text_.find_first_of(",}", at_), text_.size());
            const std::string_view plain = text_.substr(at_, end - at_);
            at_ = end;
            return plain == "NULL" ? Value() : postgres_value(element_, plain, zone_);
        }
        std::string quoted;
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            quoted += text_[at_];
        }
        ++at_;
        return postgres_value(element_, quoted, zone_);
    }

    std::string_view text_;
    unsigned int element_;
    const std::string& zone_;
    std::size_t at_ = 0;
};

Value decimal(std::string_view text) {
    auto number = Decimal::parse(text);  // NaN and Infinity are none
    return number ? make_value<BigDecimal>(std::move(*number)) : Value(text);
}

std::string array_text(const List& items, unsigned int element) {
    std::string out = "{";
    for (const Value& item : items) {
        if (out.size() > 1) out += ',';
        if (item.is_list()) {
            out += array_text(item.as_list(), element);
            continue;
        }
        const PostgresParameter parameter = postgres_parameter(item, element);
        if (!parameter.text) {
            out += "NULL";
            continue;
        }
        out += '"';
        for (const char c : *parameter.text) {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        out += '"';
    }
    return out + "}";
}

}  // namespace

Value postgres_value(unsigned int type, std::string_view text, const std::string& zone) {
    switch (type) {
        case kBool:
            return Value(text == "t");
        case kInt2:
        case kInt4:
            return integer<std::int32_t>(text);
        case kInt8:
        case kOid:
            return integer<std::int64_t>(text);
        case kFloat4:
            return Value(std::strtof(std::string(text).c_str(), nullptr));
        case kFloat8:
            return Value(std::strtod(std::string(text).c_str(), nullptr));
        case kNumeric:
            return decimal(text);
        case kBytea:
            return text.starts_with("\\x") ? Value(expr::base64_of(bytes_of_hex(text.substr(2)))) : Value(text);
        case kDate:
            return date_of(text).value_or(Value(text));
        case kTime:
            return time_of(text).value_or(Value(text));
        case kTimestamp:
            return wall_time_of(text).value_or(Value(text));
        case kTimestampTz:
            return zoned_time_of(text, zone).value_or(Value(text));
        case kInterval:
            return Value(iso_interval_of(text).value_or(std::string(text)));
        case kJson:
        case kJsonb:
            return parse_json(text).value_or(Value(text));
        default:
            if (const unsigned int element = element_of(type)) {
                return ArrayReader(text, element, zone).run().value_or(Value(text));
            }
            return Value(text);
    }
}

PostgresParameter postgres_parameter(const Value& value) {
    switch (value.kind()) {
        case Kind::Null:
            return {};
        case Kind::Bool:
            return {value.as_bool() ? "true" : "false", kBool};
        case Kind::Int:
            return {std::to_string(value.as_integer()), kInt4};
        case Kind::Long:
            return {std::to_string(value.as_integer()), kInt8};
        case Kind::Float:
        case Kind::Double:
            return {java_text(value.as_double()), kFloat8};
        case Kind::String:
            return {value.as_string(), 0};
        case Kind::Extension: {
            const ExtensionType type = value.as_extension().type();
            const bool is_number = type == ExtensionType::BigDecimal || type == ExtensionType::BigInteger;
            std::string text = value.as_extension().text();
            // PostgreSQL wants the offset only, not the region: 2024-01-01T10:00+01:00[Europe/Paris]
            if (type == ExtensionType::ZonedDateTime) text = text.substr(0, text.find('['));
            return {std::move(text), is_number ? kNumeric : 0};
        }
        default:
            return {to_json(value), 0};
    }
}

PostgresParameter postgres_parameter(const Value& value, unsigned int wanted) {
    const unsigned int element = element_of(wanted);
    if (element != 0 && value.is_list()) return {array_text(value.as_list(), element), wanted};
    PostgresParameter out = postgres_parameter(value);
    if (wanted == kBytea && value.is_string() && !value.as_string().starts_with("\\x")) {
        if (const auto bytes = expr::from_base64(value.as_string())) out.text = "\\x" + expr::hexadecimal(*bytes);
    }
    const bool is_json = wanted == kJson || wanted == kJsonb;
    if (is_json && value.is_string() && !parse_json(value.as_string())) out.text = to_json(value);
    out.type = wanted;
    return out;
}

}  // namespace sluice::databases
