#include "expr/render.h"

#include <algorithm>

#include "expr/evaluator.h"
#include "expr/template_cache.h"
#include "expr/text_rendering.h"

namespace sluice::expr {
namespace {

/// What `work` gives, or the Error of what it throws.
template <class Work>
auto result_of(const Program& program, Work work) -> Result<decltype(work())> {
    try {
        return work();
    } catch (const Failure& failure) {
        return tl::unexpected(to_error(failure, program));
    }
}

Result<std::string> rendered(const Template& text, const Value& context, Session& session) {
    const Rounds rounds = session.environment().is_recursive() ? Rounds::UntilStable : Rounds::One;
    return result_of(text.program(), [&] { return rendered_text(text.program(), Scopes(context), session, rounds); });
}

Result<std::string> rendered(const std::string& text, const Value& context, Session& session) {
    if (text.find('{') == std::string::npos) return text;
    TemplateCache* cache = session.environment().templates();
    const auto parsed = cache != nullptr ? cache->get(text) : parse(text);
    if (!parsed) return tl::unexpected(parsed.error());
    return rendered(**parsed, context, session);
}

/// The error of a part of a tree, with the way to it: b[0].c
Error inside(const std::string& step, Error error) {
    std::string& property = error.place.property;
    const bool needs_dot = !property.empty() && property.front() != '[';
    property = step + (needs_dot ? "." : "") + property;
    return error;
}

Result<Value> rendered_tree(const Value& tree, const Value& context, Session& session);

Result<Value> rendered_list(const Value& list, const Value& context, Session& session) {
    List out;
    out.reserve(list.as_list().size());
    for (std::size_t i = 0; i < list.as_list().size(); ++i) {
        auto item = rendered_tree(list.as_list()[i], context, session);
        if (!item) return tl::unexpected(inside("[" + std::to_string(i) + "]", std::move(item.error())));
        out.push_back(std::move(*item));
    }
    return Value(std::move(out), list.flavour());
}

Result<Value> rendered_map(const Map& map, const Value& context, Session& session) {
    Map out;
    out.reserve(map.size());
    for (const auto& [key, value] : map) {
        auto name = rendered(key, context, session);
        if (!name) return tl::unexpected(inside(key, std::move(name.error())));
        auto item = rendered_tree(value, context, session);
        if (!item) return tl::unexpected(inside(key, std::move(item.error())));
        if (!out.contains(*name)) out.set(*name, std::move(*item));
    }
    return Value(std::move(out));
}

Result<Value> rendered_tree(const Value& tree, const Value& context, Session& session) {
    if (const std::string* text = tree.if_string()) {
        if (text->find('{') == std::string::npos) return tree;
        return rendered(*text, context, session).map([](std::string out) { return Value(std::move(out)); });
    }
    if (tree.is_list()) return rendered_list(tree, context, session);
    if (const Map* map = tree.if_map()) return rendered_map(*map, context, session);
    return tree;
}

}  // namespace

Result<std::string> render(const Template& text, const Value& context, Environment& environment, const Limits& limits) {
    Session session(environment, limits);
    return rendered(text, context, session);
}

Result<std::string> render(std::string_view text, const Value& context, Environment& environment,
                           const Limits& limits) {
    Session session(environment, limits);
    return rendered(std::string(text), context, session);
}

Result<Value> render_typed(const Template& text, const Value& context, Environment& environment, const Limits& limits) {
    return result_of(text.program(), [&] {
        Session session(environment, limits);
        TypedOutput output;
        Evaluator(text.program(), Scopes(context), session).run(output);
        if (!output.result) return Value();
        if (const std::string* made = output.result->if_string()) return Value(lower_raw(*made));
        return session.changes().deep(*output.result);
    });
}

Result<Value> render_tree(const Value& tree, const Value& context, Environment& environment, const Limits& limits) {
    Session session(environment, limits);
    return rendered_tree(tree, context, session);
}

bool tree_has_expression(const Value& tree) {
    if (const std::string* text = tree.if_string()) return has_expression(*text);
    if (const List* items = tree.if_list()) {
        return std::any_of(items->begin(), items->end(), [](const Value& item) { return tree_has_expression(item); });
    }
    const Map* map = tree.if_map();
    return map != nullptr && std::any_of(map->begin(), map->end(), [](const Map::Entry& entry) {
               return has_expression(entry.first) || tree_has_expression(entry.second);
           });
}

}  // namespace sluice::expr
