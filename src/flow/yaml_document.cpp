#include "flow/yaml_document.h"

#include <charconv>
#include <map>
#include <sstream>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "value/json.h"

namespace sluice::flow {
namespace {

/// A mistake found in the middle of yaml-cpp's events, carried out through its frames.
struct Mistake {
    std::string message;
    int line;
    int column;
};

class Builder : public YAML::EventHandler {
  public:
    Builder(std::string_view text, int first_line, const YamlLimits& limits)
        : text_(text), first_line_(first_line), limits_(limits) {
        line_starts_.push_back(text.starts_with("\xEF\xBB\xBF") ? 3 : 0);  // a mark of the byte order is in no column
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') line_starts_.push_back(i + 1);
        }
    }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { put(at(mark), anchor); }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) fail("an alias stands inside its own anchor", mark);
        Node copy = found->second;
        copy.line = at(mark).line;
        copy.column = at(mark).column;
        count(sizes_[anchor], mark);
        put(std::move(copy), 0);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        Node node = at(mark);
        const bool plain = tag == "?" || tag.empty();
        if (plain && (value.empty() || value == "~" || value == "null" || value == "Null" || value == "NULL")) {
            return put(std::move(node), anchor, value);
        }
        node.type = Node::Type::Scalar;
        node.text = value;
        if (!plain) node.style = style_at(mark, node);
        put(std::move(node), anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, Node::Type::List, anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        if (waits_for_key()) {
            fail("a map stands where a key is expected; an expression such as {{ x }} must be quoted: \"{{ x }}\"",
                 mark);
        }
        open(mark, Node::Type::Map, anchor);
    }
    void OnMapEnd() override { close(); }

    Node root{};
    bool any = false;

  private:
    struct Open {
        Node node;
        YAML::anchor_t anchor;
        std::size_t count_before;
        bool has_key = false;
        std::string key{};
        int key_line = 0;
        int key_column = 0;
    };

    [[noreturn]] void fail(std::string message, const YAML::Mark& mark) const {
        throw Mistake{std::move(message), mark.line + first_line_, mark.column + 1};
    }
    [[noreturn]] static void fail(std::string message, int line, int column) {
        throw Mistake{std::move(message), line, column};
    }

    Node at(const YAML::Mark& mark) const {
        Node node;
        node.line = mark.line + first_line_;
        node.column = mark.column + 1;
        return node;
    }

    /// Whether the text that is quoted from here on has an end. yaml-cpp takes a line's end at the end of the file for
    /// one.
    bool ends_quoted(std::size_t from) const {
        const char quote = text_[from];
        if (quote != '"' && quote != '\'') return true;
        for (std::size_t i = from + 1; i < text_.size(); ++i) {
            if (quote == '"' && text_[i] == '\\') {
                ++i;
            } else if (text_[i] == quote) {
                if (quote == '"' || i + 1 >= text_.size() || text_[i + 1] != quote) return true;
                ++i;
            }
        }
        return false;
    }

    /// yaml-cpp marks quoted and block scalars alike; the character at the mark tells them apart.
    Node::Style style_at(const YAML::Mark& mark, Node& node) const {
        const auto line = static_cast<std::size_t>(mark.line);
        const std::size_t start = line < line_starts_.size() ? line_starts_[line] : text_.size();
        const std::size_t here = start + static_cast<std::size_t>(mark.column);
        if (here >= text_.size() || (text_[here] != '|' && text_[here] != '>')) {
            if (here < text_.size() && !ends_quoted(here)) fail("the quoted text that begins here never ends", mark);
            return Node::Style::Quoted;
        }
        for (std::size_t next = line + 1; next < line_starts_.size(); ++next) {
            std::size_t i = line_starts_[next];
            const std::size_t from = i;
            while (i < text_.size() && text_[i] == ' ') ++i;
            if (i < text_.size() && text_[i] != '\n' && text_[i] != '\r') {
                node.block_indent = static_cast<int>(i - from);
                break;
            }
        }
        return Node::Style::Block;
    }

    bool waits_for_key() const {
        return !open_.empty() && open_.back().node.type == Node::Type::Map && !open_.back().has_key;
    }

    void count(std::size_t nodes, const YAML::Mark& mark) {
        count_ += nodes;
        if (count_ > limits_.nodes) fail(fmt::format("the document has more than {} nodes", limits_.nodes), mark);
    }

