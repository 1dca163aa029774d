#include <algorithm>
#include <array>

#include "expr/failure.h"
#include "expr/java_regex.h"
#include "expr/unicode.h"

namespace sluice::expr {
namespace {

struct PropertyName {
    std::string_view java;
    std::string_view pcre;  // inside of a character class
};

constexpr PropertyName kProperties[] = {
    {"Lower", "[:lower:]"},
    {"Upper", "[:upper:]"},
    {"Alpha", "[:alpha:]"},
    {"Digit", "[:digit:]"},
    {"Alnum", "[:alnum:]"},
    {"Punct", "[:punct:]"},
    {"Graph", "[:graph:]"},
    {"Print", "[:print:]"},
    {"Blank", "[:blank:]"},
    {"Cntrl", "[:cntrl:]"},
    {"XDigit", "[:xdigit:]"},
    {"Space", "[:space:]"},
    {"ASCII", "\\x{0}-\\x{7f}"},
    {"javaLowerCase", "\\p{Ll}"},
    {"javaUpperCase", "\\p{Lu}"},
    {"javaLetter", "\\p{L}"},
    {"javaAlphabetic", "\\p{L}"},
    {"javaDigit", "\\p{Nd}"},
    {"javaWhitespace", "\\s"},
    {"javaSpaceChar", "\\p{Z}"},
    {"javaLetterOrDigit", "\\p{L}\\p{Nd}"},
    {"IsAlphabetic", "\\p{L}\\p{Nl}"},
    {"IsLetter", "\\p{L}"},
    {"IsDigit", "\\p{Nd}"},
    {"IsUppercase", "\\p{Lu}"},
    {"IsLowercase", "\\p{Ll}"},
    {"IsPunctuation", "\\p{P}"},
    {"IsWhite_Space", "\\s\\x{85}\\p{Z}"},
    {"IsControl", "\\p{Cc}"},
    {"IsIdeographic", "\\p{Han}"},
};

// What may follow a backslash in Java, besides digits and everything that is no letter.
constexpr std::string_view kEscapedLetters = "abBAcdDefGhHknpPQRrsStuvVwWxXzZ";
constexpr std::string_view kFlags = "idmsux-";

class Translator {
  public:
    explicit Translator(std::string_view pattern) : in_(pattern) {}

    std::string run() {
        while (at_ < in_.size()) outside_class();
        return std::move(out_);
    }

  private:
    [[noreturn]] void refuse(std::string_view what) const {
        throw failure(FailureKind::RegexError, "the regular expression '{}' {}", in_, what);
    }

    char peek(std::size_t ahead = 0) const { return at_ + ahead < in_.size() ? in_[at_ + ahead] : '\0'; }

    void outside_class() {
        const char c = peek();
        if (c == '\\')
            out_ += escape(false);
        else if (c == '[')
            out_ += character_class(0);
        else if (c == '(' && peek(1) == '?')
            group();
        else if (c == '(' && peek(1) == '*')
            refuse("has a '*' with nothing before it");
        else
            out_ += in_[at_++];
    }

    // ---- groups ----

    void group() {
        at_ += 2;
        out_ += "(?";
        const char c = peek();
        if (c == ':' || c == '=' || c == '!' || c == '>') return;
        if (c == '<') {
            const bool known = peek(1) == '=' || peek(1) == '!' || is_letter(static_cast<unsigned char>(peek(1)));
            if (!known) refuse("has an unknown kind of group");
            return;
        }
        flags();
    }

    /// (?i) or (?i: … Unicode case and Unix lines make no difference here.
    void flags() {
        std::string kept;
        for (; kFlags.find(peek()) != std::string_view::npos && peek() != '\0'; ++at_) {
            if (peek() != 'd' && peek() != 'u') kept += peek();
        }
        if (peek() != ')' && peek() != ':')
            refuse("has an unknown kind of group, or the flag U, which is not supported");
        if (kept == "-") kept.clear();
        out_ += kept;
    }

    // ---- escapes ----

    std::string escape(bool in_class) {
        ++at_;
        if (at_ >= in_.size()) refuse("ends with a backslash");
        const char c = peek();
        if (c == 'u') return unicode_escape();
        if (c == '0') return octal_escape();
        if (c == 'p' || c == 'P') return property(in_class);
        if (c == 'Q') return quoted();
        const bool is_ascii_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (is_ascii_letter && kEscapedLetters.find(c) == std::string_view::npos) refuse("has an unknown escape");
        if (c == 'b' && peek(1) == '{') refuse("has \\b{…}, which is not supported");
        const std::size_t length = code_point_at(in_, at_).length;
        std::string out = "\\" + std::string(in_.substr(at_, length));
        at_ += length;
        return out;
    }

    static std::string hexadecimal(char32_t c) { return fmt::format("\\x{{{:x}}}", static_cast<std::uint32_t>(c)); }

    std::optional<char32_t> four_digits(std::size_t from) const {
        if (from + 4 > in_.size()) return {};
        char32_t value = 0;
        for (std::size_t i = from; i < from + 4; ++i) {
            const char c = in_[i];
            const int digit = c >= '0' && c <= '9'   ? c - '0'
                              : c >= 'a' && c <= 'f' ? c - 'a' + 10
                              : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                     : -1;
            if (digit < 0) return {};
            value = value * 16 + static_cast<char32_t>(digit);
        }
        return value;
    }

