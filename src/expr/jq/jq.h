#pragma once
#include <string>

#include "value/value.h"

namespace sluice::expr {
class Session;
}

/// jq, the language for JSON: its dialect 1.6, without access to files, the environment and the input of the process.
///
/// An interpreter of our own, because an expression must never be able to stop the server or fill its memory: all work
/// counts against the limits of the render, and integers keep their 64 bits.
namespace sluice::expr::jq {

/// All values that the program makes of the input. A text is read as JSON first.
/// Throws  Failure: a jq error, or a limit
List run(const std::string& program, const Value& input, Session& session);

}  // namespace sluice::expr::jq
