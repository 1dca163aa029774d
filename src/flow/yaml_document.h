#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "value/value.h"

namespace sluice::flow {

/// A node of a YAML document, with the place of its text. Lines and columns count from 1.
///
/// A scalar keeps its source text: what it means depends on the property that it stands in.
struct Node {
    enum class Type { Null, Scalar, List, Map };
    enum class Style { Plain, Quoted, Block };
    struct Entry;

    Type type = Type::Null;
    std::string text{};  // of a scalar
    Style style = Style::Plain;
    int line = 0;
    int column = 0;
    int block_indent = 0;          // of a block scalar: columns before its text
    bool injected = false;         // came from plugin defaults, not from the flow's text
    std::vector<Node> items{};     // of a list
    std::vector<Entry> entries;    // of a map, in the order of the text

    bool is_null() const { return type == Type::Null; }
    bool is_scalar() const { return type == Type::Scalar; }
    bool is_list() const { return type == Type::List; }
    bool is_map() const { return type == Type::Map; }
    const Node* find(std::string_view key) const;
    /// The text of a scalar entry; empty when it is absent or no scalar.
    std::string_view text_of(std::string_view key) const;
};

struct Node::Entry {
    std::string key;
    int line = 0;
    int column = 0;
    Node value{};
};

/// One document of a text that may hold several, divided by lines of `---`.
struct SourceDocument {
    std::string text{};
    int first_line = 1;  // of the text in the whole
};

/// Divides at lines that are `---` and nothing else. Documents without content are left out.
std::vector<SourceDocument> split_documents(std::string_view text);

struct YamlLimits {
    std::size_t bytes = 3 * 1024 * 1024;
    std::size_t nodes = 400'000;  // after aliases were expanded
    std::size_t depth = 250;
};

/// Reads one document. Merge keys are applied, aliases expanded, equal keys refused.
/// Errors  Invalid with line and column (lines count from `first_line`); over a limit
Result<Node> parse_yaml(std::string_view text, int first_line = 1, const YamlLimits& limits = {});

/// Where a place inside a scalar's text stands in the file. Exact for plain, quoted and literal block texts that have
/// no escapes; a folded text (>) is told by its first line.
Place place_in_file(const Node& scalar, const Place& inside, const std::string& file, const std::string& path);

/// What a scalar means where nothing says its type: null, true, 12, 1.5, or text. Quoted ones are text.
/// The words of YAML 1.1 for booleans count (yes, no, on, off).
Value scalar_value(const Node& scalar);

/// The tree as plain values, by scalar_value.
Value to_value(const Node& node);

/// A node as YAML would read it from plain values: for configuration that was not written as YAML.
Node to_node(const Value& value);

}  // namespace sluice::flow