    void open(const YAML::Mark& mark, Node::Type type, YAML::anchor_t anchor) {
        if (waits_for_key()) fail("a list cannot be a key", mark);
        if (open_.size() >= limits_.depth) fail(fmt::format("nested deeper than {} levels", limits_.depth), mark);
        count(1, mark);
        Node node = at(mark);
        node.type = type;
        open_.push_back({std::move(node), anchor, count_});
    }

    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        apply_merges(done.node);
        if (done.anchor != 0) sizes_[done.anchor] = count_ - done.count_before + 1;
        put(std::move(done.node), done.anchor, "", false);
    }

    void put(Node node, YAML::anchor_t anchor, const std::string& null_text = "", bool counted = true) {
        if (counted) {
            ++count_;
            if (count_ > limits_.nodes) {
                fail(fmt::format("the document has more than {} nodes", limits_.nodes), node.line, node.column);
            }
        }
        if (anchor != 0) {
            anchors_[anchor] = node;
            sizes_.try_emplace(anchor, 1);
        }
        if (open_.empty()) {
            root = std::move(node);
            any = true;
            return;
        }
        Open& parent = open_.back();
        if (parent.node.type == Node::Type::List) {
            parent.node.items.push_back(std::move(node));
        } else if (!parent.has_key) {
            take_key(parent, node, null_text);
        } else {
            parent.node.entries.push_back({parent.key, parent.key_line, parent.key_column, std::move(node)});
            parent.has_key = false;
        }
    }

    static void take_key(Open& parent, const Node& node, const std::string& null_text) {
        const std::string& key = node.is_scalar() ? node.text : null_text;
        for (const Node::Entry& entry : parent.node.entries) {
            if (entry.key == key && key != "<<") {
                fail(fmt::format("duplicate key '{}'; it stands in line {} already", key, entry.line), node.line,
                     node.column);
            }
        }
        parent.key = key;
        parent.key_line = node.line;
        parent.key_column = node.column;
        parent.has_key = true;
    }

    /// `<<: *base` or `<<: [*a, *b]`: entries that the map itself has stay, earlier bases win over later ones.
    static void apply_merges(Node& map) {
        if (!map.is_map()) return;
        std::vector<Node> bases;
        std::erase_if(map.entries, [&](Node::Entry& entry) {
            if (entry.key != "<<") return false;
            if (entry.value.is_map())
                bases.push_back(std::move(entry.value));
            else if (entry.value.is_list())
                bases = std::move(entry.value.items);
            else
                fail("a merge key << needs a map or a list of maps", entry.line, entry.column);
            return true;
        });
        for (const Node& base : bases) {
            if (!base.is_map()) fail("a merge key << needs a map or a list of maps", base.line, base.column);
            for (const Node::Entry& entry : base.entries) {
                if (map.find(entry.key) == nullptr) map.entries.push_back(entry);
            }
        }
    }

    std::string_view text_;
    int first_line_;
    const YamlLimits& limits_;
    std::vector<std::size_t> line_starts_{};
    std::vector<Open> open_{};
    std::map<YAML::anchor_t, Node> anchors_{};
    std::map<YAML::anchor_t, std::size_t> sizes_{};
    std::size_t count_ = 0;
};

Error mistake(const std::string& message, int line, int column) {
    return Error{ErrorCode::Invalid, message, Place{.line = line, .column = column}, {}, "yaml"};
}

/// yaml-cpp's words for the two mistakes that people make most, and what to do.
std::string explained(const std::string& message) {
    if (message.find("while scanning for the next token") != std::string::npos ||
        message.find("unknown token") != std::string::npos) {
        return message + "; a text that begins with a special character (such as % @ ` { [ *) must be quoted";
    }
    if (message.find("illegal map value") != std::string::npos) {
        return message + "; a text that contains ': ' must be quoted";
    }
    if (message.find("end of map not found") != std::string::npos) {
        return message + "; this line is indented otherwise than the properties above, to which it belongs";
    }
    if (message.find("end of sequence not found") != std::string::npos) {
        return message + "; this line is indented otherwise than the list's other items (- ...)";
    }
    return message;
}

bool is_divider(std::string_view line) {
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t')) line.remove_suffix(1);
    return line == "---";
}

bool has_content(std::string_view text) {
    std::size_t from = 0;
    while (from < text.size()) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        const std::string_view line = text.substr(from, end - from);
        const std::size_t first = line.find_first_not_of(" \t\r");
        if (first != std::string_view::npos && line[first] != '#') return true;
        from = end + 1;
    }
    return false;
}

std::string without_underscores(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != '_') out += c;
    }
    return out;
}

std::optional<Value> as_integer(std::string_view plain) {
    const std::string text = without_underscores(plain);
    std::string_view digits = text;
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    if (digits.empty() || digits.front() < '0' || digits.front() > '9') return {};
    int base = 10;
    if (digits.starts_with("0x")) {
        base = 16;
        digits.remove_prefix(2);
    } else if (digits.starts_with("0b")) {
        base = 2;
        digits.remove_prefix(2);
    }
    if (digits.starts_with('-')) return {};  // which from_chars would take
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    if (end != digits.data() + digits.size() || failed == std::errc::invalid_argument) return {};
    if (failed == std::errc::result_out_of_range) return {};
    if (negative) number = -number;
    if (number >= INT32_MIN && number <= INT32_MAX) return Value(static_cast<std::int32_t>(number));
    return Value(number);
}

