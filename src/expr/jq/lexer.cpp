#include "expr/jq/lexer.h"

#include <charconv>

#include "expr/failure.h"
#include "expr/unicode.h"

namespace sluice::expr::jq {
namespace {

// Longer ones first.
constexpr std::string_view kSymbols[] = {
    "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", "..", "|", ",", "=", "<",
    ">",   "+",  "-",  "*",  "/",  "%",  "(",  ")",  "[",  "]",  "{",  "}",  ":",  ";", ".", "?"};

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_name_part(char c) {
    return is_name_start(c) || is_digit(c);
}

class Lexer {
  public:
    explicit Lexer(std::string_view text) : text_(text) {}

    std::vector<Token> run() {
        while (skip(), at_ < text_.size()) token();
        if (!parentheses_.empty()) refuse("a text is not closed");
        add(TokenKind::End, "", at_);
        return std::move(tokens_);
    }

  private:
    [[noreturn]] void refuse(std::string_view what) const {
        throw failure(FailureKind::JqError, "jq: {} at position {} of the program {}", what, at_ + 1, text_);
    }

    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    void add(TokenKind kind, std::string text, std::size_t at) { tokens_.push_back({kind, std::move(text), at}); }

    void skip() {
        while (at_ < text_.size()) {
            if (peek() == '#')
                at_ = std::min(text_.find('\n', at_), text_.size());
            else if (peek() == ' ' || (peek() >= '\t' && peek() <= '\r'))
                ++at_;
            else
                return;
        }
    }

    std::string name_here() {
        const std::size_t from = at_;
        while (is_name_part(peek())) ++at_;
        return std::string(text_.substr(from, at_ - from));
    }

    void token() {
        const std::size_t from = at_;
        const char c = peek();
        if (c == '"') return text();
        if (is_name_start(c)) return add(TokenKind::Name, name_here(), from);
        if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
        if ((c == '.' || c == '$' || c == '@') && is_name_start(peek(1))) {
            ++at_;
            const TokenKind kind = c == '.' ? TokenKind::Field : c == '$' ? TokenKind::Variable : TokenKind::Format;
            return add(kind, name_here(), from);
        }
        symbol();
    }

    void number() {
        const std::size_t from = at_;
        while (is_digit(peek()) || peek() == '.') ++at_;
        const bool has_exponent = (peek() == 'e' || peek() == 'E') &&
                                  (is_digit(peek(1)) || ((peek(1) == '+' || peek(1) == '-') && is_digit(peek(2))));
        if (has_exponent) {
            at_ += 2;
            while (is_digit(peek())) ++at_;
        }
        add(TokenKind::Number, std::string(text_.substr(from, at_ - from)), from);
    }

    void symbol() {
        for (const std::string_view symbol : kSymbols) {
            if (!text_.substr(at_).starts_with(symbol)) continue;
            const std::size_t from = at_;
            at_ += symbol.size();
            if (symbol == "(" && !parentheses_.empty()) ++parentheses_.back();
            if (symbol == ")" && !parentheses_.empty() && --parentheses_.back() < 0) {
                parentheses_.pop_back();
                add(TokenKind::TextLeave, ")", from);
                return text_body();
            }
            return add(TokenKind::Symbol, std::string(symbol), from);
        }
        refuse(fmt::format("unexpected '{}'", text_.substr(at_, code_point_at(text_, at_).length)));
    }

    void text() {
        add(TokenKind::TextOpen, "\"", at_++);
        text_body();
    }

    /// Up to the closing quote, or into an interpolation.
    void text_body() {
        std::string part;
        const std::size_t from = at_;
        while (true) {
            if (at_ >= text_.size()) refuse("a text is not closed");
            const char c = peek();
            if (c == '"') {
                if (!part.empty()) add(TokenKind::TextPart, std::move(part), from);
                return add(TokenKind::TextClose, "\"", at_++);
            }
            if (c == '\\' && peek(1) == '(') {
                if (!part.empty()) add(TokenKind::TextPart, std::move(part), from);
                add(TokenKind::TextEnter, "\\(", at_);
                at_ += 2;
                parentheses_.push_back(0);
                return;
            }
            if (c == '\\')
                escape(part);
            else
                part += text_[at_++];
        }
    }

    void escape(std::string& out) {
        static constexpr std::string_view kNames = "bfnrt\"\\/";
        static constexpr std::string_view kMeanings = "\b\f\n\r\t\"\\/";
        const char c = peek(1);
        at_ += 2;
        if (c == 'u') {
            char32_t unit = four_digits();
            const bool is_high = unit >= 0xd800 && unit < 0xdc00 && peek() == '\\' && peek(1) == 'u';
            if (is_high) {
                at_ += 2;
                unit = 0x10000 + ((unit - 0xd800) << 10U) + (four_digits() - 0xdc00);
            }
            return append_utf8(out, unit);
        }
        const std::size_t found = kNames.find(c);
        if (found == std::string_view::npos || c == '\0') refuse("an unknown escape in a text");
        out += kMeanings[found];
    }

    char32_t four_digits() {
        std::uint32_t value = 0;
        const std::string_view digits = text_.substr(at_, 4);
        const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (failed != std::errc{} || end != digits.data() + 4) refuse("\\u without four hexadecimal digits");
        at_ += 4;
        return value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<int> parentheses_{};  // open ones inside of each interpolation
    std::vector<Token> tokens_{};
};

}  // namespace

std::vector<Token> tokens_of(std::string_view program) {
    return Lexer(program).run();
}

}  // namespace sluice::expr::jq
