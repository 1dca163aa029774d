#pragma once
#include <cstdint>
#include <exception>
#include <fmt/format.h>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sluice::expr {

/// The classes of errors that a flow's author meets; their texts are `Error::kind`.
enum class FailureKind : std::uint8_t {
    UndefinedVariable,
    SyntaxError,
    UnknownFunction,
    UnknownFilter,
    UnknownTest,
    BadArgument,
    TypeError,
    NullOperand,
    DivisionByZero,
    IndexError,
    DuplicateMacro,
    UnsupportedOperation,
    TypedConflict,
    RenderLimit,
    DateError,
    JsonParseError,
    YamlParseError,
    IonParseError,
    JqError,
    NumberParseError,
    RegexError,
    Base64Error,
    UrlDecodeError,
    CryptoError,
    NotFound,
    AccessDenied,
    NotAvailable,
    Cancelled,
};

/// "undefined variable", "type error" …
std::string_view to_text(FailureKind kind);

constexpr std::uint32_t kNoPosition = 0xffffffff;

/// What goes wrong while a template is parsed or rendered. It never leaves this module: parse() and render() make an
/// Error of it. Inside it is thrown, so that a filter is one plain function and `??` is the only one who looks.
class Failure : public std::exception {
  public:
    Failure(FailureKind kind, std::string text, std::uint32_t position = kNoPosition)
        : kind_(kind), text_(std::move(text)), position_(position) {}

    FailureKind kind() const { return kind_; }
    const std::string& text() const { return text_; }
    std::uint32_t position() const { return position_; }  // a byte of the template's source
    const char* what() const noexcept override { return text_.c_str(); }

    /// Whether `??`, `default` and `is defined` take it for a missing name.
    bool is_miss() const { return kind_ == FailureKind::UndefinedVariable && !wrapped_; }
    /// Arithmetic and render() turn a miss into an error that is not rescued any more.
    void wrap() { wrapped_ = true; }
    void place_at(std::uint32_t position) {
        if (position_ == kNoPosition) position_ = position;
    }
    /// Of a text rendered inside this one: its message is complete, and its place is that of the call, still to come.
    void settle(std::string text) {
        text_ = std::move(text);
        position_ = kNoPosition;
        settled_ = true;
        wrapped_ = true;
    }
    bool is_settled() const { return settled_; }

    /// The code of an error that came from outside, when it says more than Expression (try again later, cancelled).
    ErrorCode code = ErrorCode::Expression;

  private:
    FailureKind kind_;
    std::string text_;
    std::uint32_t position_;
    bool wrapped_ = false;
    bool settled_ = false;
};

template <class... Args>
Failure failure(FailureKind kind, fmt::format_string<Args...> format, Args&&... args) {
    return {kind, fmt::format(format, std::forward<Args>(args)...)};
}

// throw type_error("filter 'abs' expects a number, not {}", …);
template <class... Args>
Failure type_error(fmt::format_string<Args...> format, Args&&... args) {
    return failure(FailureKind::TypeError, format, std::forward<Args>(args)...);
}
template <class... Args>
Failure bad_argument(fmt::format_string<Args...> format, Args&&... args) {
    return failure(FailureKind::BadArgument, format, std::forward<Args>(args)...);
}
template <class... Args>
Failure null_operand(fmt::format_string<Args...> format, Args&&... args) {
    return failure(FailureKind::NullOperand, format, std::forward<Args>(args)...);
}
template <class... Args>
Failure limit_reached(fmt::format_string<Args...> format, Args&&... args) {
    return failure(FailureKind::RenderLimit, format, std::forward<Args>(args)...);
}
template <class... Args>
Failure syntax_error(std::uint32_t position, fmt::format_string<Args...> format, Args&&... args) {
    return {FailureKind::SyntaxError, fmt::format(format, std::forward<Args>(args)...), position};
}

/// An error that the environment answered.
Failure from_outside(const Error& error);
/// An error of a text rendered inside this one, which did not parse.
Failure from_error(const Error& error);

/// The line and column of a byte of the source, both from 1. Lines end with LF, CRLF, CR, NEL, U+2028 or U+2029.
Place place_of(std::string_view source, std::uint32_t position);

}  // namespace sluice::expr
