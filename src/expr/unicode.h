#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::expr {

/// One character of UTF-8 text. A byte that is no valid UTF-8 counts as a character of length 1 of its own value.
struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0;  // bytes; 0 at the end of the text
};
CodePoint code_point_at(std::string_view text, std::size_t at);
void append_utf8(std::string& out, char32_t character);

/// What Java calls white space: not the no-break spaces.
bool is_white_space(char32_t c);
bool is_letter(char32_t c);
bool is_letter_or_digit(char32_t c);
char32_t to_upper(char32_t c);
char32_t to_lower(char32_t c);
char32_t to_title(char32_t c);

/// With the special cases: ß is SS, a sigma at the end of a word is ς.
std::string upper_case(std::string_view text);
std::string lower_case(std::string_view text);

/// The ASCII character that a letter with marks consists of ("e" for "é"); 0 for none
char base_character(char32_t c);

/// How many UTF-16 units the text has in Java
std::size_t utf16_length(std::string_view text);
/// The byte at which the UTF-16 unit `unit` begins; the end when there are fewer. A position inside of a surrogate
/// pair is moved to its end.
std::size_t byte_of_utf16(std::string_view text, std::size_t unit);
/// By UTF-16 units, as Java compares strings: negative, zero or positive
int compare_utf16(std::string_view a, std::string_view b);

std::string_view trim_left(std::string_view text);
std::string_view trim_right(std::string_view text);

}  // namespace sluice::expr
