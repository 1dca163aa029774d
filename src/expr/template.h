#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

/// The expression language: texts with `{{ … }}`, `{% … %}` and `{# … #}`.
///
/// A text is parsed once into an immutable Template, which any number of threads may render at the same time.
/// Names of filters, functions and tests are looked up when a text is parsed, but an unknown one is an error only when
/// it is evaluated; flow validation asks references.h for them.
namespace sluice::expr {

struct Program;

class Template {
  public:
    explicit Template(std::unique_ptr<const Program> program);
    Template(const Template&) = delete;
    Template& operator=(const Template&) = delete;
    ~Template();

    /// The text as it was written
    const std::string& source() const;
    const Program& program() const { return *program_; }

  private:
    std::unique_ptr<const Program> program_;
};
using TemplatePtr = std::shared_ptr<const Template>;

/// Errors  Expression, of the kind "syntax error" or "duplicate macro", with line and column
Result<TemplatePtr> parse(std::string_view text);

/// Whether the text contains {{ or {% or {#. Without one, rendering gives back the text itself.
bool has_expression(std::string_view text);

/// Longer templates are refused.
constexpr std::size_t kMaxTemplateBytes = 4 * 1024 * 1024;

}  // namespace sluice::expr
