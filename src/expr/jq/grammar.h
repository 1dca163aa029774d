#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "expr/jq/ast.h"

namespace sluice::expr::jq {

/// The binary operators; those with a higher precedence bind tighter.
struct OperatorInfo {
    std::string_view text;
    NodeKind kind;
    Op op;
    int precedence;
    enum { Left, Right, None } associates;
};

constexpr OperatorInfo kOperators[] = {
    {"//", NodeKind::Alternative, Op::Add, 3, OperatorInfo::Right},
    {"=", NodeKind::Assign, Op::Set, 4, OperatorInfo::None},
    {"|=", NodeKind::Assign, Op::Update, 4, OperatorInfo::None},
    {"+=", NodeKind::Assign, Op::Add, 4, OperatorInfo::None},
    {"-=", NodeKind::Assign, Op::Subtract, 4, OperatorInfo::None},
    {"*=", NodeKind::Assign, Op::Multiply, 4, OperatorInfo::None},
    {"/=", NodeKind::Assign, Op::Divide, 4, OperatorInfo::None},
    {"%=", NodeKind::Assign, Op::Modulo, 4, OperatorInfo::None},
    {"//=", NodeKind::Assign, Op::Alternative, 4, OperatorInfo::None},
    {"or", NodeKind::Or, Op::Add, 5, OperatorInfo::Left},
    {"and", NodeKind::And, Op::Add, 6, OperatorInfo::Left},
    {"==", NodeKind::Binary, Op::Equal, 7, OperatorInfo::None},
    {"!=", NodeKind::Binary, Op::NotEqual, 7, OperatorInfo::None},
    {"<", NodeKind::Binary, Op::Less, 7, OperatorInfo::None},
    {"<=", NodeKind::Binary, Op::LessOrEqual, 7, OperatorInfo::None},
    {">", NodeKind::Binary, Op::Greater, 7, OperatorInfo::None},
    {">=", NodeKind::Binary, Op::GreaterOrEqual, 7, OperatorInfo::None},
    {"+", NodeKind::Binary, Op::Add, 8, OperatorInfo::Left},
    {"-", NodeKind::Binary, Op::Subtract, 8, OperatorInfo::Left},
    {"*", NodeKind::Binary, Op::Multiply, 9, OperatorInfo::Left},
    {"/", NodeKind::Binary, Op::Divide, 9, OperatorInfo::Left},
    {"%", NodeKind::Binary, Op::Modulo, 9, OperatorInfo::Left},
};
constexpr int kLowestOperator = 3;

inline std::unique_ptr<Node> make(NodeKind kind, std::string name = {}) {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->name = std::move(name);
    return node;
}

template <class... Children>
std::unique_ptr<Node> make_of(NodeKind kind, Children... children) {
    auto node = make(kind);
    (node->children.push_back(std::move(children)), ...);
    return node;
}

inline NodePtr literal(Value value) {
    auto node = make(NodeKind::Literal);
    node->value = std::move(value);
    return node;
}

}  // namespace sluice::expr::jq
