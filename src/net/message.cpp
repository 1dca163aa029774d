#include "net/message.h"

namespace sluice::net {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void append_encoded(std::string& out, std::string_view text, std::string_view plain, std::string_view blank) {
    for (const char c : text) {
        if (is_alphanumeric(c) || plain.find(c) != std::string_view::npos)
            out += c;
        else if (c == ' ')
            out += blank;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
}

std::string joined(const Pairs& pairs, std::string_view plain, std::string_view blank) {
    std::string out;
    for (const auto& [name, value] : pairs) {
        if (!out.empty()) out += '&';
        append_encoded(out, name, plain, blank);
        out += '=';
        append_encoded(out, value, plain, blank);
    }
    return out;
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string> Headers::find(std::string_view name) const {
    for (const Header& field : fields_) {
        if (equals_ignoring_case(field.name, name)) return field.value;
    }
    return {};
}

std::vector<std::string> Headers::all(std::string_view name) const {
    std::vector<std::string> out;
    for (const Header& field : fields_) {
        if (equals_ignoring_case(field.name, name)) out.push_back(field.value);
    }
    return out;
}

std::string form_urlencoded(const Pairs& pairs) {
    return joined(pairs, "*-._", "+");
}

std::string with_query(std::string_view url, const Pairs& parameters) {
    if (parameters.empty()) return std::string(url);
    const std::size_t fragment = std::min(url.find('#'), url.size());
    const std::string_view before = url.substr(0, fragment);
    const char separator = before.find('?') == std::string_view::npos ? '?' : '&';
    return fmt::format("{}{}{}{}", before, separator, joined(parameters, "-._~", "%20"), url.substr(fragment));
}

}  // namespace sluice::net
