#include <algorithm>
#include <cmath>

#include "expr/failure.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "expr/unicode.h"
#include "expr/yaml_text.h"
#include "value/extension.h"
#include "value/json.h"

namespace sluice::expr {
namespace {

constexpr std::string_view kReserved[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "~"};

bool is_reserved(std::string_view text) {
    const std::string lower = lower_case(text);
    if (std::find(std::begin(kReserved), std::end(kReserved), lower) == std::end(kReserved)) return false;
    const std::string upper = upper_case(text);
    const std::string capital = upper.substr(0, 1) + lower.substr(1);
    return text == lower || text == upper || text == capital;
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n') || byte == 0x7f;
    });
}

/// Whether a text of one line may stand without quotes, by the rules of YAML.
bool is_plain(std::string_view text) {
    if (text.starts_with("---") || text.starts_with("...")) return false;
    if (is_blank(text.front()) || is_blank(text.back())) return false;
    const auto blank_follows = [&](std::size_t at) { return at + 1 >= text.size() || is_blank(text[at + 1]); };
    const char first = text.front();
    if (std::string_view("#,[]{}&*!|>'\"%@`").find(first) != std::string_view::npos) return false;
    if ((first == '-' || first == '?' || first == ':') && blank_follows(0)) return false;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == ':' && blank_follows(i)) return false;
        if (text[i] == '#' && is_blank(text[i - 1])) return false;
    }
    return true;
}

std::string single_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') out += '\'';
        out += c;
    }
    return out + "'";
}

std::string double_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\0':
                out += "\\0";
                break;
            default:
                if (byte < 0x20 || byte == 0x7f)
                    out += fmt::format("\\x{:02X}", byte);
                else
                    out += c;
        }
    }
    return out + "\"";
}

class YamlWriter {
  public:
    explicit YamlWriter(Session& session) : session_(session) {}

    std::string run(const Value& value) {
        const Value& all = session_.forced(value);
        if (holds_entries(all))
            entries(all, 0);
        else
            scalar(all, 0);
        return std::move(out_);
    }

  private:
    static bool holds_entries(const Value& value) {
        const List* items = value.if_list();
        const Map* map = value.if_map();
        return (items != nullptr && !items->empty()) || (map != nullptr && !map->empty());
    }

    void entries(const Value& value, std::size_t indent) {
        if (const List* items = value.if_list()) {
            for (const Value& item : *items) {
                out_.append(indent, ' ').append(" -");
                entry(item, indent, indent + 2);
            }
            return;
        }
        for (const auto& [key, item] : value.as_map()) {
            out_.append(indent, ' ').append(key_form(key)).append(":");
            const bool is_list = item.is_list();
            entry(item, indent, is_list ? indent : indent + 2);
        }
    }

    /// What follows a dash or a key: on the same line, or indented below.
    void entry(const Value& item, std::size_t indent, std::size_t inner) {
        session_.budget().step();
        session_.budget().made_text(16);
        const Value& all = session_.forced(item);
        if (holds_entries(all)) {
            out_ += '\n';
            entries(all, inner);
        } else {
            out_ += ' ';
            scalar(all, indent);
        }
        if (out_.size() > session_.budget().limits().text_bytes) session_.budget().made_text(out_.size());
    }

    static std::string key_form(const std::string& key) {
        const bool odd_start =
            !key.empty() && std::string_view("0123456789+-.").find(key.front()) != std::string_view::npos;
        const bool quoted = key.empty() || is_reserved(key) || odd_start || has_control_character(key) ||
                            key.find('\n') != std::string::npos;
        if (quoted) return double_quoted(key);
        return is_plain(key) ? key : single_quoted(key);
    }

    void scalar(const Value& value, std::size_t indent) {
        switch (value.kind()) {
            case Kind::Null:
                out_ += "null";
                break;
            case Kind::List:
                out_ += "[]";
                break;
            case Kind::Map:
                out_ += "{}";
                break;
            case Kind::String:
                return text(value.as_string(), indent);
            case Kind::Float:
            case Kind::Double:
                if (std::isnan(value.as_double()))
                    out_ += ".NaN";
                else if (std::isinf(value.as_double()))
                    out_ += value.as_double() > 0 ? ".inf" : "-.inf";
                else
                    append_java_text(out_, value, session_);
                break;
            case Kind::Extension:
                return extension(value, indent);
            default:
                append_java_text(out_, value, session_);
        }
        out_ += '\n';
    }

    /// As it stands in JSON, without the quotes there
    void extension(const Value& value, std::size_t indent) {
        std::string json;
        append_json(json, value, session_);
        if (json.starts_with('"')) {
            const auto parsed = parse_json(json);
            return text(parsed ? parsed->as_string() : value.as_extension().text(), indent);
        }
        out_ += json;
        out_ += '\n';
    }

    void text(const std::string& text, std::size_t indent) {
        const bool can_be_block = text.find(" \n") == std::string::npos && !has_control_character(text);
        if (text.find('\n') != std::string::npos && can_be_block && !text.ends_with(' '))
            return block(text, indent + 2);
        out_ += one_line(text);
        out_ += '\n';
    }

    static std::string one_line(const std::string& text) {
        const auto has = [&](std::string_view characters) {
            return text.find_first_of(characters) != std::string::npos;
        };
        const bool comment = text.starts_with('#') || text.find(" #") != std::string::npos;
        const bool colon = text.ends_with(':') || text.find(": ") != std::string::npos;
        const bool quoted =
            text.empty() || is_reserved(text) || has("[]{},\n") || comment || colon || has_control_character(text);
        if (quoted) return double_quoted(text);
        return is_plain(text) ? text : single_quoted(text);
    }

    void block(const std::string& text, std::size_t indent) {
        out_ += '|';
        if (text.front() == ' ' || text.front() == '\n') out_ += '2';
        if (!text.ends_with('\n'))
            out_ += '-';
        else if (text.size() == 1 || text.ends_with("\n\n"))
            out_ += '+';
        out_ += '\n';
        for (std::size_t from = 0; from < text.size();) {
            const std::size_t end = std::min(text.find('\n', from), text.size());
            if (end > from) out_.append(indent, ' ').append(text, from, end - from);
            out_ += '\n';
            from = end + 1;
        }
    }

    Session& session_;
    std::string out_{};
};

}  // namespace

std::string yaml_of(const Value& value, Session& session) {
    return YamlWriter(session).run(value);
}

}  // namespace sluice::expr
