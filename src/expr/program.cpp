#include "expr/ast.h"
#include "expr/unicode.h"

namespace sluice::expr {
namespace {

// An error shows the whole template as it is, up to this many bytes.
constexpr std::size_t kShownSource = 2000;

std::string shown(std::string_view source) {
    if (source.size() <= kShownSource) return std::string(source);
    std::size_t end = kShownSource;
    while (end > 0 && (static_cast<unsigned char>(source[end]) & 0xc0U) == 0x80) --end;
    return std::string(source.substr(0, end)) + "…";
}

}  // namespace

Place place_in(const Program& program, std::uint32_t position) {
    if (position == kNoPosition) return {};
    return place_of(program.source, program.has_raw ? program.lifted.position_in_source(position) : position);
}

std::string message_of(const Failure& failure, const Program& program) {
    const int line = place_in(program, failure.position()).line;
    const std::string source = shown(program.source);
    if (failure.kind() == FailureKind::UndefinedVariable && !failure.is_settled()) {
        return fmt::format("Unable to find `{}` used in the expression `{}` at line {}", failure.text(), source, line);
    }
    return fmt::format("{} ({}:{})", failure.text(), source, line);
}

Error to_error(const Failure& failure, const Program& program) {
    return Error{.code = failure.code,
                 .message = message_of(failure, program),
                 .place = place_in(program, failure.position()),
                 .kind = std::string(to_text(failure.kind()))};
}

}  // namespace sluice::expr
