#pragma once
#include <string_view>
#include <utility>
#include <vector>

#include "value/value.h"

namespace sluice::expr {

/// The names that a render sees: those of loops, macros and `set`, and below them the context, which is only read.
class Scopes {
  public:
    explicit Scopes(const Value& context) : context_(&context) { frames_.emplace_back(); }

    /// A name in a frame, from the innermost outwards. A macro sees its own names only. Null: it is none of these.
    const Value* find_local(std::string_view name) const;
    const Value& context() const { return *context_; }
    bool sees_context() const { return !is_in_macro_; }

    /// In the nearest frame that has the name; else where the context has it, in the outermost one; else in this one.
    void assign(std::string_view name, Value value);
    /// In this frame, whatever others have
    void declare(std::string_view name, Value value);

    void push() { frames_.emplace_back(); }
    void pop() { frames_.pop_back(); }

    /// The names of a macro's call: nothing else is visible.
    Scopes for_macro() const;
    /// What a text sees that is rendered from inside this one: everything but the arguments of macros.
    Scopes for_text() const;
    /// All that for_text() sees, as a map
    Map globals() const;

  private:
    // The names live in the templates, which outlive the scopes.
    using Frame = std::vector<std::pair<std::string_view, Value>>;
    static const Value* find_in(const Frame& frame, std::string_view name);

    const Value* context_;
    std::vector<Frame> frames_{};
    const Scopes* around_macro_ = nullptr;  // the scopes that the macro was called from
    bool is_in_macro_ = false;
};

}  // namespace sluice::expr
