#include <cstddef>
#include <cstdint>
#include <string_view>

#include "expr/render.h"
#include "value/json.h"

// Renders any bytes as a template, with small limits: nothing but a text or an error may come of it.

namespace {

using namespace sluice;

class Outside : public expr::Environment {
  public:
    Timestamp now() override { return {}; }
    Result<std::string> secret(std::string_view, std::string_view) override { return std::string("s3cret"); }
};

const Value& context() {
    static const Value value =
        parse_json(R"({"s":"text","i":5,"d":2.5,"l":[3,1,2],"m":{"k":{"x":[1,"a",null]}},"n":null,
        "flow":{"id":"f","namespace":"a.b"},"execution":{"id":"x"}})")
            .value_or(Value());
    return value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const expr::Limits limits{
        .text_bytes = 1 << 16, .made_bytes = 1 << 22, .list_items = 10'000, .steps = 20'000, .time = 1s};
    Outside outside;
    const auto parsed = expr::parse(text);
    if (!parsed) return 0;
    // An error has a class and a place in the text; everything else is a bug that a sanitizer or an exception shows.
    const auto rendered = expr::render(**parsed, context(), outside, limits);
    if (!rendered) ensure(!rendered.error().kind.empty(), "an error without a class: {}", rendered.error().text());
    const auto typed = expr::render_typed(**parsed, context(), outside, limits);
    if (!typed) ensure(!typed.error().kind.empty(), "an error without a class: {}", typed.error().text());
    return 0;
}
