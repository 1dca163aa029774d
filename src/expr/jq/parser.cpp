#include "expr/jq/parser.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "expr/failure.h"
#include "expr/jq/grammar.h"
#include "expr/jq/token_reader.h"

namespace sluice::expr::jq {
namespace {

constexpr int kLongestChain = 500;

constexpr std::string_view kKeywords[] = {"def",    "if",      "then",    "elif", "else",   "end",
                                          "as",     "reduce",  "foreach", "try",  "catch",  "label",
                                          "import", "include", "and",     "or",   "__loc__"};

bool is_keyword(std::string_view name) {
    return std::find(std::begin(kKeywords), std::end(kKeywords), name) != std::end(kKeywords);
}

class Parser : private TokenReader {
  public:
    explicit Parser(std::string_view text) : TokenReader(text) {}

    NodePtr program() {
        NodePtr body = peek().kind == TokenKind::End ? make(NodeKind::Identity) : pipe();
        if (peek().kind != TokenKind::End) refuse("the end");
        return body;
    }

    std::vector<std::shared_ptr<const Function>> definitions() {
        std::vector<std::shared_ptr<const Function>> out;
        while (peek().kind != TokenKind::End) out.push_back(definition());
        return out;
    }

  private:
    // ---- expressions ----

    NodePtr pipe() {
        const Deeper deeper(*this);
        if (is_word("def")) {
            auto node = make(NodeKind::Define);
            node->function = definition();
            node->children.push_back(pipe());
            return node;
        }
        if (take_word("label")) {
            auto node = make(NodeKind::Label, expect(TokenKind::Variable, "the name of the label"));
            expect_symbol("|");
            node->children.push_back(pipe());
            return node;
        }
        NodePtr left = comma();
        if (take_symbol("|")) return make_of(NodeKind::Pipe, std::move(left), pipe());
        return left;
    }

    NodePtr comma() {
        NodePtr left = operators(kLowestOperator);
        for (int length = 0; take_symbol(","); ++length) {
            if (length > kLongestChain) refuse("a shorter program");
            left = make_of(NodeKind::Comma, std::move(left), operators(kLowestOperator));
        }
        return left;
    }

    const OperatorInfo* operator_here() const {
        if (peek().kind != TokenKind::Symbol && peek().kind != TokenKind::Name) return nullptr;
        for (const OperatorInfo& info : kOperators) {
            if (info.text == peek().text) return &info;
        }
        return nullptr;
    }

    NodePtr operators(int lowest) {
        const Deeper deeper(*this);
        NodePtr left = unary();
        int length = 0;
        while (const OperatorInfo* info = operator_here()) {
            if (info->precedence < lowest) break;
            if (++length > kLongestChain) refuse("a shorter program");
            take();
            NodePtr right =
                operators(info->associates == OperatorInfo::Right ? info->precedence : info->precedence + 1);
            auto node = make_of(info->kind, std::move(left), std::move(right));
            node->op = info->op;
            left = std::move(node);
            const OperatorInfo* next = operator_here();
            const bool repeats =
                next != nullptr && info->associates == OperatorInfo::None && next->precedence == info->precedence;
            if (repeats) refuse("something else behind a comparison or an assignment");
        }
        return left;
    }

    NodePtr unary() {
        if (take_symbol("-")) return make_of(NodeKind::Negate, unary());
        NodePtr value = postfix();
        if (!take_word("as")) return value;
        auto node = make(NodeKind::Bind);
        node->pattern = pattern();
        expect_symbol("|");
        node->children.push_back(std::move(value));
        node->children.push_back(pipe());
        return node;
    }

    NodePtr postfix() {
        const Deeper deeper(*this);
        NodePtr node = term();
        while (true) {
            if (peek().kind == TokenKind::Field) {
                node = make_of(NodeKind::Index, std::move(node), literal(Value(take().text)));
            } else if (is_symbol(".") && peek(1).kind == TokenKind::TextOpen) {
                take();
                node = make_of(NodeKind::Index, std::move(node), text("text"));
            } else if (is_symbol(".") && peek(1).kind == TokenKind::Symbol && peek(1).text == "[") {
                take();
            } else if (take_symbol("[")) {
                node = brackets(std::move(node));
            } else if (take_symbol("?")) {
                node = make_of(NodeKind::Try, std::move(node), NodePtr());
            } else {
                return node;
            }
        }
    }

