#include "expr/lexer.h"

#include <algorithm>

#include "expr/unicode.h"

namespace sluice::expr {
namespace {

struct OperatorText {
    std::string_view text;
    Operator op;
};

// Longer ones first, so that the first that fits is the right one.
constexpr OperatorText kOperators[] = {
    {"contains", Operator::Contains},
    {"is not", Operator::IsNot},
    {"equals", Operator::Equal},
    {"isIn", Operator::IsIn},
    {"???", Operator::CoalesceUndefined},
    {"not", Operator::Not},
    {"and", Operator::And},
    {"or", Operator::Or},
    {"is", Operator::Is},
    {"??", Operator::Coalesce},
    {"..", Operator::Range},
    {"==", Operator::Equal},
    {"!=", Operator::NotEqual},
    {"<=", Operator::LessOrEqual},
    {">=", Operator::GreaterOrEqual},
    {"<", Operator::Less},
    {">", Operator::Greater},
    {"+", Operator::Plus},
    {"-", Operator::Minus},
    {"*", Operator::Multiply},
    {"/", Operator::Divide},
    {"%", Operator::Modulo},
    {"~", Operator::Concatenate},
    {"|", Operator::Filter},
};

constexpr std::string_view kPunctuation = "()[]{}?:.,=";
constexpr std::size_t kDeepestInterpolation = 50;

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

class Lexer {
  public:
    explicit Lexer(std::string_view source) : source_(source) {}

    std::vector<Token> run() {
        while (at_ < source_.size()) text();
        add(TokenKind::End, at_);
        return std::move(tokens_);
    }

  private:
    // ---- text ----

    void text() {
        const std::size_t from = at_;
        std::size_t open = source_.find('{', at_);
        while (open != std::string_view::npos && !opens(open)) open = source_.find('{', open + 1);
        at_ = std::min(open, source_.size());
        std::string_view piece = source_.substr(from, at_ - from);
        if (at_ < source_.size() && trims_left(at_ + 2)) piece = trim_right(piece);
        add_text(piece, from);
        if (at_ == source_.size()) return;
        const char kind = source_[at_ + 1];
        if (kind == '#')
            comment();
        else if (kind == '{')
            region(TokenKind::PrintOpen, TokenKind::PrintClose, "}}");
        else if (!verbatim())
            region(TokenKind::TagOpen, TokenKind::TagClose, "%}");
    }

    bool opens(std::size_t at) const {
        return at + 1 < source_.size() && (source_[at + 1] == '{' || source_[at + 1] == '%' || source_[at + 1] == '#');
    }

    /// A dash right after an opener trims only when white space follows: {{-1}} is a negative number.
    bool trims_left(std::size_t at) const {
        return at + 1 < source_.size() && source_[at] == '-' && is_white_space(code_point_at(source_, at + 1).value);
    }

    void add_text(std::string_view piece, std::size_t from) {
        if (trim_next_) piece = trim_left(piece);
        trim_next_ = false;
        if (!piece.empty()) add(TokenKind::Text, from, std::string(piece));
    }

    void comment() {
        const std::size_t close = source_.find("#}", at_ + 2);
        if (close == std::string_view::npos)
            throw syntax_error(position(at_), "a comment is not closed: expected '#}}'");
        const std::string_view body = source_.substr(at_ + 2, close - at_ - 2);
        trim_next_ = body.ends_with('-') && trim_right(body.substr(0, body.size() - 1)).size() < body.size() - 1;
        at_ = close + 2;
    }

    // ---- verbatim ----

    struct Marker {
        std::size_t begin = 0;
        std::size_t end = 0;
        bool trims_before = false;
        bool trims_after = false;
    };

    /// `{%- word -%}` at `at`, blanks and dashes allowed
    bool marker(std::size_t at, std::string_view word, Marker& out) const {
        if (!source_.substr(at).starts_with("{%")) return false;
        out.begin = at;
        at += 2;
        out.trims_before = at < source_.size() && source_[at] == '-';
        at = after_blanks(at + (out.trims_before ? 1 : 0));
        if (!source_.substr(at).starts_with(word)) return false;
        at = after_blanks(at + word.size());
        out.trims_after = at < source_.size() && source_[at] == '-';
        at += out.trims_after ? 1 : 0;
        out.end = at + 2;
        return source_.substr(at).starts_with("%}");
    }

