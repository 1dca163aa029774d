#include "rows/xml_rows.h"

#include <charconv>
#include <libxml/xmlreader.h>

#include "value/decimal.h"
#include "value/extension.h"

namespace sluice::rows {
namespace {

constexpr int kDeepest = 200;

std::string text_of(const xmlChar* text) {
    return text != nullptr ? reinterpret_cast<const char*>(text) : "";  // xmlChar is a byte of UTF-8
}

/// A text as the number or boolean that it is; leading zeros and signs keep it a text ("007").
Value typed(std::string text) {
    if (text == "true" || text == "false") return Value(text == "true");
    const std::string_view digits = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
    const bool plain = !digits.empty() && digits.size() <= 18 && digits[0] >= '0' && digits[0] <= '9' &&
                       (digits[0] != '0' || digits.size() == 1 || digits[1] == '.') && !digits.ends_with('.');
    if (!plain) return Value(std::move(text));
    if (digits.find_first_not_of("0123456789") == std::string_view::npos) {
        std::int64_t number = 0;
        std::from_chars(text.data(), text.data() + text.size(), number);
        if (number >= INT32_MIN && number <= INT32_MAX) return Value(static_cast<std::int32_t>(number));
        return Value(number);
    }
    if (digits.find_first_not_of("0123456789.") != std::string_view::npos) return Value(std::move(text));
    auto decimal = Decimal::parse(text);
    return decimal ? make_value<BigDecimal>(std::move(*decimal)) : Value(std::move(text));
}

bool is_blank(const std::string& text) {
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

std::string trimmed(const std::string& text) {
    if (is_blank(text)) return "";
    const auto first = text.find_first_not_of(" \t\r\n");
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string> parts_of(std::string_view path) {
    std::vector<std::string> out;
    while (!path.empty()) {
        const std::string_view part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), part.size() + 1));
        if (!part.empty()) out.emplace_back(part);
    }
    return out;
}

bool is_name_byte(char c, bool first) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalpha(byte) != 0 || c == '_' || byte >= 0x80) return true;
    return !first && (std::isdigit(byte) != 0 || c == '-' || c == '.');
}

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '&')
            out += "&amp;";
        else if (c == '\r')
            out += "&#13;";
        else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
            out += "\xEF\xBF\xBD";  // XML has no way to write it
        else
            out += c;
    }
}

std::string plain_text(const Value& value) {
    if (value.is_string()) return value.as_string();
    if (value.is_bool()) return value.as_bool() ? "true" : "false";
    if (value.is_integer()) return std::to_string(value.as_integer());
    if (const Extension* extension = value.if_extension()) return extension->text();
    return value.is_number() ? Decimal::shortest(value.as_double()).plain_text() : "";
}

}  // namespace

struct XmlRows::State {
    std::unique_ptr<storage::Reader> bytes{};
    std::unique_ptr<xmlTextReader, void (*)(xmlTextReader*)> reader{nullptr, &xmlFreeTextReader};
    std::vector<std::string> path{};
    std::set<std::string> lists{};
    std::string mistake{};
    std::vector<std::string> open{};  // the names down to where the reader stands
    std::exception_ptr outside{};     // what the storage threw: it must not pass through libxml2

    static int read(void* self, char* to, int size) {
        auto& state = *static_cast<State*>(self);
        try {
            return static_cast<int>(state.bytes->read({to, static_cast<std::size_t>(size)}));
        } catch (...) {
            state.outside = std::current_exception();
            return -1;
        }
    }
    static void tell(void* self, const char* message, xmlParserSeverities how, xmlTextReaderLocatorPtr where) {
        // A name space that is a relative address, for example: unusual, but it can be read.
        if (how == XML_PARSER_SEVERITY_WARNING || how == XML_PARSER_SEVERITY_VALIDITY_WARNING) return;
        auto& state = *static_cast<State*>(self);
        if (state.mistake.empty()) {
            state.mistake = fmt::format("line {}: {}", xmlTextReaderLocatorLineNumber(where), trimmed(message));
        }
    }

    int depth() const { return xmlTextReaderDepth(reader.get()); }
    std::string name() const { return text_of(xmlTextReaderConstLocalName(reader.get())); }

    /// Puts a child beside others of its name.
    void add(Map& to, const std::string& child, Value value) const {
        Value& there = to[child];
        if (there.is_list())
            there.mutable_list().push_back(std::move(value));
        else if (!there.is_null())
            there = Value(List{there, std::move(value)});
        else
            there = lists.contains(child) ? Value(List{std::move(value)}) : std::move(value);
    }

