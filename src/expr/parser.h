#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "expr/ast.h"
#include "expr/lexer.h"

namespace sluice::expr {

/// Builds the tree of a template. One parser parses one text.
/// Throws  Failure: a syntax error, or a duplicate macro
class Parser {
  public:
    explicit Parser(Program& program);
    void run();

  private:
    // ---- parser_tags.cpp ----

    /// Until a tag whose name is one of `ends` (not consumed beyond its name), or the end of the text.
    Body body(std::initializer_list<std::string_view> ends, std::string_view opener, std::uint32_t opened_at);
    StatementPtr print();
    StatementPtr tag(const Token& name);
    StatementPtr if_tag(std::uint32_t at);
    StatementPtr for_tag(std::uint32_t at);
    StatementPtr set_tag(std::uint32_t at);
    StatementPtr block_tag(std::uint32_t at);
    StatementPtr filter_tag(std::uint32_t at);
    void macro_tag(std::uint32_t at);
    Macro::Parameter macro_parameter();
    void tag_close();
    std::string assignable_name(std::string_view what);

    // ---- parser_expressions.cpp ----

    ExpressionPtr expression();
    ExpressionPtr climb(int lowest);
    ExpressionPtr operand();
    ExpressionPtr primary();
    ExpressionPtr postfixes(ExpressionPtr of);
    ExpressionPtr attribute(ExpressionPtr of);
    ExpressionPtr index(ExpressionPtr of);
    ExpressionPtr binary(ExpressionPtr left, const Token& op, int precedence);
    ExpressionPtr conditional(ExpressionPtr condition);
    ExpressionPtr list_literal();
    ExpressionPtr map_literal();
    ExpressionPtr interpolation();
    ExpressionPtr literal(const Token& token, Value value);
    ExpressionPtr integer(const Token& token);
    ExpressionPtr name_or_call(const Token& token);
    ExpressionPtr test_call(ExpressionPtr operand, bool is_negated, std::uint32_t at);
    std::unique_ptr<FilterCall> filter_call(ExpressionPtr input);
    Arguments arguments();
    int height(const Arguments& arguments) const;
    template <class Node>
    ExpressionPtr finished(std::unique_ptr<Node> node, int height_below) const;

    // ---- tokens ----

    const Token& peek() const { return tokens_[next_]; }
    const Token& take() { return tokens_[next_ < tokens_.size() - 1 ? next_++ : next_]; }
    bool take_if(char punctuation);
    void expect(char punctuation, std::string_view after);
    const Token& expect_name(std::string_view what);
    [[noreturn]] void unexpected(std::string_view expected) const;

    /// Counts how deep the parser is in itself.
    class Deeper {
      public:
        explicit Deeper(Parser& parser);
        ~Deeper() { --parser_.depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;

      private:
        Parser& parser_;
    };

    Program& program_;
    std::vector<Token> tokens_;
    std::size_t next_ = 0;
    int depth_ = 0;
};

/// Whether the name is one of true, false, null and none, in lower or upper case, which nothing else may be called.
bool is_constant(std::string_view name);

}  // namespace sluice::expr
