#include <cmath>

#include "expr/ion_text.h"
#include "expr/own_values.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "value/extension.h"
#include "value/json.h"
#include "value/temporal.h"

namespace sluice::expr {
namespace {

bool is_symbol_character(char c, bool is_first) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
    return is_letter || (!is_first && c >= '0' && c <= '9');
}

bool is_plain_symbol(std::string_view text) {
    if (text.empty() || text == "null" || text == "true" || text == "false" || text == "nan") return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_symbol_character(text[i], i == 0)) return false;
    }
    // $7 is the symbol number 7
    return !(text.size() > 1 && text[0] == '$' && text.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

class IonWriter {
  public:
    explicit IonWriter(Session& session) : session_(session) {}

    std::string run(const Value& value) {
        append(value);
        return std::move(out_);
    }

  private:
    void append(const Value& value) {
        session_.budget().step();
        switch (value.kind()) {
            case Kind::Null:
                out_ += "null";
                break;
            case Kind::String:
                quoted(value.as_string(), '"');
                break;
            case Kind::Float:
            case Kind::Double:
                decimal(value.as_double());
                break;
            case Kind::List:
                list(value.as_list());
                break;
            case Kind::Map:
                map(value.as_map());
                break;
            case Kind::Lazy:
                append(session_.all_of(value.as_lazy()));
                break;
            case Kind::Extension:
                extension(value);
                break;
            default:
                append_java_text(out_, value, session_);
        }
        if (out_.size() > session_.budget().limits().text_bytes) session_.budget().made_text(out_.size());
    }

    void list(const List& items) {
        out_ += '[';
        for (const Value& item : items) {
            if (&item != items.data()) out_ += ',';
            append(item);
        }
        out_ += ']';
    }

    void map(const Map& entries) {
        out_ += '{';
        bool is_first = true;
        for (const auto& [key, value] : entries) {
            if (!is_first) out_ += ',';
            is_first = false;
            if (is_plain_symbol(key))
                out_ += key;
            else
                quoted(key, '\'');
            out_ += ':';
            append(value);
        }
        out_ += '}';
    }

    void quoted(std::string_view text, char quote) {
        out_ += quote;
        for (const char c : text) {
            switch (c) {
                case '\\':
                    out_ += "\\\\";
                    break;
                case '\n':
                    out_ += "\\n";
                    break;
                case '\r':
                    out_ += "\\r";
                    break;
                case '\t':
                    out_ += "\\t";
                    break;
                case '\0':
                    out_ += "\\0";
                    break;
                default:
                    if (c == quote) out_ += '\\';
                    if (static_cast<unsigned char>(c) < 0x20)
                        out_ += fmt::format("\\x{:02x}", c);
                    else
                        out_ += c;
            }
        }
        out_ += quote;
    }

    /// 2.5e0, 1e0: an exponent makes it a float and not a decimal.
    void decimal(double number) {
        if (std::isnan(number)) {
            out_ += "nan";
            return;
        }
        if (std::isinf(number)) {
            out_ += number > 0 ? "+inf" : "-inf";
            return;
        }
        const std::string text = java_text(number);
        const std::size_t e = text.find('E');
        std::string mantissa = text.substr(0, e);
        if (mantissa.ends_with(".0")) mantissa.resize(mantissa.size() - 2);
        out_ += mantissa + "e" + (e == std::string::npos ? "0" : text.substr(e + 1));
    }

    void annotated(std::string_view annotation, const std::string& text) {
        out_.append(annotation).append("::");
        quoted(text, '"');
    }

    void extension(const Value& value) {
        const Extension& it = value.as_extension();
        switch (it.type()) {
            case ExtensionType::BigInteger:
                out_ += it.text();
                break;
            case ExtensionType::BigDecimal: {
                std::string text = it.text();
                for (char& c : text) c = c == 'E' ? 'd' : c;
                out_ += text.find_first_of(".d") == std::string::npos ? text + "." : text;
                break;
            }
            case ExtensionType::Instant: {
                Moment at = static_cast<const Instant&>(it).at();
                at.nanos -= at.nanos % 1'000'000;
                const std::string text = iso_instant(at);
                out_ += text.find('.') == std::string::npos ? text.substr(0, text.size() - 1) + ".000Z" : text;
                break;
            }
            case ExtensionType::LocalDate:
                out_ += it.text();
                break;
            case ExtensionType::ZonedDateTime:
                annotated("ZonedDateTime", it.text());
                break;
            case ExtensionType::LocalDateTime:
                annotated("LocalDateTime", it.text());
                break;
            case ExtensionType::LocalTime:
                annotated("LocalTime", it.text());
                break;
            case ExtensionType::TimeAmount:
                annotated("Duration", it.text());
                break;
            default:
                own(value);
        }
    }

    void own(const Value& value) {
        if (const auto* entry = if_own<MapEntry>(value))
            map(Map{{key_text(entry->key()), entry->value()}});
        else
            quoted(value.as_extension().text(), '"');
    }

    Session& session_;
    std::string out_{};
};

}  // namespace

std::string ion_of(const Value& value, Session& session) {
    return IonWriter(session).run(value);
}

}  // namespace sluice::expr