    /// The element that the reader stands on, up to its end.
    Result<Value> element() {
        Map out;
        std::string text;
        const int own = depth();
        if (own > kDeepest) return invalid("the XML is nested deeper than {} levels", kDeepest);
        const bool empty = xmlTextReaderIsEmptyElement(reader.get()) == 1;
        while (xmlTextReaderMoveToNextAttribute(reader.get()) == 1) {
            if (text_of(xmlTextReaderConstPrefix(reader.get())) == "xmlns" || name() == "xmlns") continue;
            out.set(name(), typed(text_of(xmlTextReaderConstValue(reader.get()))));
        }
        xmlTextReaderMoveToElement(reader.get());
        while (!empty && xmlTextReaderRead(reader.get()) == 1 && depth() > own) {
            const int type = xmlTextReaderNodeType(reader.get());
            if (type == XML_READER_TYPE_ELEMENT) {
                const std::string child = name();
                auto value = element();
                if (!value) return value;
                add(out, child, std::move(*value));
            } else if (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA) {
                text += text_of(xmlTextReaderConstValue(reader.get()));
            }
        }
        if (!mistake.empty()) return invalid("{}", mistake);
        if (out.empty()) return typed(trimmed(text));
        if (!is_blank(text)) out.set("content", typed(trimmed(text)));
        return Value(std::move(out));
    }

    /// Goes to the next element of the path. false: there is none
    bool find() {
        while (xmlTextReaderRead(reader.get()) == 1) {
            if (xmlTextReaderNodeType(reader.get()) != XML_READER_TYPE_ELEMENT) continue;
            open.resize(static_cast<std::size_t>(depth()));
            open.push_back(name());
            if (path.empty() || open == path) return true;
        }
        return false;
    }
};

XmlRows::XmlRows(std::unique_ptr<State> state) : state_(std::move(state)) {}
XmlRows::XmlRows(XmlRows&&) noexcept = default;
XmlRows::~XmlRows() = default;

Result<XmlRows> XmlRows::open(const storage::Storage& storage, const std::string& address, const std::string& path,
                              std::set<std::string> lists, const std::string& charset) {
    const auto uri = storage::Uri::parse(address);
    if (!uri) return tl::unexpected(uri.error());
    auto bytes = storage.open(*uri);
    if (!bytes) return tl::unexpected(bytes.error());
    auto state = std::make_unique<State>();
    state->bytes = std::move(*bytes);
    state->path = parts_of(path);
    state->lists = std::move(lists);
    const char* encoding = charset.empty() ? nullptr : charset.c_str();
    state->reader.reset(
        xmlReaderForIO(&State::read, nullptr, state.get(), nullptr, encoding, XML_PARSE_NONET | XML_PARSE_COMPACT));
    if (!state->reader) return invalid("property 'charset': '{}' is no known charset", charset);
    xmlTextReaderSetErrorHandler(state->reader.get(), &State::tell, state.get());
    return XmlRows(std::move(state));
}

Result<std::optional<Value>> XmlRows::next() {
    const bool found = state_->find();
    if (state_->outside) std::rethrow_exception(state_->outside);
    if (!state_->mistake.empty()) return invalid("the file is no XML: {}", state_->mistake);
    if (!found) return std::optional<Value>();
    auto row = state_->element();
    if (state_->outside) std::rethrow_exception(state_->outside);
    if (!row) return invalid("the file is no XML: {}", row.error().message);
    return std::optional(std::move(*row));
}

std::string xml_element(const std::string& name, const Value& row) {
    std::string tag;
    for (const char c : name) tag += is_name_byte(c, tag.empty()) ? c : '_';
    if (tag.empty()) tag += '_';
    if (const List* items = row.if_list()) {
        std::string out;
        for (const Value& item : *items) out += xml_element(tag, item.is_list() ? Value(Map{{"item", item}}) : item);
        return out;
    }
    std::string out = "<" + tag + ">";
    if (const Map* fields = row.if_map()) {
        for (const auto& [field, value] : *fields) {
            if (field == "content" && !value.is_map() && !value.is_list())
                append_escaped(out, plain_text(value));
            else
                out += xml_element(field, value);
        }
    } else {
        append_escaped(out, plain_text(row));
    }
    return out + "</" + tag + ">";
}

}  // namespace sluice::rows
