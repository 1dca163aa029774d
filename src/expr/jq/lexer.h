#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::expr::jq {

enum class TokenKind : std::uint8_t {
    Name,      // also a keyword
    Field,     // .name
    Variable,  // $name
    Format,    // @name
    Number,
    TextOpen,   // "
    TextPart,   // what stands between, without escapes
    TextEnter,  // \( inside of a text
    TextLeave,  // the ) that belongs to it
    TextClose,
    Symbol,  // everything else, up to three characters: | |= // //= .. ?
    End,
};

struct Token {
    TokenKind kind = TokenKind::End;
    std::string text{};
    std::size_t position = 0;
};

/// Throws  Failure: a jq error
std::vector<Token> tokens_of(std::string_view program);

}  // namespace sluice::expr::jq
