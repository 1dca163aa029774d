#include <algorithm>
#include <charconv>
#include <cmath>

#include "expr/dates.h"
#include "expr/encoding.h"
#include "expr/failure.h"
#include "expr/ion_text.h"
#include "expr/session.h"
#include "expr/unicode.h"
#include "value/extension.h"
#include "value/temporal.h"

namespace sluice::expr {
namespace {

constexpr int kDeepest = 200;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_identifier(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || is_digit(c);
}

/// int, long or big integer
Value integer_value(const std::string& decimal) {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(decimal.data(), decimal.data() + decimal.size(), number);
    if (failed != std::errc{}) return big_integer(decimal);
    if (number >= INT32_MIN && number <= INT32_MAX) return Value(static_cast<std::int32_t>(number));
    return Value(number);
}

class IonReader {
  public:
    IonReader(std::string_view text, Session& session) : text_(text), session_(session) {}

    List run(bool only_first) {
        List values;
        for (skip(); at_ < text_.size(); skip()) {
            if (take_if("$ion_1_0")) continue;
            values.push_back(value());
            if (only_first) break;
        }
        return values;
    }

  private:
    [[noreturn]] void refuse(std::string_view what) const {
        const Place place = place_of(text_, static_cast<std::uint32_t>(at_));
        throw failure(FailureKind::IonParseError, "the text is no Ion: {} in line {}, column {}", what, place.line,
                      place.column);
    }

    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    bool goes_on_with(std::string_view wanted) const { return text_.substr(at_).starts_with(wanted); }
    bool take_if(std::string_view wanted) {
        if (!goes_on_with(wanted)) return false;
        at_ += wanted.size();
        return true;
    }

