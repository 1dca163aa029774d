#include "expr/pattern.h"

#include "expr/failure.h"
#include "expr/session.h"

namespace sluice::expr {
namespace {

/// A pattern asks for nothing from outside.
class NoEnvironment final : public Environment {
  public:
    Timestamp now() override { return {}; }
};

}  // namespace

Result<bool> matches_whole(const std::string& pattern, const std::string& text) {
    NoEnvironment environment;
    Limits limits;
    limits.time = 1s;
    Session session(environment, limits);
    try {
        return session.regex(pattern).matches_all(text);
    } catch (const Failure& failure) {
        return invalid("{}", failure.what());
    }
}

}  // namespace sluice::expr
