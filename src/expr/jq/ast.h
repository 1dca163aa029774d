#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "value/value.h"

namespace sluice::expr::jq {

struct Node;
using NodePtr = std::unique_ptr<const Node>;

/// What `as`, reduce and foreach bind: $name, [pattern, …] or {key: pattern, …}
struct Pattern {
    enum class Kind : std::uint8_t { Variable, List, Map };
    struct Entry {
        std::string variable{};  // {$name} binds the value too
        NodePtr key{};
        std::unique_ptr<const Pattern> pattern{};  // null for {$name} alone
    };

    Kind kind = Kind::Variable;
    std::string name{};
    std::vector<std::unique_ptr<const Pattern>> items{};
    std::vector<Entry> entries{};
};
using PatternPtr = std::unique_ptr<const Pattern>;

struct Function {
    struct Parameter {
        std::string name{};
        bool is_value = false;  // $name: bound to each value of its argument
    };
    std::string name{};
    std::vector<Parameter> parameters{};
    NodePtr body{};
};

enum class NodeKind : std::uint8_t {
    Identity,    // .
    RecurseAll,  // ..
    Literal,     // value
    Text,        // children, joined as texts in the format `name`
    Format,      // @name
    Variable,    // $name
    Index,       // children: of, key
    Slice,       // children: of, from or null, to or null
    Iterate,     // children: of
    List,        // children: what makes the items, or none
    Map,         // entries
    Negate,
    Pipe,
    Comma,
    Binary,  // op
    And,
    Or,
    Alternative,  // a // b
    Assign,       // op: = |= += …
    If,           // children: condition, then, condition, then, …, else
    Try,          // children: body, handler or null
    Reduce,       // children: items, init, update
    Foreach,      // children: items, init, update, extract or null
    Label,        // name; children: body
    Break,        // name
    Bind,         // children: value, body; pattern
    Call,         // name; children: arguments
    Define,       // function; children: what follows
};

enum class Op : std::uint8_t {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Set,          // =
    Update,       // |=
    Alternative,  // //=
};

struct Node {
    NodeKind kind = NodeKind::Identity;
    Op op = Op::Add;
    std::string name{};
    Value value{};
    std::vector<NodePtr> children{};
    std::vector<std::pair<NodePtr, NodePtr>> entries{};
    PatternPtr pattern{};
    std::shared_ptr<const Function> function{};

    const Node* child(std::size_t index) const { return index < children.size() ? children[index].get() : nullptr; }
};

/// A parsed program. It is not changed any more, and any thread may run it.
struct Program {
    NodePtr body{};
};

}  // namespace sluice::expr::jq
