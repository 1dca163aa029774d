#include "executor/light_context.h"

#include "expr/render.h"
#include "expr/template.h"

namespace sluice::executor {

LightContext::LightContext(plugin::TaskPlace place, const flow::Task& task, const Value& variables,
                           store::Environment& environment)
    : place_(std::move(place)), task_(task), variables_(variables), environment_(environment) {}

void LightContext::not_here(std::string_view what) const {
    throw BugError(fmt::format("the light task {} ({}) asked for {}", task_.id, task_.type, what));
}

Value LightContext::with(const Map& more) const {
    if (more.empty()) return variables_;
    Value all = variables_;
    for (const auto& [key, value] : more) all.mutable_map().set(key, value);
    return all;
}

void LightContext::log(LogLevel level, std::string message) {
    result_.logs.emplace_back(level, environment_.masked(std::move(message)));
}

engine::LightResult LightContext::take() {
    result_.outputs = environment_.without_secrets(std::move(result_.outputs));
    result_.variables = environment_.without_secrets(std::move(result_.variables));
    for (flow::Label& label : result_.labels) label.value = environment_.masked(std::move(label.value));
    return std::move(result_);
}

void LightContext::metric(std::string name, std::string kind, double value, Value tags) {
    result_.metrics.push_back({environment_.masked(std::move(name)),
                               std::move(kind),
                               value,
                               environment_.without_secrets(std::move(tags), store::Sealing::Never),
                               "",
                               {},
                               {}});
}

Result<std::string> LightContext::render(std::string_view text, const Map& more) {
    if (!expr::has_expression(text)) return std::string(text);
    return expr::render(text, with(more), environment_, environment_.limits());
}

Result<Value> LightContext::render_typed(std::string_view text, const Map& more) {
    if (!expr::has_expression(text)) return Value(text);
    auto parsed = expr::parse(text);
    if (!parsed) return tl::unexpected(parsed.error());
    return expr::render_typed(**parsed, with(more), environment_, environment_.limits());
}

Result<Value> LightContext::render_tree(const Value& tree, const Map& more) {
    if (!expr::tree_has_expression(tree)) return tree;
    return expr::render_tree(tree, with(more), environment_, environment_.limits());
}

}  // namespace sluice::executor