    /// Blanks and comments
    void skip() {
        while (at_ < text_.size()) {
            const char c = peek();
            if (c == ' ' || (c >= '\t' && c <= '\r')) {
                ++at_;
            } else if (goes_on_with("//")) {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (goes_on_with("/*")) {
                const std::size_t end = text_.find("*/", at_ + 2);
                if (end == std::string_view::npos) refuse("a comment is not closed");
                at_ = end + 2;
            } else {
                return;
            }
        }
    }

    // ---- values ----

    Value value() {
        session_.budget().step();
        if (++depth_ > kDeepest) refuse("too deep a nesting");
        Value out = unannotated();
        --depth_;
        return out;
    }

    Value unannotated() {
        const char c = peek();
        if (goes_on_with("{{")) return lob();
        if (c == '{') return structure();
        if (c == '[') return sequence(']', ',');
        if (c == '(') return sequence(')', '\0');
        if (c == '"') return Value(quoted('"'));
        if (goes_on_with("'''")) return Value(long_text());
        if (c == '\'') return symbol(quoted('\''));
        if (is_digit(c) ||
            ((c == '-' || c == '+') && (is_digit(peek(1)) || goes_on_with("-inf") || goes_on_with("+inf"))))
            return number();
        if (is_identifier(c)) return symbol_or_keyword();
        if (at_ >= text_.size()) refuse("a value is missing");
        refuse("an unexpected character");
    }

    Value sequence(char close, char separator) {
        ++at_;
        List items;
        for (skip(); peek() != close; skip()) {
            if (at_ >= text_.size()) refuse("a list is not closed");
            if (separator == '\0' && is_operator(peek())) {
                items.emplace_back(operator_symbol());
                continue;
            }
            items.push_back(value());
            skip();
            if (separator == '\0' || peek() == close) continue;
            if (peek() != separator) refuse("a ',' is missing");
            ++at_;
        }
        ++at_;
        return Value(std::move(items));
    }

    static bool is_operator(char c) {
        return std::string_view("!#%&*+-./;<=>?@^`|~").find(c) != std::string_view::npos;
    }

    std::string operator_symbol() {
        const std::size_t from = at_;
        while (is_operator(peek())) ++at_;
        return std::string(text_.substr(from, at_ - from));
    }

    Value structure() {
        ++at_;
        Map fields;
        for (skip(); peek() != '}'; skip()) {
            if (at_ >= text_.size()) refuse("a struct is not closed");
            const std::string name = field_name();
            skip();
            if (peek() != ':') refuse("a ':' is missing");
            ++at_;
            skip();
            fields.set(name, value());
            skip();
            if (peek() == '}') continue;
            if (peek() != ',') refuse("a ',' is missing");
            ++at_;
        }
        ++at_;
        return Value(std::move(fields));
    }

    std::string field_name() {
        if (goes_on_with("'''")) return long_text();
        if (peek() == '"' || peek() == '\'') return quoted(peek());
        const std::string name = identifier();
        if (name.empty()) refuse("the name of a field is missing");
        return name;
    }

    std::string identifier() {
        const std::size_t from = at_;
        while (is_identifier(peek())) ++at_;
        return std::string(text_.substr(from, at_ - from));
    }

    // ---- symbols and annotations ----

    Value symbol_or_keyword() {
        const std::string name = identifier();
        if (name == "null") {
            if (peek() == '.') {
                ++at_;
                identifier();
            }
            return {};
        }
        const bool annotates = is_annotation();
        if (!annotates && name == "true") return Value(true);
        if (!annotates && name == "false") return Value(false);
        if (!annotates && name == "nan") return Value(std::nan(""));
        return symbol(name);
    }

    bool is_annotation() {
        const std::size_t before = at_;
        skip();
        if (goes_on_with("::")) return true;
        at_ = before;
        return false;
    }

    Value symbol(const std::string& name) {
        if (!is_annotation()) return Value(name);
        at_ += 2;
        skip();
        const Value annotated = value();
        const std::string* text = annotated.if_string();
        return text != nullptr ? date_of(name, *text).value_or(annotated) : annotated;
    }

    /// Dates that Ion has no type for are texts with their type as an annotation.
    std::optional<Value> date_of(const std::string& type, const std::string& text) const {
        try {
            if (type == "ZonedDateTime" || type == "OffsetDateTime") {
                const ZonedDateTime zoned = parse_iso_zoned(text);
                return make_value<ZonedDateTime>(zoned.wall(), zoned.offset(), zoned.region());
            }
            if (type == "LocalDateTime") return make_value<LocalDateTime>(parse_iso_wall(text));
            if (type == "LocalTime") return make_value<LocalTime>(parse_iso_time(text));
        } catch (const Failure&) {
            refuse("a date is wrong");
        }
        return {};
    }

    // ---- texts ----

    std::string quoted(char quote) {
        ++at_;
        std::string out;
        while (peek() != quote) {
            if (at_ >= text_.size() || peek() == '\n') refuse("a text is not closed");
            if (peek() == '\\')
                escape(out);
            else
                out += text_[at_++];
        }
        ++at_;
        return out;
    }

    /// '''one''' '''text'''
    std::string long_text() {
        std::string out;
        while (take_if("'''")) {
            while (!goes_on_with("'''")) {
                if (at_ >= text_.size()) refuse("a text is not closed");
                if (peek() == '\\')
                    escape(out);
                else
                    out += text_[at_++];
            }
            at_ += 3;
            const std::size_t before = at_;
            skip();
            if (!goes_on_with("'''")) at_ = before;
        }
        return out;
    }

    void escape(std::string& out) {
        static constexpr std::string_view kNames = "0abtnfrv\"'?\\/";
        static constexpr std::string_view kMeanings{"\0\a\b\t\n\f\r\v\"'?\\/", 13};
        const char c = peek(1);
        at_ += 2;
        if (c == '\n') return;
        if (c == 'x') return append_utf8(out, hexadecimal_digits(2));
        if (c == 'u') return append_utf8(out, hexadecimal_digits(4));
        if (c == 'U') return append_utf8(out, hexadecimal_digits(8));
        const std::size_t found = kNames.find(c);
        if (found == std::string_view::npos || c == '\0') refuse("an unknown escape");
        out += kMeanings[found];
    }

    char32_t hexadecimal_digits(std::size_t count) {
        std::uint32_t number = 0;
        const std::string_view digits = text_.substr(at_, count);
        const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
        if (failed != std::errc{} || end != digits.data() + count || number > 0x10ffff) refuse("a wrong escape");
        at_ += count;
        return number;
    }

    /// {{base64}} or {{"text"}}: the bytes, as text
    Value lob() {
        at_ += 2;
        skip();
        std::string out;
        if (peek() == '"' || peek() == '\'') {
            out = peek() == '"' ? quoted('"') : long_text();
        } else {
            std::string digits;
            for (; at_ < text_.size() && peek() != '}'; ++at_) {
                if (peek() != ' ' && peek() != '\n' && peek() != '\r' && peek() != '\t') digits += peek();
            }
            const auto decoded = from_base64(digits);
            if (!decoded) refuse("a blob is no base64");
            out = *decoded;
        }
        skip();
        if (!take_if("}}")) refuse("a blob is not closed");
        return Value(std::move(out));
    }

    // ---- numbers and timestamps ----

    Value number() {
        if (take_if("+inf")) return Value(HUGE_VAL);
        if (take_if("-inf")) return Value(-HUGE_VAL);
        const std::size_t from = at_;
        if (peek() == '+') refuse("an unexpected '+'");
        const bool has_year = is_digit(peek()) && is_digit(peek(1)) && is_digit(peek(2)) && is_digit(peek(3)) &&
                              (peek(4) == '-' || peek(4) == 'T');
        if (has_year) return timestamp();
        while (is_digit(peek()) || std::string_view("_.xXbBdDeE+-abcfABCF").find(peek()) != std::string_view::npos) {
            if (at_ >= text_.size()) break;
            const bool is_sign = peek() == '+' || peek() == '-';
            const bool in_exponent =
                at_ > from && std::string_view("eEdD").find(text_[at_ - 1]) != std::string_view::npos;
            if (is_sign && at_ > from && !in_exponent) break;
            ++at_;
        }
        std::string text(text_.substr(from, at_ - from));
        text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
        return number_of(text);
    }

    Value number_of(std::string text) const {
        const std::size_t sign = text.starts_with('-') ? 1 : 0;
        const std::string_view unsigned_text = std::string_view(text).substr(sign);
        if (unsigned_text.starts_with("0x") || unsigned_text.starts_with("0X")) return of_base(text, sign, 16);
        if (unsigned_text.starts_with("0b") || unsigned_text.starts_with("0B")) return of_base(text, sign, 2);
        if (text.find_first_of("eE") != std::string::npos) {
            if (!Decimal::parse(text)) refuse("a number is wrong");
            return Value(std::strtod(text.c_str(), nullptr));
        }
        if (text.find_first_of(".dD") != std::string::npos) {
            for (char& c : text) c = c == 'd' || c == 'D' ? 'E' : c;
            const auto decimal = Decimal::parse(text);
            if (!decimal) refuse("a number is wrong");
            return make_value<BigDecimal>(*decimal);
        }
        const bool plain =
            !unsigned_text.empty() && unsigned_text.find_first_not_of("0123456789") == std::string_view::npos;
        if (!plain || (unsigned_text.size() > 1 && unsigned_text.front() == '0')) refuse("a number is wrong");
        return integer_value(text);
    }

    Value of_base(const std::string& text, std::size_t sign, int base) const {
        std::uint64_t number = 0;
        const char* begin = text.data() + sign + 2;
        const auto [end, failed] = std::from_chars(begin, text.data() + text.size(), number, base);
        if (failed != std::errc{} || end == begin || end != text.data() + text.size()) refuse("a number is wrong");
        return integer_value((sign > 0 ? "-" : "") + std::to_string(number));
    }

    /// 2024T, 2024-02T, 2024-02-29, 2024-02-29T10:00Z …; midnight UTC is a date.
    Value timestamp() {
        const std::size_t from = at_;
        while (is_digit(peek()) ||
               (peek() != '\0' && std::string_view("-:.+TZ").find(peek()) != std::string_view::npos))
            ++at_;
        std::string text(text_.substr(from, at_ - from));
        if (text.ends_with('T')) text.pop_back();
        if (text.size() == 4) text += "-01-01";
        if (text.size() == 7) text += "-01";
        try {
            if (text.size() == 10) return make_value<LocalDate>(parse_iso_day(text));
            const Moment at = parse_iso_zoned(text).moment();
            const auto day = std::chrono::floor<std::chrono::days>(at.seconds);
            if (at.nanos == 0 && day == at.seconds) {
                return make_value<LocalDate>(std::chrono::local_days{day.time_since_epoch()});
            }
            return make_value<Instant>(at);
        } catch (const Failure&) {
            refuse("a timestamp is wrong");
        }
    }

    std::string_view text_;
    Session& session_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

List values_from_ion(std::string_view text, bool only_first, Session& session) {
    return IonReader(text, session).run(only_first);
}

}  // namespace sluice::expr
