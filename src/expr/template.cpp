#include "expr/template.h"

#include "expr/ast.h"
#include "expr/parser.h"

namespace sluice::expr {

Template::Template(std::unique_ptr<const Program> program) : program_(std::move(program)) {}
Template::~Template() = default;

const std::string& Template::source() const {
    return program_->source;
}

Result<TemplatePtr> parse(std::string_view text) {
    auto program = std::make_unique<Program>();
    try {
        if (text.size() > kMaxTemplateBytes) {
            throw limit_reached("the template has more than {} bytes", kMaxTemplateBytes);
        }
        program->source = std::string(text);
        if (may_have_raw(text)) {
            program->lifted = lift_raw(text);
            program->has_raw = !program->lifted.ends.empty();
        }
        Parser(*program).run();
    } catch (const Failure& failure) {
        return tl::unexpected(to_error(failure, *program));
    }
    return std::make_shared<const Template>(std::move(program));
}

bool has_expression(std::string_view text) {
    for (std::size_t at = 0; (at = text.find('{', at)) != std::string_view::npos; ++at) {
        const char next = at + 1 < text.size() ? text[at + 1] : '\0';
        if (next == '{' || next == '%' || next == '#') return true;
    }
    return false;
}

}  // namespace sluice::expr
