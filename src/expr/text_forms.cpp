#include "expr/text_forms.h"

#include <cmath>
#include <fmt/format.h>
#include <iterator>

#include "expr/builtin.h"
#include "expr/own_values.h"
#include "expr/session.h"
#include "value/extension.h"
#include "value/json.h"
#include "value/temporal.h"

namespace sluice::expr {
namespace {

void append_number(std::string& out, const Value& value) {
    if (value.is_integer())
        fmt::format_to(std::back_inserter(out), "{}", value.as_integer());
    else if (value.kind() == Kind::Float)
        out += java_text(static_cast<float>(value.as_double()));
    else
        out += java_text(value.as_double());
}

enum class Form { Java, Json };

class Writer {
  public:
    Writer(std::string& out, Form form, Session& session) : out_(out), form_(form), session_(session) {}

    void append(const Value& value) {
        session_.budget().step();
        switch (value.kind()) {
            case Kind::Null:
                out_ += "null";
                break;
            case Kind::Bool:
                out_ += value.as_bool() ? "true" : "false";
                break;
            case Kind::String:
                append(value.as_string());
                break;
            case Kind::List:
                append(value.as_list());
                break;
            case Kind::Map:
                append(value.as_map());
                break;
            case Kind::Lazy:
                append(session_.all_of(value.as_lazy()));
                break;
            case Kind::Extension:
                append_extension(value);
                break;
            default:
                append_number(value);
        }
    }

  private:
    bool is_json() const { return form_ == Form::Json; }

    void append(const std::string& text) {
        if (is_json())
            append_json_string(out_, text);
        else
            out_ += text;
    }

    void append(const List& items) {
        out_ += '[';
        for (const Value& item : items) {
            if (&item != items.data()) separate();
            append(item);
        }
        out_ += ']';
    }

    void append(const Map& map) {
        out_ += '{';
        bool is_first = true;
        for (const auto& [key, value] : map) {
            if (is_json() && value.is_null()) continue;
            if (!is_first) separate();
            is_first = false;
            append_entry(key, value);
        }
        out_ += '}';
    }

    void append_entry(const std::string& key, const Value& value) {
        append(key);
        out_ += is_json() ? ':' : '=';
        append(value);
    }

    void separate() {
        out_ += is_json() ? "," : ", ";
        if (out_.size() > session_.budget().limits().text_bytes) session_.budget().made_text(out_.size());
    }

    void append_number(const Value& value) {
        const bool is_quoted = is_json() && !value.is_integer() && !std::isfinite(value.as_double());
        if (is_quoted) out_ += '"';
        sluice::expr::append_number(out_, value);
        if (is_quoted) out_ += '"';
    }

    void append_extension(const Value& value) {
        if (const auto* entry = if_own<MapEntry>(value)) {
            if (is_json()) out_ += '{';
            append_entry(key_text(entry->key()), entry->value());
            if (is_json()) out_ += '}';
            return;
        }
        const auto* zoned = is_json() ? if_a<ZonedDateTime>(value) : nullptr;
        if (zoned != nullptr)
            append_here(*zoned);
        else
            out_ += is_json() ? value.as_extension().json() : value.as_extension().text();
    }

    /// In JSON a date is moved to the zone of the system.
    void append_here(const ZonedDateTime& zoned) {
        const ZonedDateTime here = session_.zone().at(zoned.moment());
        out_ += '"';
        out_ += iso_date_time(here.wall(), FractionDigits::AsFewAsPossible, ZeroSeconds::Written);
        out_ += iso_offset(here.offset());
        out_ += '"';
    }

