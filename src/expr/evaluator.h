#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "expr/ast.h"
#include "expr/output.h"
#include "expr/scopes.h"
#include "expr/session.h"

namespace sluice::expr {

class Call;

/// Renders one program. Macros and texts rendered inside get an evaluator of their own.
/// Throws  Failure
class Evaluator {
  public:
    Evaluator(const Program& program, Scopes scopes, Session& session)
        : program_(program), scopes_(std::move(scopes)), session_(session) {}

    void run(Output& output) { execute(program_.body, output); }

    Session& session() { return session_; }
    const Scopes& scopes() const { return scopes_; }

    /// For functions that look up a variable of the execution by themselves; null when it is not there.
    Value variable(std::string_view name);
    /// The block rendered again, with Java's texts; empty when there is none of this name
    std::string block_text(std::string_view name);

  private:
    // ---- statements.cpp ----

    void execute(const Body& body, Output& output);
    void execute(const If& node, Output& output);
    void execute(const For& node, Output& output);
    void execute(const FilterTag& node, Output& output);
    bool holds(const Expression& condition);
    void iterate(const For& node, const Value& items, Output& output);

    // ---- evaluator.cpp ----

    Value evaluate(const Expression& node);
    Value evaluate_inner(const Expression& node);
    Value interpolated(const Interpolation& node);
    Value list(const ListLiteral& node);
    Value map(const MapLiteral& node);
    Value unary(const Unary& node);
    Value binary(const Binary& node);
    Value coalesced(const Binary& node);
    Value logical(const Binary& node);
    Value compared(const Binary& node);
    Value calculated(const Binary& node);
    Value conditional(const Conditional& node);

    // ---- lookup.cpp ----

    /// What is missing, where a name leads nowhere.
    struct Miss {
        std::string_view name{};
        std::uint32_t position = 0;
    };
    /// The value without a copy where that is possible: it lives in the context, in a scope, or in `hold`.
    /// Null: the name, key or index is missing.
    const Value* find(const Expression& node, Value& hold, Miss& miss);
    const Value* find_name(const Name& node, Value& hold);
    const Value* open_sealed(const std::string& text, const Expression& node, Value& hold);
    const Value* find_member(const Value& of, const Attribute& node, Value& hold, Miss& miss);
    const Value* find_at(const Value& of, const Index& node, Value& hold, Miss& miss);
    const Value* find_by_number(const Map& map, const Value& key);
    /// The same for any expression; what is missing inside of it counts as missing.
    const Value* find_or_rescue(const Expression& node, Value& hold);
    /// Wants it to be there.
    const Value& look(const Expression& node, Value& hold);
    Value method(const MethodCall& node);

    // ---- calls.cpp ----

    Value filtered(const FilterCall& node);
    Value filtered(const FilterCall& node, Value input);
    Value called(const FunctionCall& node);
    Value tested(const TestCall& node);
    Value macro_result(const Macro& macro, const FunctionCall& node);
    void evaluate_arguments(const Arguments& arguments, Call& call);
    Value run(Call& call, const Builtin& builtin, std::uint32_t position);

    /// What was made must not be too big or too deep.
    Value checked(Value made);
    static Failure miss_failure(const Miss& miss);

    const Program& program_;
    Scopes scopes_;
    Session& session_;
};

}  // namespace sluice::expr
