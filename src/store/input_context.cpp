#include "store/input_context.h"

#include "expr/aes_gcm.h"
#include "expr/template.h"

namespace sluice::store {

flow::InputContext input_context(Environment& environment, const Instance& instance, const flow::Flow& flow,
                                 const std::string& execution_id) {
    flow::InputContext context;
    context.render = [&environment, &instance, &flow, execution_id](std::string_view text,
                                                                    const Value& seen) -> Result<Value> {
        if (!expr::has_expression(text)) return Value(text);
        Map names = instance.context;
        names.set("flow", Value{{"id", flow.id.id}, {"namespace", flow.id.namespace_name}});
        names.set("execution", Value{{"id", execution_id}});
        names.set("inputs", seen);
        names.set("vars", flow.variables);
        auto parsed = expr::parse(text);
        if (!parsed) return tl::unexpected(parsed.error());
        return expr::render_typed(**parsed, Value(std::move(names)), environment, environment.limits());
    };
    if (!instance.encryption_key.empty()) {
        context.encrypt = [&instance](const std::string& plain) -> Result<Value> {
            return expr::sealed_value(instance.encryption_key, plain);
        };
    }
    return context;
}

}  // namespace sluice::store
