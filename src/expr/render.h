#pragma once
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "expr/environment.h"
#include "expr/template.h"
#include "value/value.h"

namespace sluice::expr {

/// What one render may use, with all that render() starts inside it. Going beyond is an error of the kind
/// "render limit".
struct Limits {
    std::size_t text_bytes = 32 * 1024 * 1024;   // of the result, and of any text made on the way
    std::size_t made_bytes = 512 * 1024 * 1024;  // of all texts and lists made on the way together
    std::size_t list_items = 1'000'000;
    std::int64_t steps = 20'000'000;
    int depth = 1'000;  // of evaluations inside of each other: macros that call themselves
    Duration time = 10s;
};

/// The text that a template gives in this context (a map, or a lazy one).
///
/// The context is only read: filters that sort in place, and `set`, change what this render sees of it.
/// Errors  Expression, with the class of the error as its kind ("undefined variable", "type error" …), line and
///         column; Unavailable, Timeout and Cancelled when the environment answered so
Result<std::string> render(const Template& text, const Value& context, Environment& environment,
                           const Limits& limits = {});

/// The same for a text that is parsed now, or found in the environment's cache.
Result<std::string> render(std::string_view text, const Value& context, Environment& environment,
                           const Limits& limits = {});

/// The value of a template that is one expression, with its type; a text otherwise.
/// Errors  also "typed conflict", when a value that is no text stands beside anything else
Result<Value> render_typed(const Template& text, const Value& context, Environment& environment,
                           const Limits& limits = {});

/// Every text in the tree rendered to text, keys of maps too; other values stay as they are. Of two keys that come out
/// equal the first one stays. The limits hold for the whole tree.
Result<Value> render_tree(const Value& tree, const Value& context, Environment& environment, const Limits& limits = {});

/// Whether render_tree would change anything, that is, whether any text or key in it has an expression.
bool tree_has_expression(const Value& tree);

}  // namespace sluice::expr
