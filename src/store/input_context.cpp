#include "store/input_context.h"

#include "expr/aes_gcm.h"
#include "expr/template.h"

namespace sluice::store {

flow::InputContext input_context(Environment& environment, const Instance& instance, const flow::Flow& flow,
                                 const std::string& execution_id) {
    flow::InputContext context;
    const auto context_of = [&environment, &flow, execution_id](const Value& seen) {
        Map names = environment.names(flow.id.namespace_name);
        names.set("flow", Value{{"id", flow.id.id}, {"namespace", flow.id.namespace_name}});
        names.set("execution", Value{{"id", execution_id}});
        names.set("inputs", seen);
        names.set("vars", flow.variables);
        return Value(std::move(names));
    };
    context.render = [&environment, context_of](std::string_view text, const Value& seen) -> Result<Value> {
        if (!expr::has_expression(text)) return Value(text);
        auto parsed = expr::parse(text);
        if (!parsed) return tl::unexpected(parsed.error());
        return expr::render_typed(**parsed, context_of(seen), environment, environment.limits());
    };
    context.render_text = [&environment, context_of](std::string_view text, const Value& seen) -> Result<std::string> {
        if (!expr::has_expression(text)) return std::string(text);
        return expr::render(text, context_of(seen), environment, environment.limits());
    };
    if (!instance.encryption_key.empty()) {
        context.encrypt = [&instance](const std::string& plain) -> Result<Value> {
            return expr::sealed_value(instance.encryption_key, plain);
        };
        context.decrypt = [&environment](const std::string& sealed) -> Result<std::string> {
            auto plain = environment.open_sealed(sealed);
            if (plain) environment.remember_secret(*plain);
            return plain;
        };
    }
    context.hide = [&environment](const Value& value) { return environment.without_secrets(value); };
    context.mask = [&environment](std::string text) { return environment.masked(std::move(text)); };
    return context;
}

}  // namespace sluice::store
