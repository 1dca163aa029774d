#include "schedule/check_trigger.h"

#include "schedule/preconditions.h"
#include "schedule/read_trigger.h"

namespace sluice::schedule {
namespace {

bool has_expression(const Value& value) {
    if (const std::string* text = value.if_string()) return text->find("{{") != std::string::npos;
    if (const List* list = value.if_list()) {
        for (const Value& item : *list) {
            if (has_expression(item)) return true;
        }
    }
    return false;
}

template <class T>
void collect(Result<T> checked, std::vector<Error>& errors) {
    if (checked) return;
    if (checked.error().details.empty()) return errors.push_back(std::move(checked.error()));
    for (Error& detail : checked.error().details) errors.push_back(std::move(detail));
}

void check_timezone(const flow::Trigger& trigger, std::vector<Error>& errors) {
    const std::string name = trigger.properties.text("timezone");
    if (name.empty()) return;
    if (auto known = check_zone(name); !known) errors.push_back(in_property(std::move(known.error()), "timezone"));
}

void check_schedule(const flow::Trigger& trigger, std::vector<Error>& errors) {
    collect(read_cron(trigger), errors);
    check_timezone(trigger, errors);
    collect(read_late_maximum_delay(trigger), errors);
    if (!trigger.properties["interval"].is_null()) {
        errors.push_back(
            in_property(Error{ErrorCode::Invalid, "must be null: a Schedule has a cron expression"}, "interval"));
    }
}

void check_webhook(const flow::Trigger& trigger, std::vector<Error>& errors) {
    constexpr std::size_t kLongestKey = 256;
    const std::size_t size = trigger.properties.text("key").size();
    if (size <= kLongestKey) return;
    errors.push_back(in_property(
        Error{ErrorCode::Invalid, fmt::format("is at most {} characters long, not {}", kLongestKey, size)}, "key"));
}

void check_on_dates(const flow::Trigger& trigger, std::vector<Error>& errors) {
    check_timezone(trigger, errors);
    if (!has_expression(trigger.properties["dates"])) collect(read_dates(trigger, Zone::utc(), {}), errors);
}

}  // namespace

Result<void> check_trigger(const flow::Trigger& trigger) {
    Error all{ErrorCode::Invalid, fmt::format("trigger '{}' has mistakes", trigger.id)};
    const bool of_executions = trigger.is("core.trigger.Flow");
    if (is_schedule(trigger)) check_schedule(trigger, all.details);
    if (is_on_dates(trigger)) check_on_dates(trigger, all.details);
    if (trigger.is("core.trigger.Webhook")) check_webhook(trigger, all.details);
    if (of_executions) collect(preconditions_of(trigger), all.details);
    collect(check_conditions(trigger.conditions, of_executions ? Occasion::ExecutionEvent : Occasion::NoExecution),
            all.details);
    if (all.details.empty()) return {};
    return tl::unexpected(std::move(all));
}

Result<void> check_listener(const flow::Listener& listener) {
    return check_conditions(listener.conditions, Occasion::ExecutionEvent);
}

}  // namespace sluice::schedule
