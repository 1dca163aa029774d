#include "expr/failure.h"

#include "expr/unicode.h"

namespace sluice::expr {
namespace {

struct KindText {
    FailureKind kind;
    std::string_view text;
};

constexpr KindText kKinds[] = {
    {FailureKind::UndefinedVariable, "undefined variable"},
    {FailureKind::SyntaxError, "syntax error"},
    {FailureKind::UnknownFunction, "unknown function"},
    {FailureKind::UnknownFilter, "unknown filter"},
    {FailureKind::UnknownTest, "unknown test"},
    {FailureKind::BadArgument, "bad argument"},
    {FailureKind::TypeError, "type error"},
    {FailureKind::NullOperand, "null operand"},
    {FailureKind::DivisionByZero, "division by zero"},
    {FailureKind::IndexError, "index error"},
    {FailureKind::DuplicateMacro, "duplicate macro"},
    {FailureKind::UnsupportedOperation, "unsupported operation"},
    {FailureKind::TypedConflict, "typed conflict"},
    {FailureKind::RenderLimit, "render limit"},
    {FailureKind::DateError, "date error"},
    {FailureKind::JsonParseError, "json parse error"},
    {FailureKind::YamlParseError, "yaml parse error"},
    {FailureKind::IonParseError, "ion parse error"},
    {FailureKind::JqError, "jq error"},
    {FailureKind::NumberParseError, "number parse error"},
    {FailureKind::RegexError, "regex error"},
    {FailureKind::Base64Error, "base64 error"},
    {FailureKind::UrlDecodeError, "url decode error"},
    {FailureKind::CryptoError, "crypto error"},
    {FailureKind::NotFound, "not found"},
    {FailureKind::AccessDenied, "access denied"},
    {FailureKind::NotAvailable, "not available"},
    {FailureKind::Cancelled, "cancelled"},
};

/// The byte length of the line break that begins here, 0 for none.
std::size_t line_break(std::string_view source, std::size_t at) {
    const char c = source[at];
    if (c == '\n') return 1;
    if (c == '\r') return at + 1 < source.size() && source[at + 1] == '\n' ? 2 : 1;
    if (static_cast<unsigned char>(c) < 0xc2) return 0;
    const CodePoint point = code_point_at(source, at);
    return point.length > 1 && (point.value == 0x85 || point.value == 0x2028 || point.value == 0x2029) ? point.length
                                                                                                       : 0;
}

}  // namespace

std::string_view to_text(FailureKind kind) {
    for (const KindText& entry : kKinds) {
        if (entry.kind == kind) return entry.text;
    }
    return "internal";
}

Failure from_outside(const Error& error) {
    const auto kind = [&] {
        switch (error.code) {
            case ErrorCode::NotFound:
            case ErrorCode::Gone:
                return FailureKind::NotFound;
            case ErrorCode::Forbidden:
            case ErrorCode::Unauthorized:
                return FailureKind::AccessDenied;
            case ErrorCode::Invalid:
            case ErrorCode::BadRequest:
                return FailureKind::BadArgument;
            case ErrorCode::TooLarge:
                return FailureKind::RenderLimit;
            case ErrorCode::Cancelled:
                return FailureKind::Cancelled;
            default:
                return FailureKind::NotAvailable;
        }
    }();
    Failure failure(kind, error.message);
    const bool may_pass = error.code == ErrorCode::Unavailable || error.code == ErrorCode::Timeout;
    if (may_pass || error.code == ErrorCode::Cancelled) failure.code = error.code;
    return failure;
}

Failure from_error(const Error& error) {
    FailureKind kind = FailureKind::SyntaxError;
    for (const KindText& entry : kKinds) {
        if (entry.text == error.kind) kind = entry.kind;
    }
    Failure failure(kind, error.message);
    failure.settle(error.message);
    return failure;
}

Place place_of(std::string_view source, std::uint32_t position) {
    if (position == kNoPosition) return {};
    Place place{.line = 1, .column = 1};
    const std::size_t end = std::min<std::size_t>(position, source.size());
    for (std::size_t at = 0; at < end;) {
        const std::size_t length = line_break(source, at);
        if (length > 0) {
            at += length;
            ++place.line;
            place.column = 1;
        } else {
            at += code_point_at(source, at).length;
            ++place.column;
        }
    }
    return place;
}

}  // namespace sluice::expr
