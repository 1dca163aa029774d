#include "expr/mask.h"

#include <algorithm>

#include "expr/aes_gcm.h"
#include "expr/encoding.h"
#include "value/json.h"

namespace sluice::expr {
namespace {

constexpr std::size_t kLeastBytes = 3;
constexpr std::size_t kLeastLine = 6;  // of a secret with several lines: its braces and blanks are no secrets
constexpr std::size_t kLeastForm = 8;  // an encoded form that is shorter is met by chance
constexpr std::size_t kLongSecret = 16 * 1024;
constexpr std::size_t kSecretPiece = 1024;
constexpr std::size_t kMostBytes = 256 * 1024;  // of one secret

std::size_t character_count(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string stars(std::size_t count) {
    constexpr std::string_view kWord = "**masked*";
    if (count < kWord.size()) return std::string(count, '*');
    return std::string(kWord) + std::string(count - kWord.size(), '*');
}

std::string with_replaced(std::string text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
    return text;
}

/// What base64 makes of a secret that stands after `before` bytes of something else: only the characters that don't
/// depend on its neighbours.
std::string base64_inside(std::string_view secret, std::size_t before) {
    const std::string all = base64_of(std::string(before, '\0') + std::string(secret));
    const std::size_t from = (before * 8 + 5) / 6;
    const std::size_t to = (before + secret.size()) * 8 / 6;
    return from < to ? all.substr(from, to - from) : "";
}

void add_base64(std::vector<std::string>& out, std::string_view secret) {
    for (std::size_t before = 0; before < 3; ++before) {
        out.push_back(base64_inside(secret, before));
        out.push_back(with_replaced(with_replaced(out.back(), "+", "-"), "/", "_"));
    }
}

/// As most libraries escape paths and queries: a blank is %20, and no letter, digit or -._~ is changed.
std::string percent_encoded(std::string_view text) {
    return with_replaced(with_replaced(url_encoded(text), "+", "%20"), "%7E", "~");
}

std::string lower_hexadecimal(std::string text) {
    for (std::size_t at = text.find('%'); at != std::string::npos && at + 2 < text.size();
         at = text.find('%', at + 3)) {
        for (const std::size_t i : {at + 1, at + 2}) {
            text[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
        }
    }
    return text;
}

std::vector<std::string> encoded_forms(std::string_view secret) {
    std::vector<std::string> out{url_encoded(secret), percent_encoded(secret)};
    for (std::size_t i = 0; i < 2; ++i) out.push_back(lower_hexadecimal(out[i]));
    add_base64(out, secret);
    std::string json;
    append_json_string(json, secret);
    out.push_back(json.substr(1, json.size() - 2));
    out.push_back(with_replaced(out.back(), "/", "\\/"));
    return out;
}

std::vector<std::string_view> secret_lines(std::string_view text) {
    std::vector<std::string_view> out;
    constexpr std::string_view kBlank = " \t\r";
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
        line = line.substr(0, line.find_last_not_of(kBlank) + 1);
        out.push_back(line);
    }
    return out;
}

constexpr std::uint64_t edge(std::uint32_t node, unsigned char byte) {
    return (static_cast<std::uint64_t>(node) << 8U) | byte;
}

}  // namespace

Mask::Mask(const std::vector<std::string>& secrets) {
    for (const std::string& secret : secrets) {
        if (secret.size() < kLeastBytes) continue;
        if (secret.size() > kLongSecret) {
            add_pieces(secret);
        } else {
            add(secret);
            for (const std::string& form : encoded_forms(secret)) {
                if (form.size() >= kLeastForm) add(form);
            }
        }
        if (secret.find('\n') == std::string::npos) continue;
        for (const std::string_view line : secret_lines(std::string_view(secret).substr(0, kMostBytes))) {
            if (line.size() >= kLeastLine) add(line);
        }
    }
    link();
}

/// A whole file, for example: what stands of it in a text is found piece by piece.
void Mask::add_pieces(std::string_view secret) {
    secret = secret.substr(0, kMostBytes);
    for (; secret.size() > kSecretPiece; secret.remove_prefix(kSecretPiece)) add(secret.substr(0, kSecretPiece));
    if (secret.size() >= kLeastForm) add(secret);
}

std::uint32_t Mask::child(std::uint32_t node, unsigned char byte) const {
    if (node == 0) return first_[byte];
    const auto found = children_.find(edge(node, byte));
    return found != children_.end() ? found->second : 0;
}

void Mask::add(std::string_view form) {
    std::uint32_t at = 0;
    for (const char c : form) {
        const auto byte = static_cast<unsigned char>(c);
        std::uint32_t next = child(at, byte);
        if (next == 0) {
            next = static_cast<std::uint32_t>(nodes_.size());
            nodes_.emplace_back();
            if (at == 0)
                first_[byte] = next;
            else
                children_.emplace(edge(at, byte), next);
        }
        at = next;
    }
    nodes_[at].longest = static_cast<std::uint32_t>(form.size());
}

/// Aho and Corasick's: breadth first, so that what a node falls back to is known before it.
void Mask::link() {
    std::vector<std::vector<std::pair<unsigned char, std::uint32_t>>> below(nodes_.size());
    for (const auto& [key, node] : children_) {
        below[key >> 8U].emplace_back(static_cast<unsigned char>(key & 0xffU), node);
    }
    std::vector<std::uint32_t> order;
    for (const std::uint32_t node : first_) {
        if (node != 0) order.push_back(node);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (const auto& [byte, node] : below[order[i]]) {
            Node& one = nodes_[node];
            one.fallback = after(nodes_[order[i]].fallback, byte);
            one.longest = std::max(one.longest, nodes_[one.fallback].longest);
            order.push_back(node);
        }
    }
}

std::uint32_t Mask::after(std::uint32_t node, unsigned char byte) const {
    while (true) {
        const std::uint32_t next = child(node, byte);
        if (next != 0 || node == 0) return next;
        node = nodes_[node].fallback;
    }
}

/// Where secrets are; those that overlap are one.
std::vector<Mask::Span> Mask::spans(std::string_view text, bool first_only) const {
    std::vector<Span> out;
    std::uint32_t at = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        at = after(at, static_cast<unsigned char>(text[i]));
        const std::size_t length = nodes_[at].longest;
        if (length == 0) continue;
        Span found{i + 1 - length, i + 1};
        while (!out.empty() && out.back().to > found.from) {
            found.from = std::min(found.from, out.back().from);
            out.pop_back();
        }
        out.push_back(found);
        if (first_only) break;
    }
    return out;
}

bool Mask::finds_any(std::string_view text) const {
    return !is_empty() && !spans(text, true).empty();
}

std::string Mask::masked(std::string text) const {
    if (is_empty()) return text;
    const auto found = spans(text, false);
    if (found.empty()) return text;
    std::string out;
    std::size_t from = 0;
    for (const Span& span : found) {
        out.append(text, from, span.from - from);
        out += stars(character_count(std::string_view(text).substr(span.from, span.to - span.from)));
        from = span.to;
    }
    return out.append(text, from);
}

Value without_secrets(const Value& value, const Mask& mask, const std::string& key) {
    if (mask.is_empty()) return value;
    if (const std::string* text = value.if_string()) {
        if (!mask.finds_any(*text)) return value;
        return key.empty() ? Value(mask.masked(*text)) : sealed_value(key, *text);
    }
    if (const List* list = value.if_list()) {
        List out;
        out.reserve(list->size());
        for (const Value& item : *list) out.push_back(without_secrets(item, mask, key));
        return Value(std::move(out));
    }
    if (const Map* map = value.if_map()) {
        Map out;
        for (const auto& [name, item] : *map) out.set(mask.masked(name), without_secrets(item, mask, key));
        return Value(std::move(out));
    }
    if (value.is_null() || value.is_bool()) return value;
    // A number is hidden when it is long: a short one is met by chance, and counts must stay numbers.
    const std::string text = to_json(value);
    return text.size() >= kLeastForm && mask.finds_any(text) ? Value(mask.masked(text)) : value;
}

}  // namespace sluice::expr