    std::string& out_;
    Form form_;
    Session& session_;
};

std::string class_name_of(ListFlavour flavour) {
    switch (flavour) {
        case ListFlavour::List:
            return "java.util.ArrayList";
        case ListFlavour::Array:
            return "[Ljava.lang.String;";
        case ListFlavour::Set:
            return "java.util.LinkedHashSet";
        case ListFlavour::Collection:
            return "java.util.LinkedHashMap$LinkedValues";
    }
    return {};
}

std::string class_name_of(ExtensionType type) {
    switch (type) {
        case ExtensionType::BigInteger:
            return "java.math.BigInteger";
        case ExtensionType::BigDecimal:
            return "java.math.BigDecimal";
        case ExtensionType::Character:
            return "java.lang.Character";
        case ExtensionType::Uri:
            return "java.net.URI";
        case ExtensionType::EnumConstant:
            return "java.lang.Enum";
        case ExtensionType::Instant:
            return "java.time.Instant";
        case ExtensionType::ZonedDateTime:
            return "java.time.ZonedDateTime";
        case ExtensionType::LocalDate:
            return "java.time.LocalDate";
        case ExtensionType::LocalDateTime:
            return "java.time.LocalDateTime";
        case ExtensionType::LocalTime:
            return "java.time.LocalTime";
        case ExtensionType::TimeAmount:
            return "java.time.Duration";
        case ExtensionType::Other:
            return "java.util.Map$Entry";
    }
    return {};
}

std::string name_of(ExtensionType type) {
    switch (type) {
        case ExtensionType::BigInteger:
            return "a big integer";
        case ExtensionType::BigDecimal:
            return "a decimal number";
        case ExtensionType::Character:
            return "a character";
        case ExtensionType::Uri:
            return "a uri";
        case ExtensionType::EnumConstant:
            return "a constant";
        case ExtensionType::Instant:
            return "an instant";
        case ExtensionType::ZonedDateTime:
            return "a date with a zone";
        case ExtensionType::LocalDate:
            return "a date";
        case ExtensionType::LocalDateTime:
            return "a date and time";
        case ExtensionType::LocalTime:
            return "a time";
        case ExtensionType::TimeAmount:
            return "a duration";
        case ExtensionType::Other:
            return "an entry of a map";
    }
    return {};
}

}  // namespace

void append_java_text(std::string& out, const Value& value, Session& session) {
    Writer(out, Form::Java, session).append(value);
}
void append_json(std::string& out, const Value& value, Session& session) {
    Writer(out, Form::Json, session).append(value);
}

std::string java_text_of(const Value& value, Session& session) {
    std::string out;
    append_java_text(out, value, session);
    return out;
}
std::string input_text(Call& call) {
    return java_text_of(call.input(), call.session());
}

void append_printed(std::string& out, const Value& value, Session& session) {
    switch (value.kind()) {
        case Kind::Null:
            return;
        case Kind::String:
            out += value.as_string();
            return;
        case Kind::List:
        case Kind::Map:
        case Kind::Lazy:
            append_json(out, value, session);
            return;
        default:
            break;
    }
    if (const auto* decimal = if_a<BigDecimal>(value))
        out += decimal->number().plain_text();
    else
        append_java_text(out, value, session);
}

std::string key_text(const Value& key) {
    switch (key.kind()) {
        case Kind::String:
            return key.as_string();
        case Kind::Null:
            return "null";
        case Kind::Extension:
            return key.as_extension().text();
        case Kind::List:
        case Kind::Map:
        case Kind::Lazy:
            return to_json(key);
        case Kind::Bool:
            return key.as_bool() ? "true" : "false";
        default: {
            std::string out;
            append_number(out, key);
            return out;
        }
    }
}

std::string type_name(const Value& value) {
    switch (value.kind()) {
        case Kind::Null:
            return "null";
        case Kind::Bool:
            return "a boolean";
        case Kind::Int:
            return "a 32-bit integer";
        case Kind::Long:
            return "an integer";
        case Kind::Float:
        case Kind::Double:
            return "a number with decimals";
        case Kind::String:
            return "a text";
        case Kind::List:
            return "a list";
        case Kind::Map:
        case Kind::Lazy:
            return "a map";
        case Kind::Extension:
            return name_of(value.as_extension().type());
    }
    return {};
}

std::string java_class_name(const Value& value) {
    switch (value.kind()) {
        case Kind::Null:
            return {};
        case Kind::Bool:
            return "java.lang.Boolean";
        case Kind::Int:
            return "java.lang.Integer";
        case Kind::Long:
            return "java.lang.Long";
        case Kind::Float:
            return "java.lang.Float";
        case Kind::Double:
            return "java.lang.Double";
        case Kind::String:
            return "java.lang.String";
        case Kind::List:
            return class_name_of(value.flavour());
        case Kind::Map:
            return value.as_map().flavour() == MapFlavour::Hash ? "java.util.HashMap" : "java.util.LinkedHashMap";
        case Kind::Lazy:
            return "java.util.LinkedHashMap";
        case Kind::Extension:
            return class_name_of(value.as_extension().type());
    }
    return {};
}

}  // namespace sluice::expr
