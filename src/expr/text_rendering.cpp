#include "expr/text_rendering.h"

#include "expr/evaluator.h"
#include "expr/raw_sections.h"
#include "expr/template_cache.h"

namespace sluice::expr {
namespace {

constexpr int kMostRounds = 100;

/// With the placeholders of raw sections still in it
std::string one_round(const Program& program, const Scopes& scopes, Session& session) {
    PrintedOutput output(session);
    Evaluator(program, scopes, session).run(output);
    return std::move(output.result);
}

std::string one_round(const std::string& text, const Scopes& scopes, Session& session) {
    if (text.find('{') == std::string::npos) return text;
    TemplateCache* cache = session.environment().templates();
    const auto parsed = cache != nullptr ? cache->get(text) : parse(text);
    if (!parsed) throw from_error(parsed.error());
    const Program& program = (*parsed)->program();
    try {
        return one_round(program, scopes, session);
    } catch (Failure& failure) {
        failure.settle(message_of(failure, program));
        throw;
    }
}

std::string stable(std::string text, const Scopes& scopes, Session& session) {
    for (int round = 0; round < kMostRounds; ++round) {
        std::string next = one_round(text, scopes, session);
        if (next == text) return text;
        text = std::move(next);
    }
    throw limit_reached("Too many rendering attempts: the text still changes after {} rounds", kMostRounds);
}

}  // namespace

std::string rendered_text(const Program& program, const Scopes& scopes, Session& session, Rounds rounds) {
    std::string text = one_round(program, scopes, session);
    if (rounds == Rounds::UntilStable) text = stable(std::move(text), scopes, session);
    return lower_raw(std::move(text));
}

std::string rendered_inside(const std::string& text, const Scopes& scopes, Session& session, Rounds rounds) {
    const Level level(session.budget());
    std::string out = one_round(text, scopes, session);
    if (rounds == Rounds::UntilStable) out = stable(std::move(out), scopes, session);
    return lower_raw(std::move(out));
}

}  // namespace sluice::expr
