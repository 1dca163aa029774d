#include <algorithm>

#include "expr/parser.h"

namespace sluice::expr {
namespace {

constexpr int kDeepest = 150;
constexpr std::string_view kTags[] = {"if", "for", "set", "macro", "block", "filter", "verbatim"};

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Parser::Parser(Program& program) : program_(program), tokens_(tokens_of(program.parsed_text())) {}

Parser::Deeper::Deeper(Parser& parser) : parser_(parser) {
    if (++parser_.depth_ <= kDeepest) return;
    --parser_.depth_;
    throw syntax_error(parser_.peek().position, "the expression is nested deeper than {} levels", kDeepest);
}

void Parser::run() {
    program_.body = body({}, "", 0);
}

Body Parser::body(std::initializer_list<std::string_view> ends, std::string_view opener, std::uint32_t opened_at) {
    const Deeper deeper(*this);
    Body out;
    while (true) {
        const Token& token = take();
        if (token.kind == TokenKind::Text) {
            auto text = std::make_unique<Text>(token.position);
            text->text = token.text;
            out.push_back(std::move(text));
        } else if (token.kind == TokenKind::PrintOpen) {
            out.push_back(print());
        } else if (token.kind == TokenKind::TagOpen) {
            const Token& name = expect_name("the name of a tag");
            if (is_one_of(name.text, ends)) {
                --next_;
                return out;
            }
            if (StatementPtr statement = tag(name)) out.push_back(std::move(statement));
        } else {
            if (ends.size() == 0) return out;
            throw syntax_error(opened_at, "'{}' is not closed: expected '{{% {} %}}'", opener, *(ends.end() - 1));
        }
    }
}

StatementPtr Parser::print() {
    auto node = std::make_unique<Print>(peek().position);
    node->expression = expression();
    if (peek().kind != TokenKind::PrintClose) unexpected("'}}'");
    take();
    return node;
}

StatementPtr Parser::tag(const Token& name) {
    const std::uint32_t at = name.position;
    if (name.text == "if") return if_tag(at);
    if (name.text == "for") return for_tag(at);
    if (name.text == "set") return set_tag(at);
    if (name.text == "block") return block_tag(at);
    if (name.text == "filter") return filter_tag(at);
    if (name.text == "macro") {
        macro_tag(at);
        return nullptr;
    }
    throw syntax_error(at, "there is no tag '{}' here; the tags are {}", name.text, fmt::join(kTags, ", "));
}

void Parser::tag_close() {
    if (peek().kind != TokenKind::TagClose) unexpected("'%}'");
    take();
}

StatementPtr Parser::if_tag(std::uint32_t at) {
    auto node = std::make_unique<If>(at);
    while (true) {
        If::Branch branch;
        branch.condition = expression();
        tag_close();
        branch.body = body({"elseif", "else", "endif"}, "if", at);
        node->branches.push_back(std::move(branch));
        const Token& next = take();
        if (next.text == "elseif") continue;
        tag_close();
        if (next.text == "else") {
            node->otherwise = body({"endif"}, "if", at);
            take();
            tag_close();
        }
        return node;
    }
}

StatementPtr Parser::for_tag(std::uint32_t at) {
    auto node = std::make_unique<For>(at);
    node->variable = assignable_name("the loop variable");
    if (!peek().is_name("in")) unexpected("'in'");
    take();
    node->items = expression();
    tag_close();
    node->body = body({"else", "endfor"}, "for", at);
    if (take().text == "else") {
        tag_close();
        node->otherwise = body({"endfor"}, "for", at);
        take();
    }
    tag_close();
    return node;
}

StatementPtr Parser::set_tag(std::uint32_t at) {
    auto node = std::make_unique<Set>(at);
    node->name = assignable_name("the variable to set");
    expect('=', "the name");
    node->value = expression();
    tag_close();
    return node;
}

StatementPtr Parser::block_tag(std::uint32_t at) {
    auto node = std::make_unique<Block>(at);
    const Token& name = take();
    if (name.kind != TokenKind::Name && name.kind != TokenKind::String) {
        throw syntax_error(name.position, "expected the name of the block");
    }
    node->name = name.text;
    tag_close();
    node->body = body({"endblock"}, "block", at);
    take();
    if (peek().kind == TokenKind::Name || peek().kind == TokenKind::String) take();
    tag_close();
    program_.blocks[node->name] = node.get();
    return node;
}

StatementPtr Parser::filter_tag(std::uint32_t at) {
    auto node = std::make_unique<FilterTag>(at);
    node->filters.push_back(filter_call(nullptr));
    while (peek().is_operator(Operator::Filter)) {
        take();
        node->filters.push_back(filter_call(nullptr));
    }
    tag_close();
    node->body = body({"endfilter"}, "filter", at);
    take();
    tag_close();
    return node;
}

void Parser::macro_tag(std::uint32_t at) {
    Macro macro;
    macro.name = expect_name("the name of the macro").text;
    expect('(', "the name of the macro");
    if (!take_if(')')) {
        do macro.parameters.push_back(macro_parameter());
        while (take_if(','));
        expect(')', "the parameters");
    }
    tag_close();
    macro.body = body({"endmacro"}, "macro", at);
    take();
    tag_close();
    const std::string name = macro.name;
    if (!program_.macros.emplace(name, std::move(macro)).second) {
        throw Failure(FailureKind::DuplicateMacro, fmt::format("there is more than one macro '{}'", name), at);
    }
}

Macro::Parameter Parser::macro_parameter() {
    Macro::Parameter parameter;
    parameter.name = assignable_name("the name of a parameter");
    if (take_if('=')) parameter.value = expression();
    return parameter;
}

std::string Parser::assignable_name(std::string_view what) {
    const Token& name = expect_name(what);
    if (is_constant(name.text))
        throw syntax_error(name.position, "'{}' is a constant and cannot be assigned", name.text);
    return name.text;
}

}  // namespace sluice::expr