    bool verbatim() {
        Marker open;
        if (!marker(at_, "verbatim", open)) return false;
        Marker close;
        std::size_t at = source_.find("{%", open.end);
        while (at != std::string_view::npos && !marker(at, "endverbatim", close)) at = source_.find("{%", at + 2);
        if (at == std::string_view::npos) {
            throw syntax_error(position(at_), "verbatim is not closed: expected '{{% endverbatim %}}'");
        }
        // White space at the beginning of the body goes, whether a dash asks for it or not.
        std::string_view body = trim_left(source_.substr(open.end, close.begin - open.end));
        if (close.trims_before) body = trim_right(body);
        trim_next_ = false;
        add_text(body, open.end);
        trim_next_ = close.trims_after;
        at_ = close.end;
        return true;
    }

    // ---- regions ----

    void region(TokenKind open, TokenKind close, std::string_view closer) {
        const std::size_t begin = at_;
        add(open, at_);
        at_ += trims_left(at_ + 2) ? 3 : 2;
        const std::size_t outer_brackets = brackets_.size();
        while (!(brackets_.size() == outer_brackets && closes(closer))) {
            at_ = after_blanks(at_);
            if (at_ >= source_.size()) unclosed(begin, closer, outer_brackets);
            token();
        }
        add(close, at_ - closer.size());
    }

    [[noreturn]] void unclosed(std::size_t begin, std::string_view closer, std::size_t outer_brackets) const {
        if (brackets_.size() > outer_brackets) {
            throw syntax_error(position(brackets_.back().at), "'{}' is not closed", source_[brackets_.back().at]);
        }
        throw syntax_error(position(begin), "'{}' is not closed: expected '{}'", source_.substr(begin, 2), closer);
    }

    /// Blanks, at most one dash, and the closer: then the region is over.
    bool closes(std::string_view closer) {
        std::size_t at = after_blanks(at_);
        const bool dash = at < source_.size() && source_[at] == '-';
        at += dash ? 1 : 0;
        if (!source_.substr(at).starts_with(closer)) return false;
        at_ = at + closer.size();
        trim_next_ = dash;
        return true;
    }

    void token() {
        if (word_or_operator() || name() || number() || punctuation()) return;
        const char c = source_[at_];
        if (c == '\'')
            plain_string();
        else if (c == '"' && has_interpolation())
            interpolated_string();
        else if (c == '"')
            plain_string();
        else
            unexpected();
    }

    [[noreturn]] void unexpected() const {
        const CodePoint point = code_point_at(source_, at_);
        throw syntax_error(position(at_), "unexpected character '{}'", source_.substr(at_, point.length));
    }

    bool word_or_operator() {
        const std::string_view rest = source_.substr(at_);
        for (const OperatorText& entry : kOperators) {
            if (!rest.starts_with(entry.text)) continue;
            const bool is_word = is_word_character(entry.text.back());
            if (is_word && rest.size() > entry.text.size() && is_word_character(rest[entry.text.size()])) continue;
            add(TokenKind::Operator, at_, std::string(entry.text));
            tokens_.back().op = entry.op;
            at_ += entry.text.size();
            return true;
        }
        return false;
    }

    bool name() {
        std::size_t end = at_;
        CodePoint point = code_point_at(source_, end);
        if (!is_letter(point.value) && point.value != '_') return false;
        while (is_letter_or_digit(point.value) || point.value == '_') {
            end += point.length;
            point = code_point_at(source_, end);
        }
        add(TokenKind::Name, at_, std::string(source_.substr(at_, end - at_)));
        at_ = end;
        return true;
    }

    std::size_t after_digits(std::size_t at) const {
        while (at < source_.size() && is_digit(source_[at])) ++at;
        return at;
    }

    bool number() {
        std::size_t end = after_digits(at_);
        if (end == at_) return false;
        const bool is_long = end < source_.size() && source_[end] == 'L';
        const bool has_fraction =
            !is_long && end + 1 < source_.size() && source_[end] == '.' && is_digit(source_[end + 1]);
        if (has_fraction) end = after_digits(end + 1);
        add(has_fraction ? TokenKind::Decimal : TokenKind::Integer, at_, std::string(source_.substr(at_, end - at_)));
        at_ = end + (is_long ? 1 : 0);
        return true;
    }

