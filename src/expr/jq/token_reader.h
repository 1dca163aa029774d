#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "expr/failure.h"
#include "expr/jq/lexer.h"

namespace sluice::expr::jq {

/// The tokens of a program, taken one after the other; what is not expected is a failure.
class TokenReader {
  protected:
    explicit TokenReader(std::string_view text) : text_(text), tokens_(tokens_of(text)) {}

    [[noreturn]] void refuse(std::string_view expected) const {
        const std::string found = peek().kind == TokenKind::End ? "the end" : "'" + peek().text + "'";
        throw failure(FailureKind::JqError, "jq: expected {}, found {} at position {} of the program {}", expected,
                      found, peek().position + 1, text_);
    }

    const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(next_ + ahead, tokens_.size() - 1)]; }
    const Token& take() { return tokens_[next_ < tokens_.size() - 1 ? next_++ : next_]; }
    bool is_symbol(std::string_view symbol) const { return peek().kind == TokenKind::Symbol && peek().text == symbol; }
    bool is_word(std::string_view word) const { return peek().kind == TokenKind::Name && peek().text == word; }
    bool take_symbol(std::string_view symbol) {
        if (!is_symbol(symbol)) return false;
        take();
        return true;
    }
    bool take_word(std::string_view word) {
        if (!is_word(word)) return false;
        take();
        return true;
    }
    void expect_symbol(std::string_view symbol) {
        if (!take_symbol(symbol)) refuse(fmt::format("'{}'", symbol));
    }
    void expect_word(std::string_view word) {
        if (!take_word(word)) refuse(fmt::format("'{}'", word));
    }
    std::string expect(TokenKind kind, std::string_view what) {
        if (peek().kind != kind) refuse(what);
        return take().text;
    }

    /// Counts how deep the parser is in itself.
    class Deeper {
      public:
        explicit Deeper(TokenReader& parser) : parser_(parser) {
            if (++parser_.depth_ > kDeepest) {
                --parser_.depth_;
                parser_.refuse("a program that is nested less deep");
            }
        }
        ~Deeper() { --parser_.depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;

      private:
        TokenReader& parser_;
    };

  private:
    static constexpr int kDeepest = 150;

    std::string_view text_;
    std::vector<Token> tokens_;
    std::size_t next_ = 0;
    int depth_ = 0;
};

}  // namespace sluice::expr::jq