    /// Behind the opening bracket
    NodePtr brackets(NodePtr of) {
        if (take_symbol("]")) return make_of(NodeKind::Iterate, std::move(of));
        if (take_symbol(":")) {
            NodePtr to = pipe();
            expect_symbol("]");
            return make_of(NodeKind::Slice, std::move(of), NodePtr(), std::move(to));
        }
        NodePtr key = pipe();
        if (take_symbol("]")) return make_of(NodeKind::Index, std::move(of), std::move(key));
        expect_symbol(":");
        NodePtr to = is_symbol("]") ? NodePtr() : pipe();
        expect_symbol("]");
        return make_of(NodeKind::Slice, std::move(of), std::move(key), std::move(to));
    }

    NodePtr term() {
        switch (peek().kind) {
            case TokenKind::Number:
                return number(take().text);
            case TokenKind::TextOpen:
                return text("text");
            case TokenKind::Field:
                return make_of(NodeKind::Index, NodePtr(make(NodeKind::Identity)), literal(Value(take().text)));
            case TokenKind::Variable:
                return make(NodeKind::Variable, take().text);
            case TokenKind::Format: {
                const std::string name = take().text;
                return peek().kind == TokenKind::TextOpen ? text(name) : NodePtr(make(NodeKind::Format, name));
            }
            case TokenKind::Name:
                return word();
            default:
                return symbol();
        }
    }

    NodePtr symbol() {
        if (take_symbol("..")) return make(NodeKind::RecurseAll);
        if (take_symbol(".")) {
            if (peek().kind != TokenKind::TextOpen) return make(NodeKind::Identity);
            return make_of(NodeKind::Index, NodePtr(make(NodeKind::Identity)), text("text"));
        }
        if (take_symbol("(")) {
            NodePtr inner = pipe();
            expect_symbol(")");
            return inner;
        }
        if (take_symbol("[")) {
            auto node = make(NodeKind::List);
            if (take_symbol("]")) return node;
            node->children.push_back(pipe());
            expect_symbol("]");
            return node;
        }
        if (take_symbol("{")) return map();
        refuse("an expression");
    }

    NodePtr word() {
        if (take_word("if")) return condition();
        if (take_word("try")) {
            NodePtr body = postfix();
            NodePtr handler = take_word("catch") ? postfix() : NodePtr();
            return make_of(NodeKind::Try, std::move(body), std::move(handler));
        }
        if (take_word("reduce")) return loop(NodeKind::Reduce);
        if (take_word("foreach")) return loop(NodeKind::Foreach);
        if (take_word("break")) return make(NodeKind::Break, expect(TokenKind::Variable, "the name of a label"));
        if (is_keyword(peek().text)) refuse("an expression");
        if (take_word("null")) return literal(Value());
        if (is_word("true") || is_word("false")) return literal(Value(take().text == "true"));
        auto node = make(NodeKind::Call, take().text);
        if (!take_symbol("(")) return node;
        do node->children.push_back(pipe());
        while (take_symbol(";"));
        expect_symbol(")");
        return node;
    }

    NodePtr condition() {
        auto node = make(NodeKind::If);
        do {
            node->children.push_back(pipe());
            expect_word("then");
            node->children.push_back(pipe());
        } while (take_word("elif"));
        node->children.push_back(take_word("else") ? pipe() : NodePtr(make(NodeKind::Identity)));
        expect_word("end");
        return node;
    }

    NodePtr loop(NodeKind kind) {
        auto node = make(kind);
        node->children.push_back(postfix());
        expect_word("as");
        node->pattern = pattern();
        expect_symbol("(");
        node->children.push_back(pipe());
        expect_symbol(";");
        node->children.push_back(pipe());
        if (kind == NodeKind::Foreach) node->children.push_back(take_symbol(";") ? pipe() : NodePtr());
        expect_symbol(")");
        return node;
    }

    NodePtr number(const std::string& digits) const {
        std::int64_t integer = 0;
        const char* end = digits.data() + digits.size();
        const auto [stop, failed] = std::from_chars(digits.data(), end, integer);
        if (failed == std::errc{} && stop == end) {
            const bool is_small = integer <= INT32_MAX;
            return literal(is_small ? Value(static_cast<std::int32_t>(integer)) : Value(integer));
        }
        char* parsed_to = nullptr;
        const double decimal = std::strtod(digits.c_str(), &parsed_to);
        if (*parsed_to != '\0') refuse("a number");
        return literal(Value(decimal));
    }