    struct Bracket {
        char expected = ')';
        std::size_t at = 0;
    };

    bool punctuation() {
        const char c = source_[at_];
        if (kPunctuation.find(c) == std::string_view::npos) return false;
        if (c == '(' || c == '[' || c == '{') {
            brackets_.push_back({c == '(' ? ')' : c == '[' ? ']' : '}', at_});
        } else if (c == ')' || c == ']' || c == '}') {
            if (brackets_.empty()) throw syntax_error(position(at_), "unexpected '{}'", c);
            if (brackets_.back().expected != c) {
                throw syntax_error(position(at_), "expected '{}' before '{}'", brackets_.back().expected, c);
            }
            brackets_.pop_back();
        }
        add(TokenKind::Punctuation, at_, std::string(1, c));
        ++at_;
        return true;
    }

    // ---- strings ----

    void plain_string() {
        const std::size_t from = at_;
        const char quote = source_[at_];
        std::string out;
        for (++at_; at_ < source_.size() && source_[at_] != quote; ++at_) {
            if (source_[at_] == '\\' && at_ + 1 < source_.size()) {
                ++at_;
                if (source_[at_] != quote) out += '\\';
            }
            out += source_[at_];
        }
        if (at_ >= source_.size()) throw syntax_error(position(from), "a string is not closed: expected {}", quote);
        ++at_;
        add(TokenKind::String, from, std::move(out));
    }

    /// Whether the double-quoted string that begins here contains a #.
    bool has_interpolation() const {
        for (std::size_t at = at_ + 1; at < source_.size() && source_[at] != '"'; ++at) {
            if (source_[at] == '#') return true;
            if (source_[at] == '\\') ++at;
        }
        return false;
    }

    void interpolated_string() {
        if (++interpolations_ > kDeepestInterpolation) {
            throw syntax_error(position(at_), "strings are nested deeper than {} levels", kDeepestInterpolation);
        }
        const std::size_t from = at_;
        add(TokenKind::InterpolationOpen, at_++);
        while (at_ < source_.size() && source_[at_] != '"') {
            if (source_.substr(at_).starts_with("#{"))
                interpolated_expression();
            else
                interpolation_text();
        }
        if (at_ >= source_.size()) throw syntax_error(position(from), "a string is not closed: expected \"");
        add(TokenKind::InterpolationClose, at_++);
        --interpolations_;
    }

    /// Escaped quotes keep their backslash here.
    void interpolation_text() {
        const std::size_t from = at_;
        while (at_ < source_.size() && source_[at_] != '"' && !source_.substr(at_).starts_with("#{")) {
            at_ += source_[at_] == '\\' && at_ + 1 < source_.size() ? 2 : 1;
        }
        add(TokenKind::InterpolationText, from, std::string(source_.substr(from, at_ - from)));
    }

    void interpolated_expression() {
        const std::size_t from = at_;
        add(TokenKind::InterpolatedOpen, at_);
        at_ += 2;
        const std::size_t outer_brackets = brackets_.size();
        for (at_ = after_blanks(at_); at_ < source_.size(); at_ = after_blanks(at_)) {
            if (source_[at_] == '}' && brackets_.size() == outer_brackets) {
                add(TokenKind::InterpolatedClose, at_++);
                return;
            }
            token();
            if (brackets_.size() < outer_brackets)
                throw syntax_error(position(at_ - 1), "unexpected bracket in a string");
        }
        unclosed(from, "}", outer_brackets);
    }

    // ---- small parts ----

    std::size_t after_blanks(std::size_t at) const {
        while (at < source_.size()) {
            const CodePoint point = code_point_at(source_, at);
            if (!is_white_space(point.value)) break;
            at += point.length;
        }
        return at;
    }

    static std::uint32_t position(std::size_t at) { return static_cast<std::uint32_t>(at); }

    void add(TokenKind kind, std::size_t at, std::string text = {}) {
        tokens_.push_back({kind, position(at), std::move(text), {}});
    }

    std::string_view source_;
    std::size_t at_ = 0;
    bool trim_next_ = false;
    std::vector<Bracket> brackets_{};
    std::size_t interpolations_ = 0;
    std::vector<Token> tokens_{};
};

}  // namespace

std::vector<Token> tokens_of(std::string_view source) {
    return Lexer(source).run();
}

}  // namespace sluice::expr
