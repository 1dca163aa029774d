#include <charconv>

#include "expr/builtin.h"
#include "expr/parser.h"

namespace sluice::expr {
namespace {

// Binary chains grow the tree without deepening the parser; evaluation and destruction recurse into them.
constexpr int kHighestTree = 600;
constexpr int kUnaryPrecedence = 500;
constexpr int kNotBinary = -1;

int precedence_of(Operator op) {
    switch (op) {
        case Operator::Range:
        case Operator::Coalesce:
        case Operator::CoalesceUndefined:
        case Operator::IsIn:
            return 120;
        case Operator::Concatenate:
            return 110;
        case Operator::Filter:
            return 100;
        case Operator::Multiply:
        case Operator::Divide:
        case Operator::Modulo:
            return 60;
        case Operator::Plus:
        case Operator::Minus:
            return 40;
        case Operator::Equal:
        case Operator::NotEqual:
        case Operator::Less:
        case Operator::Greater:
        case Operator::LessOrEqual:
        case Operator::GreaterOrEqual:
            return 30;
        case Operator::Is:
        case Operator::IsNot:
        case Operator::Contains:
            return 20;
        case Operator::And:
            return 15;
        case Operator::Or:
            return 10;
        case Operator::Not:
            return kNotBinary;
    }
    return kNotBinary;
}

bool is_prefix(const Token& token) {
    return token.is_operator(Operator::Not) || token.is_operator(Operator::Minus) || token.is_operator(Operator::Plus);
}

std::string shown(const Token& token) {
    switch (token.kind) {
        case TokenKind::End:
            return "the end of the text";
        case TokenKind::PrintClose:
            return "'}}'";
        case TokenKind::TagClose:
            return "'%}'";
        case TokenKind::InterpolatedClose:
            return "'}'";
        case TokenKind::InterpolationOpen:
        case TokenKind::String:
            return "a string";
        default:
            return "'" + token.text + "'";
    }
}

}  // namespace

bool is_constant(std::string_view name) {
    return name == "true" || name == "false" || name == "null" || name == "none" || name == "TRUE" || name == "FALSE" ||
           name == "NULL" || name == "NONE";
}

bool Parser::take_if(char punctuation) {
    if (!peek().is_punctuation(punctuation)) return false;
    take();
    return true;
}

void Parser::expect(char punctuation, std::string_view after) {
    if (!take_if(punctuation)) unexpected(fmt::format("'{}' after {}", punctuation, after));
}

const Token& Parser::expect_name(std::string_view what) {
    if (peek().kind != TokenKind::Name) unexpected(what);
    return take();
}

void Parser::unexpected(std::string_view expected) const {
    throw syntax_error(peek().position, "expected {}, found {}", expected, shown(peek()));
}

template <class Node>
ExpressionPtr Parser::finished(std::unique_ptr<Node> node, int height_below) const {
    node->height = height_below + 1;
    if (node->height > kHighestTree) {
        throw syntax_error(node->position, "the expression has more than {} parts on one chain", kHighestTree);
    }
    return node;
}

ExpressionPtr Parser::expression() {
    return climb(0);
}

ExpressionPtr Parser::climb(int lowest) {
    const Deeper deeper(*this);
    ExpressionPtr left = operand();
    while (peek().kind == TokenKind::Operator && precedence_of(peek().op) >= lowest &&
           precedence_of(peek().op) != kNotBinary) {
        const Token& op = take();
        left = binary(std::move(left), op, precedence_of(op.op));
    }
    if (lowest == 0 && peek().is_punctuation('?')) return conditional(std::move(left));
    return left;
}

ExpressionPtr Parser::operand() {
    const Token& token = peek();
    if (is_prefix(token)) {
        auto node = std::make_unique<Unary>(take().position);
        node->op = token.op;
        node->operand = climb(kUnaryPrecedence);
        const int height = node->operand->height;
        return finished(std::move(node), height);
    }
    if (take_if('(')) {
        ExpressionPtr inner = expression();
        expect(')', "the expression");
        return postfixes(std::move(inner));
    }
    if (token.is_punctuation('[')) return list_literal();
    if (token.is_punctuation('{')) return map_literal();
    return postfixes(primary());
}

ExpressionPtr Parser::binary(ExpressionPtr left, const Token& op, int precedence) {
    if (op.op == Operator::Filter) {
        const int below = left->height;
        auto node = filter_call(std::move(left));
        const int height = std::max(below, node->height);
        return finished(std::move(node), height);
    }
    if (op.op == Operator::Is || op.op == Operator::IsNot) {
        return test_call(std::move(left), op.op == Operator::IsNot, op.position);
    }
    auto node = std::make_unique<Binary>(op.position);
    node->op = op.op;
    node->right = climb(precedence + 1);
    node->left = std::move(left);
    const int height = std::max(node->left->height, node->right->height);
    return finished(std::move(node), height);
}

ExpressionPtr Parser::conditional(ExpressionPtr condition) {
    auto node = std::make_unique<Conditional>(take().position);
    node->condition = std::move(condition);
    node->yes = expression();
    expect(':', "the value for true");
    node->no = expression();
    const int height = std::max({node->condition->height, node->yes->height, node->no->height});
    return finished(std::move(node), height);
}

ExpressionPtr Parser::primary() {
    const Token& token = peek();
    switch (token.kind) {
        case TokenKind::Integer:
            return integer(take());
        case TokenKind::Decimal: {
            double number = 0;
            std::from_chars(token.text.data(), token.text.data() + token.text.size(), number);
            return literal(take(), Value(number));
        }
        case TokenKind::String:
            return literal(take(), Value(token.text));
        case TokenKind::InterpolationOpen:
            return interpolation();
        case TokenKind::Name:
            return name_or_call(take());
        default:
            unexpected("an expression");
    }
}

ExpressionPtr Parser::literal(const Token& token, Value value) {
    auto node = std::make_unique<Literal>(token.position);
    node->value = std::move(value);
    return node;
}

ExpressionPtr Parser::integer(const Token& token) {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(token.text.data(), token.text.data() + token.text.size(), number);
    if (failed != std::errc{}) throw syntax_error(token.position, "the number {} does not fit 64 bits", token.text);
    return literal(token, Value(number));
}

ExpressionPtr Parser::name_or_call(const Token& token) {
    if (peek().is_punctuation('(')) {
        auto call = std::make_unique<FunctionCall>(token.position);
        call->name = token.text;
        call->function = find_builtin(BuiltinKind::Function, token.text);
        call->arguments = arguments();
        const int below = height(call->arguments);
        return finished(std::move(call), below);
    }
    if (is_constant(token.text)) {
        const bool is_null = token.text.size() == 4 && (token.text[0] == 'n' || token.text[0] == 'N');
        if (is_null) return literal(token, Value());
        return literal(token, Value(token.text == "true" || token.text == "TRUE"));
    }
    auto node = std::make_unique<Name>(token.position);
    node->name = token.text;
    return node;
}

ExpressionPtr Parser::postfixes(ExpressionPtr of) {
    while (true) {
        if (take_if('.'))
            of = attribute(std::move(of));
        else if (take_if('['))
            of = index(std::move(of));
        else
            return of;
    }
}

ExpressionPtr Parser::attribute(ExpressionPtr of) {
    const Token& name = expect_name("a name after '.'");
    int below = of->height;
    if (!take_if('(')) {
        auto node = std::make_unique<Attribute>(name.position);
        node->of = std::move(of);
        node->name = name.text;
        return finished(std::move(node), below);
    }
    auto call = std::make_unique<MethodCall>(name.position);
    call->of = std::move(of);
    call->name = name.text;
    if (!take_if(')')) {
        do {
            call->arguments.push_back(expression());
            below = std::max(below, call->arguments.back()->height);
        } while (take_if(','));
        expect(')', "the arguments");
    }
    return finished(std::move(call), below);
}

ExpressionPtr Parser::index(ExpressionPtr of) {
    ExpressionPtr key = expression();
    const std::uint32_t at = peek().position;
    expect(']', "the key");
    const int below = std::max(of->height, key->height);
    const auto* constant = key->kind == ExpressionKind::Literal ? static_cast<const Literal*>(key.get()) : nullptr;
    if (constant != nullptr && constant->value.is_string()) {
        auto node = std::make_unique<Attribute>(at);
        node->of = std::move(of);
        node->name = constant->value.as_string();
        return finished(std::move(node), below);
    }
    auto node = std::make_unique<Index>(at);
    node->of = std::move(of);
    node->key = std::move(key);
    return finished(std::move(node), below);
}

ExpressionPtr Parser::list_literal() {
    auto node = std::make_unique<ListLiteral>(take().position);
    int below = 0;
    if (!take_if(']')) {
        do {
            node->items.push_back(expression());
            below = std::max(below, node->items.back()->height);
        } while (take_if(','));
        expect(']', "the list");
    }
    return finished(std::move(node), below);
}

ExpressionPtr Parser::map_literal() {
    auto node = std::make_unique<MapLiteral>(take().position);
    int below = 0;
    if (!take_if('}')) {
        do {
            ExpressionPtr key = expression();
            expect(':', "the key");
            ExpressionPtr value = expression();
            below = std::max({below, key->height, value->height});
            node->entries.emplace_back(std::move(key), std::move(value));
        } while (take_if(','));
        expect('}', "the map");
    }
    return finished(std::move(node), below);
}

ExpressionPtr Parser::interpolation() {
    auto node = std::make_unique<Interpolation>(take().position);
    int below = 0;
    while (peek().kind != TokenKind::InterpolationClose) {
        if (peek().kind == TokenKind::InterpolationText) {
            const Token& text = take();
            node->parts.push_back(literal(text, Value(text.text)));
            continue;
        }
        take();  // #{
        node->parts.push_back(expression());
        below = std::max(below, node->parts.back()->height);
        if (peek().kind != TokenKind::InterpolatedClose) unexpected("'}'");
        take();
    }
    take();
    if (node->parts.size() == 1) return std::move(node->parts.front());
    return finished(std::move(node), below);
}

ExpressionPtr Parser::test_call(ExpressionPtr operand, bool is_negated, std::uint32_t at) {
    auto node = std::make_unique<TestCall>(at);
    node->name = expect_name("the name of a test").text;
    node->test = find_builtin(BuiltinKind::Test, node->name);
    node->is_negated = is_negated;
    if (peek().is_punctuation('(')) node->arguments = arguments();
    const int below = std::max(operand->height, height(node->arguments));
    node->operand = std::move(operand);
    return finished(std::move(node), below);
}

std::unique_ptr<FilterCall> Parser::filter_call(ExpressionPtr input) {
    const Token& name = expect_name("the name of a filter");
    auto node = std::make_unique<FilterCall>(name.position);
    node->name = name.text;
    node->filter = find_builtin(BuiltinKind::Filter, name.text);
    node->input = std::move(input);
    if (peek().is_punctuation('(')) node->arguments = arguments();
    node->height = height(node->arguments);
    return node;
}

Arguments Parser::arguments() {
    Arguments out;
    take();  // (
    if (take_if(')')) return out;
    do {
        const bool is_named = peek().kind == TokenKind::Name && tokens_[next_ + 1].is_punctuation('=');
        if (is_named) {
            std::string name = take().text;
            take();  // =
            out.named.emplace_back(std::move(name), expression());
        } else if (!out.named.empty()) {
            unexpected("a named argument: positional ones come first");
        } else {
            out.positional.push_back(expression());
        }
    } while (take_if(','));
    expect(')', "the arguments");
    return out;
}

int Parser::height(const Arguments& arguments) const {
    int highest = 0;
    for (const auto& argument : arguments.positional) highest = std::max(highest, argument->height);
    for (const auto& [name, argument] : arguments.named) highest = std::max(highest, argument->height);
    return highest;
}

}  // namespace sluice::expr
