// SECRET inputs and outputs: sealed wherever they are kept, opened when an expression names them.
#include "expr/aes_gcm.h"
#include "support/environment.h"

using namespace sluice;
using namespace sluice::test;

namespace {

const std::string kSealingKey(32, 'k');

class WithKey : public TestEnvironment {
  public:
    Result<std::string> open_sealed(const std::string& text) override { return expr::aes_gcm_opened(kSealingKey, text); }
};

}  // namespace

TEST_CASE("a sealed value can be opened with its key only, and as it was") {
    const Value sealed = expr::sealed_value(kSealingKey, "open sesame");
    const std::string* text = expr::sealed_text(sealed);
    REQUIRE(text != nullptr);
    CHECK_FALSE(contains(*text, "sesame"));
    CHECK(ok(expr::aes_gcm_opened(kSealingKey, *text)) == "open sesame");
    failure(expr::aes_gcm_opened(std::string(32, 'x'), *text));
    std::string changed = *text;
    changed[20] = changed[20] == 'A' ? 'B' : 'A';
    failure(expr::aes_gcm_opened(kSealingKey, changed));
    failure(expr::aes_gcm_opened(kSealingKey, "dG9vIHNob3J0"));
    CHECK(sealed != expr::sealed_value(kSealingKey, "open sesame"));
    CHECK(expr::sealed_text(Value{{"type", "io.kestra.datatype:aes_encrypted"}}) == nullptr);
    CHECK(expr::sealed_text(Value{{"type", "text"}, {"value", "x"}}) == nullptr);
}

TEST_CASE("an expression that names a sealed value sees what it holds") {
    WithKey environment;
    const Value context{{"inputs", Value{{"word", expr::sealed_value(kSealingKey, "sesame")}, {"more", 1}}}};
    const auto shown = [&](std::string_view text) { return ok(expr::render(text, context, environment)); };
    CHECK(shown("{{ inputs.word }}") == "sesame");
    CHECK(shown("{{ inputs['word'] | upper }}") == "SESAME");
    CHECK(shown("{% set w = inputs.word %}{{ w.length }}") == "6");
    CHECK(environment.secrets_read() == std::vector<std::string>{"sesame"});
    CHECK_FALSE(contains(shown("{{ inputs }}"), "sesame"));
    CHECK_FALSE(contains(shown("{{ inputs | json }}"), "sesame"));
}

TEST_CASE("where no key is, a sealed value is an error and never its own text") {
    const Value context{{"word", expr::sealed_value(kSealingKey, "sesame")}};
    CHECK(contains(render_failure("{{ word }}", context).message, "encrypted value"));
}

TEST_CASE("a key is base64 of a length that AES has") {
    CHECK(ok(expr::aes_key_of(expr::new_aes_key())).size() == 32);
    CHECK(failure(expr::aes_key_of("%%")).message == "the key is no base64");
    CHECK(failure(expr::aes_key_of("YWJj")).message == "the key must be base64 of 16, 24 or 32 bytes");
}
