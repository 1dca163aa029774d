#include "tasks/email/mailbox.h"

#include <algorithm>

#include "base/utf8.h"
#include "expr/encoding.h"

namespace sluice::tasks {
namespace {

constexpr std::size_t kLongestAddress = 254;
constexpr std::size_t kEncodedWordBytes = 45;  // 60 characters of base64; a word has at most 75 with its frame

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string_view trimmed_blanks(std::string_view text) {
    const std::string_view blanks = " \t";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_local_part(std::string_view text) {
    if (text.empty() || text.size() > 64 || text.front() == '.' || text.back() == '.') return false;
    if (text.find("..") != std::string_view::npos) return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_alphanumeric(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
    });
}

bool is_domain(std::string_view text) {
    if (text.empty() || text.front() == '-' || text.back() == '-' || text.front() == '.' || text.back() == '.') {
        return false;
    }
    if (text.find("..") != std::string_view::npos) return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; });
}

Result<void> check_address(std::string_view address) {
    const std::size_t at = address.rfind('@');
    const bool fits = at != std::string_view::npos && address.size() <= kLongestAddress &&
                      is_local_part(address.substr(0, at)) && is_domain(address.substr(at + 1));
    if (fits) return {};
    return invalid("'{}' is no mail address; expected name@example.org, the domain in its ASCII form", address);
}

std::string unquoted(std::string_view name) {
    if (name.size() < 2 || name.front() != '"' || name.back() != '"') return std::string(name);
    std::string out;
    for (std::size_t i = 1; i + 1 < name.size(); ++i) {
        if (name[i] == '\\' && i + 2 < name.size()) ++i;
        out += name[i];
    }
    return out;
}

Result<Mailbox> mailbox_of(std::string_view text) {
    Mailbox out;
    const std::size_t open = text.rfind('<');
    if (open == std::string_view::npos) {
        out.address = std::string(text);
    } else {
        if (text.back() != '>') return invalid("'{}' is no mail address: a > is missing at its end", text);
        out.name = unquoted(trimmed_blanks(text.substr(0, open)));
        out.address = std::string(trimmed_blanks(text.substr(open + 1, text.size() - open - 2)));
    }
    if (auto fits = check_address(out.address); !fits) return tl::unexpected(fits.error());
    return out;
}

/// Where the text is divided: at ; and , outside of quotes and angle brackets.
std::vector<std::string_view> divided(std::string_view text) {
    std::vector<std::string_view> out;
    bool quoted = false;
    bool within = false;
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && quoted)
            ++i;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '<' || c == '>'))
            within = c == '<';
        else if (!quoted && !within && (c == ';' || c == ',')) {
            out.push_back(text.substr(from, i - from));
            from = i + 1;
        }
    }
    out.push_back(text.substr(from));
    return out;
}

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

Result<std::vector<Mailbox>> parse_mailboxes(std::string_view text) {
    if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
        return invalid("a list of mail addresses holds a line break or a zero byte");
    }
    std::vector<Mailbox> out;
    for (const std::string_view part : divided(text)) {
        const std::string_view one = trimmed_blanks(part);
        if (one.empty()) continue;
        auto box = mailbox_of(one);
        if (!box) return tl::unexpected(box.error());
        out.push_back(std::move(*box));
    }
    return out;
}

std::string header_text(std::string_view text) {
    // A long plain word would break the limit of a line; encoded it is folded.
    if (is_plain(text) && text.size() < 900 && text.find("=?") == std::string_view::npos) return std::string(text);
    std::string out;
    while (!text.empty()) {
        std::string_view piece = utf8_prefix(text, kEncodedWordBytes);
        if (piece.empty()) piece = text.substr(0, kEncodedWordBytes);  // invalid UTF-8 is never stuck
        out += (out.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + expr::base64_of(piece) + "?=");
        text.remove_prefix(piece.size());
    }
    return out;
}

std::string header_text(const std::vector<Mailbox>& boxes) {
    std::string out;
    for (const Mailbox& box : boxes) {
        if (!out.empty()) out += ",\r\n ";
        if (box.name.empty()) {
            out += box.address;
            continue;
        }
        const bool simple =
            std::all_of(box.name.begin(), box.name.end(), [](char c) { return is_alphanumeric(c) || c == ' '; });
        if (simple || !is_plain(box.name)) {
            out += header_text(std::string_view(box.name));
        } else {
            out += '"';
            for (const char c : box.name) out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
            out += '"';
        }
        out += " <" + box.address + ">";
    }
    return out;
}

}  // namespace sluice::tasks
