#include "expr/jq/texts.h"

#include "expr/encoding.h"
#include "expr/jq/interpreter.h"
#include "expr/jq/operators.h"
#include "expr/unicode.h"
#include "value/json.h"

namespace sluice::expr::jq {
namespace {

std::string text_of(const Value& value) {
    return value.is_string() ? value.as_string() : to_json(value);
}

struct Escape {
    char character;
    std::string_view text;
};

template <std::size_t size>
std::string escaped(std::string_view text, const Escape (&escapes)[size]) {
    std::string out;
    for (const char c : text) {
        const auto* found =
            std::find_if(escapes, escapes + size, [&](const Escape& escape) { return escape.character == c; });
        if (found != escapes + size)
            out += found->text;
        else
            out += c;
    }
    return out;
}

constexpr Escape kHtml[] = {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'\'', "&#39;"}, {'"', "&quot;"}};
constexpr Escape kShell[] = {{'\'', "'\\''"}};
constexpr Escape kCsv[] = {{'"', "\"\""}};
constexpr Escape kTsv[] = {{'\t', "\\t"}, {'\n', "\\n"}, {'\r', "\\r"}, {'\\', "\\\\"}};

std::string cell(const Value& value, bool is_csv) {
    if (value.is_null()) return {};
    if (value.is_list() || value.is_map()) {
        throw raised("{} is not valid in a {} row", described(value), is_csv ? "csv" : "tsv");
    }
    if (!value.is_string()) return to_json(value);
    return is_csv ? "\"" + escaped(value.as_string(), kCsv) + "\"" : escaped(value.as_string(), kTsv);
}

std::string row(const Value& value, bool is_csv) {
    if (!value.is_list())
        throw raised("{} cannot be {}-formatted, only an array can be", described(value), is_csv ? "csv" : "tsv");
    std::string out;
    for (const Value& item : value.as_list()) {
        if (&item != value.as_list().data()) out += is_csv ? ',' : '\t';
        out += cell(item, is_csv);
    }
    return out;
}

std::string shell_word(const Value& value) {
    if (value.is_list() || value.is_map()) throw raised("{} can not be escaped for shell", described(value));
    return value.is_string() ? "'" + escaped(value.as_string(), kShell) + "'" : to_json(value);
}

std::string shell_words(const Value& value) {
    if (!value.is_list()) return shell_word(value);
    std::string out;
    for (const Value& item : value.as_list()) out += (out.empty() ? "" : " ") + shell_word(item);
    return out;
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || c == '.' || c == '~';
        if (plain)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

std::string formatted(const std::string& format, const Value& value) {
    if (format == "text") return text_of(value);
    if (format == "json") return to_json(value);
    if (format == "csv") return row(value, true);
    if (format == "tsv") return row(value, false);
    if (format == "html") return escaped(text_of(value), kHtml);
    if (format == "uri") return percent_encoded(text_of(value));
    if (format == "sh") return shell_words(value);
    if (format == "base64") return base64_of(text_of(value));
    if (format == "base64d") {
        const auto decoded = from_base64(text_of(value));
        if (!decoded) throw raised("{} is not valid base64 data", described(value));
        return *decoded;
    }
    throw raised("{} is not a valid format", format);
}

Value split_by(const std::string& text, const std::string& separator, Session& session) {
    List parts;
    if (separator.empty()) {
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t length = code_point_at(text, at).length;
            parts.emplace_back(text.substr(at, length));
            at += length;
        }
    } else if (!text.empty()) {
        std::size_t from = 0;
        for (std::size_t at = 0; (at = text.find(separator, from)) != std::string::npos; from = at + separator.size()) {
            parts.emplace_back(text.substr(from, at - from));
        }
        parts.emplace_back(text.substr(from));
    }
    session.budget().made_list(parts.size());
    return Value(std::move(parts));
}

}  // namespace sluice::expr::jq
