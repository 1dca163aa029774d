#include "http/headers.h"

#include <algorithm>
#include <charconv>

namespace sluice::http {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Cuts `rest` at the first `separator` outside quotes and returns the part before it.
std::string_view next_piece(std::string_view& rest, char separator) {
    bool quoted = false;
    std::size_t at = 0;
    for (; at < rest.size(); ++at) {
        if (quoted && rest[at] == '\\')
            ++at;
        else if (rest[at] == '"')
            quoted = !quoted;
        else if (rest[at] == separator && !quoted)
            break;
    }
    const std::string_view piece = rest.substr(0, at);
    rest = at < rest.size() ? rest.substr(at + 1) : std::string_view{};
    return trimmed(piece);
}

std::string unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
    std::string out;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        // Browsers send a Windows path as it is: only a quote or a backslash is an escape.
        if (text[i] == '\\' && (text[i + 1] == '"' || text[i + 1] == '\\') && i + 2 < text.size()) ++i;
        out += text[i];
    }
    return out;
}

double parse_weight(std::string_view text) {
    double weight = 1;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), weight);
    return failed == std::errc{} && end == text.data() + text.size() ? weight : 0;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void Headers::add(std::string name, std::string value) {
    fields_.push_back({std::move(name), std::move(value)});
}

void Headers::set(std::string name, std::string value) {
    remove(name);
    add(std::move(name), std::move(value));
}

void Headers::remove(std::string_view name) {
    std::erase_if(fields_, [&](const Header& field) { return equal_ignoring_case(field.name, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (const Header& field : fields_) {
        if (equal_ignoring_case(field.name, name)) return field.value;
    }
    return {};
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
    std::vector<std::string_view> out;
    for (const Header& field : fields_) {
        if (equal_ignoring_case(field.name, name)) out.push_back(field.value);
    }
    return out;
}

bool Headers::has_token(std::string_view name, std::string_view token) const {
    for (const Header& field : fields_) {
        if (!equal_ignoring_case(field.name, name)) continue;
        for (const std::string_view word : split_list(field.value)) {
            if (equal_ignoring_case(word, token)) return true;
        }
    }
    return false;
}

std::vector<std::string_view> split_list(std::string_view list, char separator) {
    std::vector<std::string_view> out;
    while (!list.empty()) {
        const std::string_view piece = next_piece(list, separator);
        if (!piece.empty()) out.push_back(piece);
    }
    return out;
}

std::optional<std::string> parameter_of(std::string_view value, std::string_view name) {
    next_piece(value, ';');
    while (!value.empty()) {
        const std::string_view piece = next_piece(value, ';');
        const auto equals = piece.find('=');
        if (equals == std::string_view::npos) continue;
        if (equal_ignoring_case(trimmed(piece.substr(0, equals)), name))
            return unquoted(trimmed(piece.substr(equals + 1)));
    }
    return {};
}

double weight_of(std::string_view accept, std::string_view wanted) {
    double of_all = 0;
    for (std::string_view entry : split_list(accept)) {
        const std::string_view name = next_piece(entry, ';');
        double weight = 1;
        while (!entry.empty()) {
            const std::string_view parameter = next_piece(entry, ';');
            if (parameter.starts_with("q=") || parameter.starts_with("Q=")) weight = parse_weight(parameter.substr(2));
        }
        if (equal_ignoring_case(name, wanted)) return weight;
        if (name == "*" || name == "*/*") of_all = weight;
    }
    return of_all;
}

}  // namespace sluice::http