    NodePtr text(const std::string& format) {
        expect(TokenKind::TextOpen, "a text");
        auto node = make(NodeKind::Text, format);
        while (peek().kind != TokenKind::TextClose) {
            if (peek().kind == TokenKind::TextPart) {
                node->children.push_back(literal(Value(take().text)));
                continue;
            }
            expect(TokenKind::TextEnter, "a text");
            // What is put in is marked, because only that is escaped by a format.
            node->children.push_back(make_of(NodeKind::Pipe, NodePtr(make(NodeKind::Identity)), pipe()));
            expect(TokenKind::TextLeave, "')'");
        }
        take();
        if (node->children.empty()) return literal(Value(""));
        const bool is_plain = node->children.size() == 1 && node->children[0]->kind == NodeKind::Literal;
        if (is_plain) return literal(node->children[0]->value);
        return node;
    }

    // ---- maps and patterns ----

    NodePtr map() {
        auto node = make(NodeKind::Map);
        if (take_symbol("}")) return node;
        do node->entries.push_back(entry());
        while (take_symbol(","));
        expect_symbol("}");
        return node;
    }

    std::pair<NodePtr, NodePtr> entry() {
        if (peek().kind == TokenKind::Variable) {
            const std::string name = take().text;
            if (!take_symbol(":")) return {literal(Value(name)), make(NodeKind::Variable, name)};
            return {make(NodeKind::Variable, name), map_value()};
        }
        NodePtr key = map_key();
        if (take_symbol(":")) return {std::move(key), map_value()};
        // {name} and {"name"} take the value of that name.
        if (key->kind != NodeKind::Literal) refuse("':'");
        NodePtr value = make_of(NodeKind::Index, NodePtr(make(NodeKind::Identity)), literal(key->value));
        return {std::move(key), std::move(value)};
    }

    NodePtr map_key() {
        if (peek().kind == TokenKind::Name) return literal(Value(take().text));
        if (peek().kind == TokenKind::Number) return literal(Value(take().text));
        if (peek().kind == TokenKind::TextOpen) return text("text");
        if (peek().kind == TokenKind::Format) {
            const std::string format = take().text;
            return text(format);
        }
        if (!take_symbol("(")) refuse("a key");
        NodePtr key = pipe();
        expect_symbol(")");
        return key;
    }

    /// No comma, and no operator but the pipe
    NodePtr map_value() {
        NodePtr left = take_symbol("-") ? NodePtr(make_of(NodeKind::Negate, postfix())) : operators(kLowestOperator);
        if (take_symbol("|")) return make_of(NodeKind::Pipe, std::move(left), map_value());
        return left;
    }

    PatternPtr pattern() {
        const Deeper deeper(*this);
        auto out = std::make_unique<Pattern>();
        if (peek().kind == TokenKind::Variable) {
            out->name = take().text;
        } else if (take_symbol("[")) {
            out->kind = Pattern::Kind::List;
            do out->items.push_back(pattern());
            while (take_symbol(","));
            expect_symbol("]");
        } else if (take_symbol("{")) {
            out->kind = Pattern::Kind::Map;
            do out->entries.push_back(pattern_entry());
            while (take_symbol(","));
            expect_symbol("}");
        } else {
            refuse("a variable or a pattern");
        }
        return out;
    }

    Pattern::Entry pattern_entry() {
        Pattern::Entry entry;
        if (peek().kind == TokenKind::Variable) {
            entry.variable = take().text;
            entry.key = literal(Value(entry.variable));
            if (take_symbol(":")) entry.pattern = pattern();
            return entry;
        }
        entry.key = map_key();
        expect_symbol(":");
        entry.pattern = pattern();
        return entry;
    }

    std::shared_ptr<const Function> definition() {
        expect_word("def");
        auto function = std::make_shared<Function>();
        function->name = expect(TokenKind::Name, "the name of a function");
        if (take_symbol("(")) {
            do {
                const bool is_value = peek().kind == TokenKind::Variable;
                function->parameters.push_back(
                    {expect(is_value ? TokenKind::Variable : TokenKind::Name, "a parameter"), is_value});
            } while (take_symbol(";"));
            expect_symbol(")");
        }
        expect_symbol(":");
        function->body = pipe();
        expect_symbol(";");
        return function;
    }
};

}  // namespace

std::shared_ptr<const Program> parse(std::string_view text) {
    auto program = std::make_shared<Program>();
    program->body = Parser(text).program();
    return program;
}

std::vector<std::shared_ptr<const Function>> parse_definitions(std::string_view text) {
    return Parser(text).definitions();
}

}  // namespace sluice::expr::jq
