#include "value/json.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "value/extension.h"

namespace sluice {
namespace {

constexpr std::size_t kDeepest = 512;

/// Builds a Value from nlohmann's parser events, so that no second tree is made.
class Builder : public nlohmann::json_sax<nlohmann::json> {
  public:
    bool null() override { return put(Value()); }
    bool boolean(bool b) override { return put(Value(b)); }
    bool number_integer(number_integer_t i) override { return put(integer(i)); }
    bool number_unsigned(number_unsigned_t u) override {
        if (u > static_cast<number_unsigned_t>(INT64_MAX)) return put(big_integer(std::to_string(u)));
        return put(integer(static_cast<std::int64_t>(u)));
    }
    bool number_float(number_float_t d, const string_t& text) override {
        // An integer beyond 64 bits comes here; its digits are in the text.
        if (text.find_first_of(".eE") == std::string::npos) return put(big_integer(text));
        return put(Value(d));
    }
    bool string(string_t& text) override {
        if (text.find('\0') != std::string::npos) return fail("U+0000 is not allowed in text");
        return put(Value(std::move(text)));
    }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Value(Map())); }
    bool key(string_t& text) override {
        if (text.find('\0') != std::string::npos) return fail("U+0000 is not allowed in text");
        keys_.back() = std::move(text);
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Value(List())); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& what) override {
        position_ = position;
        return fail(what.what());
    }

    Value result{};
    std::string failure{};
    std::size_t position_ = 0;

  private:
    static Value integer(std::int64_t i) {
        if (i >= INT32_MIN && i <= INT32_MAX) return Value(static_cast<std::int32_t>(i));
        return Value(i);
    }
    bool fail(std::string text) {
        failure = std::move(text);
        return false;
    }
    bool put(Value value) {
        if (open_.empty())
            result = std::move(value);
        else if (open_.back().is_map())
            open_.back().mutable_map().set(keys_.back(), std::move(value));
        else
            open_.back().mutable_list().push_back(std::move(value));
        return true;
    }
    bool open(Value container) {
        if (open_.size() >= kDeepest) return fail(fmt::format("nested deeper than {} levels", kDeepest));
        open_.push_back(std::move(container));
        keys_.emplace_back();
        return true;
    }
    bool close() {
        Value done = std::move(open_.back());
        open_.pop_back();
        keys_.pop_back();
        return put(std::move(done));
    }

    std::vector<Value> open_{};
    std::vector<std::string> keys_{};
};

/// nlohmann's text without its internal numbering: "[json.exception.parse_error.101] parse error at …: …"
std::string plain(const std::string& text) {
    const auto bracket = text.find("] ");
    return bracket == std::string::npos ? text : text.substr(bracket + 2);
}

Place place_in(std::string_view text, std::size_t position) {
    Place place{.line = 1, .column = 1};
    for (std::size_t i = 0; i + 1 < position && i < text.size(); ++i) {
        place.column = text[i] == '\n' ? 1 : place.column + 1;
        place.line += text[i] == '\n' ? 1 : 0;
    }
    return place;
}

void append(std::string& out, const Value& value, int indent);

template <class Items, class Each>
void append_items(std::string& out, const Items& items, char open, char close, int indent, Each each) {
    out += open;
    const int inner = indent < 0 ? -1 : indent + 2;
    bool first = true;
    for (const auto& item : items) {
        if (!first) out += ',';
        first = false;
        if (inner >= 0) (out += '\n').append(static_cast<std::size_t>(inner), ' ');
        each(item, inner);
    }
    if (!first && inner >= 0) (out += '\n').append(static_cast<std::size_t>(indent), ' ');
    out += close;
}