std::optional<Value> as_decimal(std::string_view plain) {
    if (plain.find_first_of("0123456789") == std::string_view::npos) return {};
    if (plain.find_first_not_of("+-0123456789.eE_") != std::string_view::npos) return {};
    const std::string text = without_underscores(plain);
    std::string_view digits = text;
    if (digits.starts_with('+')) digits.remove_prefix(1);
    double number = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (failed != std::errc{} || end != digits.data() + digits.size()) return {};
    return Value(number);
}

}  // namespace

const Node* Node::find(std::string_view key) const {
    for (const Entry& entry : entries) {
        if (entry.key == key) return &entry.value;
    }
    return nullptr;
}

std::string_view Node::text_of(std::string_view key) const {
    const Node* found = find(key);
    return found != nullptr && found->is_scalar() ? std::string_view(found->text) : std::string_view();
}

std::vector<SourceDocument> split_documents(std::string_view text) {
    std::vector<SourceDocument> out;
    SourceDocument current;
    int line_number = 0;
    const auto finish = [&](int next_line) {
        if (has_content(current.text)) out.push_back(std::move(current));
        current = SourceDocument{.text = "", .first_line = next_line};
    };
    std::size_t from = 0;
    while (from < text.size()) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        const std::string_view line = text.substr(from, end - from);
        ++line_number;
        if (is_divider(line))
            finish(line_number + 1);
        else
            current.text.append(text.substr(from, std::min(end + 1, text.size()) - from));
        from = end + 1;
    }
    finish(line_number + 1);
    return out;
}

Result<Node> parse_yaml(std::string_view text, int first_line, const YamlLimits& limits) {
    if (text.size() > limits.bytes) {
        return tl::unexpected(Error{ErrorCode::TooLarge,
                                    fmt::format("the document is larger than {} MiB", limits.bytes / (1024 * 1024))});
    }
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
        const auto line =
            static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(nul), '\n'));
        return tl::unexpected(mistake("the character U+0000 is not allowed", first_line + line, 1));
    }
    std::istringstream in{std::string(text)};
    Builder builder(text, first_line, limits);
    try {
        YAML::Parser parser(in);
        if (!parser.HandleNextDocument(builder) || !builder.any) return Node{};
    } catch (const YAML::Exception& failed) {
        return tl::unexpected(
            mistake("not valid YAML: " + explained(failed.msg), failed.mark.line + first_line, failed.mark.column + 1));
    } catch (const Mistake& found) {
        return tl::unexpected(mistake(found.message, found.line, found.column));
    }
    return std::move(builder.root);
}

Value scalar_value(const Node& scalar) {
    if (scalar.is_null()) return {};
    if (scalar.style != Node::Style::Plain) return Value(scalar.text);
    const std::string& text = scalar.text;
    for (const char* yes : {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"}) {
        if (text == yes) return Value(true);
    }
    for (const char* no : {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"}) {
        if (text == no) return Value(false);
    }
    if (const auto integer = as_integer(text)) return *integer;
    if (const auto decimal = as_decimal(text)) return *decimal;
    return Value(text);
}

Value to_value(const Node& node) {
    switch (node.type) {
        case Node::Type::Null:
            return {};
        case Node::Type::Scalar:
            return scalar_value(node);
        case Node::Type::List: {
            List list;
            list.reserve(node.items.size());
            for (const Node& item : node.items) list.push_back(to_value(item));
            return Value(std::move(list));
        }
        case Node::Type::Map: {
            Map map;
            for (const Node::Entry& entry : node.entries) map.set(entry.key, to_value(entry.value));
            return Value(std::move(map));
        }
    }
    return {};
}

Node to_node(const Value& value) {
    Node node;
    if (const List* list = value.if_list()) {
        node.type = Node::Type::List;
        for (const Value& item : *list) node.items.push_back(to_node(item));
    } else if (const Map* map = value.if_map()) {
        node.type = Node::Type::Map;
        for (const auto& [key, entry] : *map) node.entries.push_back({key, 0, 0, to_node(entry)});
    } else if (!value.is_null()) {
        node.type = Node::Type::Scalar;
        node.style = value.is_string() ? Node::Style::Quoted : Node::Style::Plain;
        node.text = value.is_string() ? value.as_string() : to_json(value);
    }
    return node;
}

}  // namespace sluice::flow