    std::string unicode_escape() {
        const auto first = four_digits(at_ + 1);
        if (!first) refuse("has \\u without four hexadecimal digits");
        at_ += 5;
        const bool is_high = *first >= 0xd800 && *first < 0xdc00;
        if (!is_high || peek() != '\\' || peek(1) != 'u') return hexadecimal(*first);
        const auto second = four_digits(at_ + 2);
        if (!second || *second < 0xdc00 || *second > 0xdfff) return hexadecimal(*first);
        at_ += 6;
        return hexadecimal(0x10000 + ((*first - 0xd800) << 10U) + (*second - 0xdc00));
    }

    std::string octal_escape() {
        ++at_;
        std::string digits;
        const std::size_t most = peek() >= '0' && peek() <= '3' ? 3 : 2;
        while (digits.size() < most && peek() >= '0' && peek() <= '7') digits += in_[at_++];
        if (digits.empty()) refuse("has \\0 without octal digits");
        return "\\o{" + digits + "}";
    }

    std::string quoted() {
        ++at_;
        const std::size_t end = std::min(in_.find("\\E", at_), in_.size());
        std::string out;
        while (at_ < end) {
            const CodePoint point = code_point_at(in_, at_);
            out += hexadecimal(point.value);
            at_ += point.length;
        }
        at_ = std::min(end + 2, in_.size());
        return out;
    }

    std::string property(bool in_class) {
        const bool negated = peek() == 'P';
        ++at_;
        std::string_view name;
        if (peek() == '{') {
            const std::size_t end = in_.find('}', at_);
            if (end == std::string_view::npos) refuse("has \\p{ without }");
            name = in_.substr(at_ + 1, end - at_ - 1);
            at_ = end + 1;
        } else {
            name = in_.substr(at_, 1);
            at_ += name.size();
        }
        const std::string inside = class_items_of(name);
        if (!negated && in_class) return inside;
        const bool simple = inside.starts_with("\\p{") && inside.find('}') == inside.size() - 1;
        if (negated && simple) return "\\P" + inside.substr(2);
        if (negated && in_class) refuse("has a negated property in a class, which is not supported");
        return (negated ? "[^" : "[") + inside + "]";
    }

    std::string class_items_of(std::string_view name) const {
        for (const PropertyName& entry : kProperties) {
            if (entry.java == name) return std::string(entry.pcre);
        }
        for (const std::string_view prefix : {"script=", "sc=", "IsScript=", "general_category=", "gc=", "Is"}) {
            if (name.starts_with(prefix)) {
                name.remove_prefix(prefix.size());
                break;
            }
        }
        const bool is_block = name.starts_with("In") || name.starts_with("block=") || name.starts_with("blk=");
        if (is_block || name.empty()) refuse("names a Unicode block, which is not supported");
        return "\\p{" + std::string(name) + "}";
    }

    // ---- character classes: unions and intersections inside of each other ----

    /// One operand of an intersection: items that stand in it, and classes inside of it.
    struct Union {
        std::string items{};
        std::vector<std::string> nested{};

        std::string text() const {
            if (nested.empty()) return "[" + items + "]";
            if (items.empty() && nested.size() == 1) return nested.front();
            std::string out = "(?:";
            if (!items.empty()) out += "[" + items + "]|";
            for (std::size_t i = 0; i < nested.size(); ++i) out += (i > 0 ? "|" : "") + nested[i];
            return out + ")";
        }
    };

    std::string character_class(int depth) {
        if (depth > 20) refuse("has classes that are nested too deep");
        ++at_;
        const bool negated = peek() == '^';
        if (negated) ++at_;
        std::vector<Union> operands(1);
        bool is_first = true;
        while (true) {
            if (at_ >= in_.size()) refuse("has a '[' without ']'");
            if (peek() == ']' && !is_first) break;
            class_item(operands, is_first, depth);
            is_first = false;
        }
        ++at_;
        return joined(operands, negated);
    }

    void class_item(std::vector<Union>& operands, bool is_first, int depth) {
        const char c = peek();
        if (c == '[') {
            operands.back().nested.push_back(character_class(depth + 1));
        } else if (c == '&' && peek(1) == '&') {
            at_ += 2;
            operands.emplace_back();
        } else if (c == '\\') {
            operands.back().items += escape(true);
        } else {
            // These would mean something else at the beginning of a class of PCRE2.
            const bool special = (is_first && c == ']') || c == ':' || c == '.' || c == '=';
            if (special) operands.back().items += '\\';
            operands.back().items += c;
            ++at_;
        }
    }

    std::string joined(std::vector<Union>& operands, bool negated) const {
        operands.erase(std::remove_if(operands.begin() + 1, operands.end(),
                                      [](const Union& u) { return u.items.empty() && u.nested.empty(); }),
                       operands.end());
        const bool plain = operands.size() == 1 && operands[0].nested.empty();
        if (plain) return (negated ? "[^" : "[") + operands[0].items + "]";
        std::string all = operands[0].text();
        if (operands.size() > 1) {
            std::string others;
            for (std::size_t i = 1; i < operands.size(); ++i) others += "(?=" + operands[i].text() + ")";
            all = "(?:" + others + all + ")";
        }
        return negated ? "(?:(?!" + all + ")(?s:.))" : all;
    }

    std::string_view in_;
    std::size_t at_ = 0;
    std::string out_{};
};

}  // namespace

std::string translated_regex(std::string_view java_pattern) {
    return Translator(java_pattern).run();
}

}  // namespace sluice::expr
