#include "store/trigger_expressions.h"

#include "expr/render.h"
#include "expr/template.h"

namespace sluice::store {

TriggerExpressions::TriggerExpressions(pg::Connection& connection, const Instance& instance, const flow::Flow& flow,
                                       Timestamp now)
    : environment_(std::make_shared<Environment>([&connection](const auto& use) { use(connection); }, instance,
                                                 flow.id.namespace_name, "", now)),
      names_(environment_->names()) {
    names_.set("flow", Value{{"id", flow.id.id}, {"namespace", flow.id.namespace_name}, {"revision", flow.revision}});
    names_.set("vars", flow.variables);
}

Value TriggerExpressions::names(const Value& trigger) const {
    Map seen = names_;
    seen.set("trigger", trigger);
    return Value(std::move(seen));
}

Result<std::string> TriggerExpressions::render(std::string_view text, const Value& trigger) const {
    if (!expr::has_expression(text)) return std::string(text);
    return expr::render(text, names(trigger), *environment_, environment_->limits());
}

Result<Value> TriggerExpressions::render_tree(const Value& tree, const Value& trigger) const {
    return expr::render_tree(tree, names(trigger), *environment_, environment_->limits());
}

schedule::RenderFor TriggerExpressions::for_dates() const {
    return [self = *this](std::string_view text, const Value& trigger) { return self.render(text, trigger); };
}

Result<std::shared_ptr<const schedule::Timetable>> timetable_of(const flow::Trigger& trigger,
                                                                const schedule::Zones& zones, const Instance& instance,
                                                                const TriggerExpressions& expressions) {
    if (!trigger.is("core.trigger.Schedule") && !trigger.is("core.trigger.ScheduleOnDates")) return nullptr;
    auto zone = zones.find(instance.time_zone);
    if (!zone) return tl::unexpected(zone.error());
    auto timetable = schedule::Timetable::of(trigger, zones, {.zone = *zone}, expressions.for_dates());
    if (!timetable) return tl::unexpected(timetable.error());
    return std::make_shared<const schedule::Timetable>(std::move(*timetable));
}

}  // namespace sluice::store
