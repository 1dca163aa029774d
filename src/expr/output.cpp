#include "expr/output.h"

#include "expr/failure.h"
#include "expr/own_values.h"
#include "expr/session.h"
#include "expr/text_forms.h"

namespace sluice::expr {
namespace {

void check_size(const std::string& text, Session& session) {
    if (text.size() > session.budget().limits().text_bytes) session.budget().made_text(text.size());
}

[[noreturn]] void refuse_second(std::string_view second) {
    throw failure(FailureKind::TypedConflict, "the expression must be one value here, but {} follows or precedes it",
                  second);
}

}  // namespace

void PrintedOutput::text(std::string_view text) {
    result += text;
    check_size(result, session_);
}

void PrintedOutput::print(const Value& value) {
    if (session_.changes().empty())
        append_printed(result, value, session_);
    else
        append_printed(result, session_.changes().deep(value), session_);
    check_size(result, session_);
}

void JavaOutput::text(std::string_view text) {
    result += text;
    check_size(result, session_);
}

void JavaOutput::print(const Value& value) {
    if (value.is_null()) return;
    if (session_.changes().empty())
        append_java_text(result, value, session_);
    else
        append_java_text(result, session_.changes().deep(value), session_);
    check_size(result, session_);
}

void TypedOutput::text(std::string_view text) {
    if (text.empty()) return;
    if (result && !result->is_string()) refuse_second("text");
    result = Value(result ? result->as_string() + std::string(text) : std::string(text));
}

void TypedOutput::print(const Value& value) {
    if (value.is_null()) return;
    if (result) refuse_second("another value");
    const auto* macro_text = if_own<MacroText>(value);
    result = macro_text != nullptr ? Value(macro_text->value()) : value;
}

}  // namespace sluice::expr
