#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "expr/render.h"
#include "expr/template_cache.h"
#include "value/json.h"

// How many renders one core does in a second: render_rate [seconds per template]

namespace {

using namespace sluice;

class Outside : public expr::Environment {
  public:
    Timestamp now() override { return {}; }
    expr::TemplateCache* templates() override { return &templates_; }

  private:
    expr::TemplateCache templates_{};
};

Value context() {
    const auto parsed = parse_json(R"({"inputs":{"name":"World","n":3,"tags":["a","b"]},
        "outputs":{"a":{"value":"text"},"q":{"rows":[{"id":1,"ok":true},{"id":2,"ok":false}]}},
        "flow":{"id":"hello","namespace":"company.team"},"execution":{"id":"5Xy"},"labels":{"env":"prod"}})");
    if (!parsed) std::abort();
    return *parsed;
}

/// Renders per second; `once` renders one time and answers whether it went well.
template <class Once>
double rate_of(double seconds, Once once) {
    using Clock = std::chrono::steady_clock;
    const auto begin = Clock::now();
    const auto end = begin + std::chrono::duration<double>(seconds);
    std::size_t count = 0;
    while (Clock::now() < end) {
        for (int i = 0; i < 256; ++i, ++count) {
            if (!once()) std::abort();
        }
    }
    return static_cast<double>(count) / std::chrono::duration<double>(Clock::now() - begin).count();
}

constexpr const char* kTemplates[] = {
    "plain text",
    "Hello {{ inputs.name }}",
    "{{ outputs.a.value }}",
    "{{ flow.namespace }}.{{ flow.id }} {{ execution.id }} {{ labels.env }}",
    "{{ inputs.missing ?? 'none' }}",
    "{{ inputs.n > 2 ? 'many' : 'few' }}",
    "{{ inputs.name | upper }}",
    "{{ inputs.name | replace({'o': '0'}) | upper }}",
    "{{ outputs.q.rows }}",
    "{{ outputs.q.rows | jq('map(.id)') | first }}",
    "{% for r in outputs.q.rows %}{{ r.id }}{% if not loop.last %},{% endif %}{% endfor %}",
    "{{ now() | date('yyyy-MM-dd') }}",
};

}  // namespace

int main(int count, char** arguments) {
    const double seconds = count > 1 ? std::atof(arguments[1]) : 1.0;
    const Value data = context();
    Outside outside;
    std::printf("%12s %12s  %s\n", "renders/s", "of text/s", "template");
    for (const char* text : kTemplates) {
        const auto parsed = expr::parse(text);
        if (!parsed) return 1;
        const double rate = rate_of(seconds, [&] { return expr::render(**parsed, data, outside).has_value(); });
        const double text_rate =
            rate_of(seconds, [&] { return expr::render(std::string_view(text), data, outside).has_value(); });
        std::printf("%12.0f %12.0f  %s\n", rate, text_rate, text);
    }
    return 0;
}
