#pragma once
#include <string>
#include <string_view>

#include "expr/ast.h"
#include "expr/scopes.h"
#include "expr/session.h"
#include "expr/template.h"

namespace sluice::expr {

enum class Rounds { One, UntilStable };

/// The text of a program. Until it is stable means: the result is a template again, and so on; at most 100 times.
/// Throws  Failure
std::string rendered_text(const Program& program, const Scopes& scopes, Session& session, Rounds rounds);

/// A text rendered inside of another one, where it stands for a value of that one.
/// Throws  Failure, with a message of its own: what is missing in it is not rescued around it
std::string rendered_inside(const std::string& text, const Scopes& scopes, Session& session, Rounds rounds);

}  // namespace sluice::expr
