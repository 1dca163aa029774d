#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "expr/failure.h"
#include "expr/raw_sections.h"
#include "value/value.h"

namespace sluice::expr {

struct Builtin;

// ---- expressions ----

enum class ExpressionKind : std::uint8_t {
    Literal,
    Interpolation,
    Name,
    Attribute,
    Index,
    MethodCall,
    ListLiteral,
    MapLiteral,
    Unary,
    Binary,
    Conditional,
    FilterCall,
    FunctionCall,
    TestCall,
};

/// A node of the parsed template. `position` is the byte of the source that an error points at.
struct Expression {
    Expression(ExpressionKind what, std::uint32_t where) : kind(what), position(where) {}
    virtual ~Expression() = default;

    const ExpressionKind kind;
    const std::uint32_t position;
    int height = 1;  // of the tree below; bounded by the parser, because evaluation recurses
};
using ExpressionPtr = std::unique_ptr<const Expression>;

template <ExpressionKind what>
struct ExpressionOf : Expression {
    explicit ExpressionOf(std::uint32_t where) : Expression(what, where) {}
};

/// Positional arguments first, then named ones.
struct Arguments {
    std::vector<ExpressionPtr> positional{};
    std::vector<std::pair<std::string, ExpressionPtr>> named{};
};

struct Literal : ExpressionOf<ExpressionKind::Literal> {
    using ExpressionOf::ExpressionOf;
    Value value{};
};

struct Interpolation : ExpressionOf<ExpressionKind::Interpolation> {
    using ExpressionOf::ExpressionOf;
    std::vector<ExpressionPtr> parts{};
};

struct Name : ExpressionOf<ExpressionKind::Name> {
    using ExpressionOf::ExpressionOf;
    std::string name{};
};

/// a.name, and a['name']
struct Attribute : ExpressionOf<ExpressionKind::Attribute> {
    using ExpressionOf::ExpressionOf;
    ExpressionPtr of{};
    std::string name{};
};

struct Index : ExpressionOf<ExpressionKind::Index> {
    using ExpressionOf::ExpressionOf;
    ExpressionPtr of{};
    ExpressionPtr key{};
};

struct MethodCall : ExpressionOf<ExpressionKind::MethodCall> {
    using ExpressionOf::ExpressionOf;
    ExpressionPtr of{};
    std::string name{};
    std::vector<ExpressionPtr> arguments{};
};

struct ListLiteral : ExpressionOf<ExpressionKind::ListLiteral> {
    using ExpressionOf::ExpressionOf;
    std::vector<ExpressionPtr> items{};
};

struct MapLiteral : ExpressionOf<ExpressionKind::MapLiteral> {
    using ExpressionOf::ExpressionOf;
    std::vector<std::pair<ExpressionPtr, ExpressionPtr>> entries{};
};

enum class Operator : std::uint8_t {
    Not,
    Minus,
    Plus,
    Multiply,
    Divide,
    Modulo,
    Range,
    Coalesce,           // ??
    CoalesceUndefined,  // ???
    IsIn,
    Concatenate,
    Filter,
    Equal,
    NotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    Is,
    IsNot,
    Contains,
    And,
    Or,
};

struct Unary : ExpressionOf<ExpressionKind::Unary> {
    using ExpressionOf::ExpressionOf;
    Operator op{};
    ExpressionPtr operand{};
};

struct Binary : ExpressionOf<ExpressionKind::Binary> {
    using ExpressionOf::ExpressionOf;
    Operator op{};
    ExpressionPtr left{};
    ExpressionPtr right{};
};

struct Conditional : ExpressionOf<ExpressionKind::Conditional> {
    using ExpressionOf::ExpressionOf;
    ExpressionPtr condition{};
    ExpressionPtr yes{};
    ExpressionPtr no{};
};

struct FilterCall : ExpressionOf<ExpressionKind::FilterCall> {
    using ExpressionOf::ExpressionOf;
    ExpressionPtr input{};  // null inside of a filter tag: the input is the tag's text
    std::string name{};
    const Builtin* filter = nullptr;  // null: unknown, which is an error when it is evaluated
    Arguments arguments{};
};

struct FunctionCall : ExpressionOf<ExpressionKind::FunctionCall> {
    using ExpressionOf::ExpressionOf;
    std::string name{};
    const Builtin* function = nullptr;  // null: a macro, or unknown
    Arguments arguments{};
};

struct TestCall : ExpressionOf<ExpressionKind::TestCall> {
    using ExpressionOf::ExpressionOf;
    ExpressionPtr operand{};
    std::string name{};
    const Builtin* test = nullptr;
    bool is_negated = false;
    Arguments arguments{};
};

// ---- statements ----

enum class StatementKind : std::uint8_t { Text, Print, If, For, Set, Block, FilterTag };

struct Statement {
    Statement(StatementKind what, std::uint32_t where) : kind(what), position(where) {}
    virtual ~Statement() = default;

    const StatementKind kind;
    const std::uint32_t position;
};
using StatementPtr = std::unique_ptr<const Statement>;
using Body = std::vector<StatementPtr>;

template <StatementKind what>
struct StatementOf : Statement {
    explicit StatementOf(std::uint32_t where) : Statement(what, where) {}
};

struct Text : StatementOf<StatementKind::Text> {
    using StatementOf::StatementOf;
    std::string text{};
};

struct Print : StatementOf<StatementKind::Print> {
    using StatementOf::StatementOf;
    ExpressionPtr expression{};
};

struct If : StatementOf<StatementKind::If> {
    using StatementOf::StatementOf;
    struct Branch {
        ExpressionPtr condition{};
        Body body{};
    };
    std::vector<Branch> branches{};
    Body otherwise{};
};

struct For : StatementOf<StatementKind::For> {
    using StatementOf::StatementOf;
    std::string variable{};
    ExpressionPtr items{};
    Body body{};
    Body otherwise{};
};

struct Set : StatementOf<StatementKind::Set> {
    using StatementOf::StatementOf;
    std::string name{};
    ExpressionPtr value{};
};

struct Block : StatementOf<StatementKind::Block> {
    using StatementOf::StatementOf;
    std::string name{};
    Body body{};
};

struct FilterTag : StatementOf<StatementKind::FilterTag> {
    using StatementOf::StatementOf;
    Body body{};
    std::vector<std::unique_ptr<const FilterCall>> filters{};
};

struct Macro {
    struct Parameter {
        std::string name{};
        ExpressionPtr value{};  // when it is not given; null: null
    };
    std::string name{};
    std::vector<Parameter> parameters{};
    Body body{};
};

/// What parse() makes of a text.
struct Program {
    std::string source{};  // as it was written
    Lifted lifted{};       // what was parsed instead, when there are raw sections
    bool has_raw = false;
    Body body{};
    std::map<std::string, Macro, std::less<>> macros{};
    std::map<std::string, const Block*, std::less<>> blocks{};

    const std::string& parsed_text() const { return has_raw ? lifted.text : source; }
};

/// The line and column in the source of a position that a node or a failure has.
Place place_in(const Program& program, std::uint32_t position);
/// The sentence for a person: what is wrong, in which expression, on which line.
std::string message_of(const Failure& failure, const Program& program);
Error to_error(const Failure& failure, const Program& program);

}  // namespace sluice::expr
