#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "expr/ast.h"

namespace sluice::expr {

enum class TokenKind : std::uint8_t {
    Text,
    PrintOpen,   // {{
    PrintClose,  // }}
    TagOpen,     // {%
    TagClose,    // %}
    Name,
    Operator,
    Integer,
    Decimal,
    String,
    InterpolationOpen,  // the double quote of a string that contains #
    InterpolationText,
    InterpolatedOpen,   // #{
    InterpolatedClose,  // the } that belongs to it
    InterpolationClose,
    Punctuation,  // one of ( ) [ ] { } ? : . , =
    End,
};

struct Token {
    TokenKind kind = TokenKind::End;
    std::uint32_t position = 0;
    std::string text{};  // strings without quotes and escapes
    Operator op{};       // of an Operator

    bool is_punctuation(char c) const { return kind == TokenKind::Punctuation && text[0] == c; }
    bool is_name(std::string_view name) const { return kind == TokenKind::Name && text == name; }
    bool is_operator(Operator what) const { return kind == TokenKind::Operator && op == what; }
};

/// Cuts a template into tokens; the last one is End. White-space control, comments and verbatim are done here.
/// Throws  Failure, a syntax error
std::vector<Token> tokens_of(std::string_view source);

}  // namespace sluice::expr
