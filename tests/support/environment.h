#pragma once
#include <map>
#include <string>

#include "expr/render.h"
#include "support/test.h"

namespace sluice::test {

/// The outside world of a test: a clock that stands still, and the secrets that the test puts in.
class TestEnvironment : public expr::Environment {
  public:
    Timestamp now() override { return at("10:00:00"); }
    Result<std::string> secret(std::string_view key, std::string_view) override {
        const auto found = secrets.find(std::string(key));
        if (found == secrets.end()) return not_found("there is no secret '{}'", key);
        return found->second;
    }
    std::map<std::string, std::string> secrets{};
};

/// The text of a template in a context
inline std::string rendered(std::string_view text, const Value& context = Value(Map())) {
    TestEnvironment environment;
    return ok(expr::render(text, context, environment));
}

/// The error of a template that must fail
inline Error render_failure(std::string_view text, const Value& context = Value(Map())) {
    TestEnvironment environment;
    return failure(expr::render(text, context, environment));
}

}  // namespace sluice::test