void append(std::string& out, const Value& value, int indent) {
    switch (value.kind()) {
        case Kind::Null:
            out += "null";
            return;
        case Kind::Bool:
            out += value.as_bool() ? "true" : "false";
            return;
        case Kind::Int:
        case Kind::Long:
            fmt::format_to(std::back_inserter(out), "{}", value.as_integer());
            return;
        case Kind::Float:
        case Kind::Double: {
            const double d = value.as_double();
            if (!std::isfinite(d))
                append_json_string(out, std::isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
            else if (value.kind() == Kind::Float)
                out += java_text(static_cast<float>(d));
            else
                out += java_text(d);
            return;
        }
        case Kind::String:
            append_json_string(out, value.as_string());
            return;
        case Kind::List:
            append_items(out, value.as_list(), '[', ']', indent,
                         [&](const Value& item, int inner) { append(out, item, inner); });
            return;
        case Kind::Map:
            append_items(out, value.as_map(), '{', '}', indent, [&](const Map::Entry& entry, int inner) {
                append_json_string(out, entry.first);
                out += inner >= 0 ? ": " : ":";
                append(out, entry.second, inner);
            });
            return;
        case Kind::Lazy:
            append(out, value.as_lazy().force(), indent);
            return;
        case Kind::Extension:
            out += value.as_extension().json();
            return;
    }
}

/// Java writes a number between 10^-3 and 10^7 plainly, others with an exponent: 1.0E10.
template <class Number>
std::string java_number(Number number) {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
    if (number == 0) return std::signbit(number) ? "-0.0" : "0.0";
    char shortest[64];
    const auto end = std::to_chars(shortest, shortest + sizeof shortest, number, std::chars_format::scientific).ptr;
    std::string_view text(shortest, static_cast<std::size_t>(end - shortest));
    const bool negative = text.front() == '-';
    if (negative) text.remove_prefix(1);
    const std::size_t e = text.find('e');
    int exponent = 0;
    const std::string_view exponent_text = text.substr(e + 1);
    std::from_chars(exponent_text.data() + (exponent_text.front() == '+' ? 1 : 0),
                    exponent_text.data() + exponent_text.size(), exponent);
    std::string digits;
    for (const char c : text.substr(0, e)) {
        if (c != '.') digits += c;
    }
    std::string out = negative ? "-" : "";
    const auto count = static_cast<int>(digits.size());
    if (exponent >= -3 && exponent < 7) {
        if (exponent < 0) {
            out += "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
        } else if (count <= exponent + 1) {
            out += digits + std::string(static_cast<std::size_t>(exponent + 1 - count), '0') + ".0";
        } else {
            const auto whole = static_cast<std::size_t>(exponent + 1);
            out += digits.substr(0, whole) + "." + digits.substr(whole);
        }
        return out;
    }
    out += digits.substr(0, 1) + "." + (count > 1 ? digits.substr(1) : "0");
    return out + "E" + std::to_string(exponent);
}

/// Length of the valid UTF-8 sequence at `at`, 0 when it is not one.
std::size_t sequence_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const auto tail = [&](std::size_t i) { return at + i < text.size() && (byte(i) & 0xc0) == 0x80; };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        if (!tail(1) || !tail(2)) return 0;
        if (first == 0xe0 && byte(1) < 0xa0) return 0;
        if (first == 0xed && byte(1) > 0x9f) return 0;
        return 3;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        if (!tail(1) || !tail(2) || !tail(3)) return 0;
        if (first == 0xf0 && byte(1) < 0x90) return 0;
        if (first == 0xf4 && byte(1) > 0x8f) return 0;
        return 4;
    }
    return 0;
}

Result<Value> parsed(std::string_view text, bool to_the_end) {
    Builder builder;
    constexpr auto kJson = nlohmann::json::input_format_t::json;
    if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder, kJson, to_the_end)) {
        return std::move(builder.result);
    }
    Error error{ErrorCode::Invalid, "not valid JSON: " + plain(builder.failure)};
    if (builder.position_ > 0) error.place = place_in(text, builder.position_);
    return tl::unexpected(std::move(error));
}

}  // namespace

Result<Value> parse_json(std::string_view text) {
    return parsed(text, true);
}
Result<Value> parse_first_json(std::string_view text) {
    return parsed(text, false);
}

std::string to_json(const Value& value) {
    std::string out;
    append(out, value, -1);
    return out;
}

std::string to_pretty_json(const Value& value) {
    std::string out;
    append(out, value, 0);
    return out;
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t plain_from = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\' && c < 0x80) {
            ++i;
            continue;
        }
        std::size_t length = 1;
        if (c >= 0x80) {
            length = sequence_length(text, i);
            if (length > 0) {
                i += length;
                continue;
            }
        }
        out.append(text, plain_from, i - plain_from);
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (c >= 0x80 || c == 0)  // neither this parser nor PostgreSQL takes U+0000
                    out += "\xef\xbf\xbd";
                else
                    fmt::format_to(std::back_inserter(out), "\\u{:04X}", c);
        }
        plain_from = ++i;
    }
    out.append(text, plain_from, text.size() - plain_from);
    out += '"';
}

std::string java_text(double number) {
    return java_number(number);
}
std::string java_text(float number) {
    return java_number(number);
}

}  // namespace sluice
