#include "pg/parameters.h"

namespace sluice::pg {

std::string Parameters::checked(std::string_view text) {
    ensure(text.find('\0') == std::string_view::npos, "a parameter holds U+0000: '{}'", text.substr(0, 80));
    return std::string(text);
}

void Parameters::append_quoted(std::string& array, std::string_view text) {
    ensure(text.find('\0') == std::string_view::npos, "a parameter holds U+0000: '{}'", text.substr(0, 80));
    array += '"';
    if (text.find_first_of("\"\\") == std::string_view::npos) {
        array += text;
    } else {
        for (const char c : text) {
            if (c == '"' || c == '\\') array += '\\';
            array += c;
        }
    }
    array += "\",";
}

}  // namespace sluice::pg
