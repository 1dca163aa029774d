// Readers of the smaller parts of a flow: retries, concurrency, SLAs, checks, outputs, conditions, triggers.
#include "flow/reading.h"
#include "value/json.h"

namespace sluice::flow {
namespace {

template <class Read>
auto optional_entry(const Node& map, std::string_view key, Read read) -> decltype(read(map)) {
    const Node* found = map.find(key);
    if (found == nullptr || found->is_null()) return {};
    return read(*found);
}

std::optional<Duration> duration_entry(Reading& reading, const Node& map, std::string_view key,
                                       const std::string& path) {
    return optional_entry(map, key, [&](const Node& node) { return read_duration(reading, node, under(path, key)); });
}

/// `shorter` must be less than `longer`; equal is a mistake too.
void must_be_less(Reading& reading, const Node& map, const std::string& path, std::string_view shorter_name,
                  std::optional<Duration> shorter, std::string_view longer_name, std::optional<Duration> longer) {
    if (shorter && longer && *shorter >= *longer) {
        reading.error(map, path, "'{}' must be less than '{}' but is {}", shorter_name, longer_name, to_iso(*shorter));
    }
}

void check_retry(Reading& reading, const Node& map, const std::string& path, const Retry& retry) {
    const auto known = [](Duration d) { return d > Duration{0} ? std::optional(d) : std::nullopt; };
    const auto missing = [&](std::string_view name) {
        if (map.find(name) == nullptr) reading.error(map, under(path, name), "must not be null");
    };
    const auto check = [&](std::string_view a, Duration da, std::string_view b, std::optional<Duration> db) {
        must_be_less(reading, map, path, a, known(da), b, db);
    };
    switch (retry.kind) {
        case Retry::Kind::Constant:
            missing("interval");
            check("interval", retry.interval, "maxDuration", retry.max_duration);
            break;
        case Retry::Kind::Exponential:
            missing("interval");
            missing("maxInterval");
            check("interval", retry.interval, "maxDuration", retry.max_duration);
            check("interval", retry.interval, "maxInterval", known(retry.max_interval));
            break;
        case Retry::Kind::Random:
            missing("minInterval");
            missing("maxInterval");
            check("minInterval", retry.min_interval, "maxDuration", retry.max_duration);
            check("maxInterval", retry.max_interval, "maxDuration", retry.max_duration);
            check("minInterval", retry.min_interval, "maxInterval", known(retry.max_interval));
            break;
    }
    if (retry.max_attempts && *retry.max_attempts < 1) {
        reading.error(map, under(path, "maxAttempts"), "must be greater than or equal to 1");
    }
}

}  // namespace

std::optional<Retry> read_retry(Reading& reading, const Node& map, const std::string& path) {
    if (map.is_null()) return {};
    if (!map.is_map()) {
        reading.error(map, path, "expected a retry policy such as {{type: constant, interval: PT30S, maxAttempts: 3}}");
        return {};
    }
    check_unknown(reading, {&retry_properties()}, map, path, "retry");
    Retry retry;
    const Node* type = map.find("type");
    if (type == nullptr) {
        reading.error(map, under(path, "type"), "must not be null");
        return {};
    }
    const std::string kind = read_word(reading, *type, under(path, "type"), {"constant", "exponential", "random"});
    if (kind.empty()) return {};
    retry.kind = kind == "constant"      ? Retry::Kind::Constant
                 : kind == "exponential" ? Retry::Kind::Exponential
                                         : Retry::Kind::Random;
    retry.interval = duration_entry(reading, map, "interval", path).value_or(Duration{0});
    retry.min_interval = duration_entry(reading, map, "minInterval", path).value_or(Duration{0});
    retry.max_interval = duration_entry(reading, map, "maxInterval", path).value_or(Duration{0});
    retry.max_duration = duration_entry(reading, map, "maxDuration", path);
    for (const char* name : {"maxAttempts", "maxAttempt"}) {
        if (const Node* node = map.find(name)) {
            const auto number = read_integer(reading, *node, under(path, name));
            if (number) retry.max_attempts = static_cast<int>(std::min<std::int64_t>(*number, 1'000'000));
        }
    }
    if (const Node* node = map.find("delayFactor")) {
        const Value factor = scalar_value(*node);
        if (factor.is_number() && factor.as_double() > 0)
            retry.factor = factor.as_double();
        else
            reading.error(*node, under(path, "delayFactor"), "must be greater than 0");
    }
    if (const Node* node = map.find("warningOnRetry")) {
        retry.warning_on_retry = read_bool(reading, *node, under(path, "warningOnRetry"), false);
    }
    if (const Node* node = map.find("behavior")) {
        const std::string word =
            read_word(reading, *node, under(path, "behavior"), {"RETRY_FAILED_TASK", "CREATE_NEW_EXECUTION"});
        if (word == "CREATE_NEW_EXECUTION") retry.behavior = Retry::Behavior::CreateNewExecution;
    }
    check_retry(reading, map, path, retry);
    return retry;
}

std::optional<WorkerGroup> read_worker_group(Reading& reading, const Node& map, const std::string& path) {
    if (map.is_null()) return {};
    WorkerGroup group;
    if (const Node* key = map.find("key")) group.key = read_text(reading, *key, under(path, "key"));
    if (const Node* fallback = map.find("fallback")) {
        group.fallback = read_word(reading, *fallback, under(path, "fallback"), {"FAIL", "WAIT", "CANCEL"});
    }
    return group;
}

std::optional<Concurrency> read_concurrency(Reading& reading, const Node& map, const std::string& path) {
    if (map.is_null()) return {};
    const Property* declared = find_property(flow_properties(), "concurrency");
    read_properties(reading, declared->fields, map, path, {}, "concurrency");
    Concurrency out;
    if (const Node* limit = map.find("limit")) {
        const auto number = read_integer(reading, *limit, under(path, "limit"));
        if (number && *number < 1) reading.error(*limit, under(path, "limit"), "must be greater than 0");
        out.limit = static_cast<int>(std::min<std::int64_t>(number.value_or(1), 1'000'000));
    }
    const std::string_view behavior = map.text_of("behavior");
    if (behavior == "CANCEL") out.behavior = Concurrency::Behavior::Cancel;
    if (behavior == "FAIL") out.behavior = Concurrency::Behavior::Fail;
    return out;
}

std::vector<Sla> read_sla(Reading& reading, const Node& list, const std::string& path) {
    static const std::vector<Property> kProperties{
        {.name = "id", .shape = Shape::Text, .required = true, .literal = true},
        {.name = "type",
         .shape = Shape::Enum,
         .required = true,
         .literal = true,
         .values = {"MAX_DURATION", "EXECUTION_ASSERTION"}},
        {.name = "behavior",
         .shape = Shape::Enum,
         .required = true,
         .literal = true,
         .values = {"FAIL", "CANCEL", "NONE"}},
        {.name = "labels", .shape = Shape::Labels},
        {.name = "duration", .shape = Shape::Duration, .literal = true},
        {.name = "assert", .shape = Shape::Text},
    };
    std::vector<Sla> out;
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        const Node& item = list.items[i];
        const std::string here = under(path, i);
        const Value read = read_properties(reading, kProperties, item, here, {}, "sla");
        Sla sla;
        sla.id = read.text("id");
        sla.kind = read.text("type") == "MAX_DURATION" ? Sla::Kind::MaxDuration : Sla::Kind::ExecutionAssertion;
        sla.behavior = read.text("behavior") == "FAIL"     ? Sla::Behavior::Fail
                       : read.text("behavior") == "CANCEL" ? Sla::Behavior::Cancel
                                                           : Sla::Behavior::None;
        if (const Node* labels = item.find("labels"))
            sla.labels = read_labels(reading, *labels, under(here, "labels"), false);
        if (const auto duration = parse_duration(read.text("duration"))) sla.duration = *duration;
        sla.assertion = read.text("assert");
        if (sla.kind == Sla::Kind::MaxDuration && item.find("duration") == nullptr) {
            reading.error(item, under(here, "duration"), "must not be null");
        }
        if (sla.kind == Sla::Kind::ExecutionAssertion && sla.assertion.empty()) {
            reading.error(item, under(here, "assert"), "must not be null");
        }
        out.push_back(std::move(sla));
    }
    return out;
}

std::vector<Check> read_checks(Reading& reading, const Node& list, const std::string& path) {
    static const std::vector<Property> kProperties{
        {.name = "condition", .shape = Shape::Text, .required = true, .aliases = {"when"}},
        {.name = "message", .shape = Shape::Text, .required = true},
        {.name = "style", .shape = Shape::Enum, .literal = true, .values = {"INFO", "SUCCESS", "WARNING", "ERROR"}},
        {.name = "behavior",
         .shape = Shape::Enum,
         .literal = true,
         .values = {"BLOCK_EXECUTION", "FAIL_EXECUTION", "CREATE_EXECUTION"}},
    };
    std::vector<Check> out;
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        const Value read = read_properties(reading, kProperties, list.items[i], under(path, i), {}, "check");
        Check check{read.text("condition"), read.text("message"), read.text("style"), Check::Behavior::BlockExecution};
        if (check.style.empty()) check.style = "INFO";
        if (read.text("behavior") == "FAIL_EXECUTION") check.behavior = Check::Behavior::FailExecution;
        if (read.text("behavior") == "CREATE_EXECUTION") check.behavior = Check::Behavior::CreateExecution;
        out.push_back(std::move(check));
    }
    return out;
}

std::vector<FlowOutput> read_outputs(Reading& reading, const Node& list, const std::string& path) {
    static const std::vector<Property> kProperties{
        {.name = "id", .shape = Shape::Text, .required = true, .literal = true},
        {.name = "type", .shape = Shape::Text, .literal = true},
        {.name = "value", .shape = Shape::Any, .required = true},
        {.name = "description", .shape = Shape::Text, .literal = true},
        {.name = "displayName", .shape = Shape::Text, .literal = true},
        {.name = "required", .shape = Shape::Boolean, .literal = true},
        {.name = "itemType", .shape = Shape::Text, .literal = true},
    };
    std::vector<FlowOutput> out;
    if (!list.is_list() && !list.is_null()) reading.error(list, path, "expected a list of outputs");
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        const Node& item = list.items[i];
        const std::string here = under(path, i);
        const Value read = read_properties(reading, kProperties, item, here, {}, "output");
        FlowOutput output;
        output.id = read.text("id");
        output.value = read["value"];
        output.description = read.text("description");
        output.display_name = read.text("displayName");
        output.required = read["required"].if_bool().value_or(true);
        const auto type_entry = [&](const char* key) -> std::optional<InputType> {
            const Node* node = item.find(key);
            if (node == nullptr || !node->is_scalar()) return {};
            const auto type = input_type_of(node->text);
            if (!type) reading.error(*node, under(here, key), "Invalid type: {}", node->text);
            return type;
        };
        output.type = type_entry("type");
        output.item_type = type_entry("itemType");
        out.push_back(std::move(output));
    }
    return out;
}

std::vector<PluginDefault> read_plugin_defaults(Reading& reading, const Node& list, const std::string& path) {
    std::vector<PluginDefault> out;
    if (!list.is_list() && !list.is_null()) reading.error(list, path, "expected a list of {{type, values}}");
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        const Node& item = list.items[i];
        const std::string here = under(path, i);
        PluginDefault read;
        read.type = item.text_of("type");
        if (read.type.empty()) reading.error(item, here, "Invalid Plugin Default: No 'type' provided");
        const Node* values = item.find("values");
        if (values == nullptr || !values->is_map()) {
            reading.error(item, here, "Invalid Plugin Default: No 'values' provided");
            continue;
        }
        const TypeInfo* info = reading.catalog.find(read.type);
        const auto* base = info != nullptr && info->category == Category::Trigger ? &trigger_base_properties()
                                                                                  : &task_base_properties();
        for (const Node::Entry& entry : values->entries) {
            const std::string key_path = under(under(here, "values"), entry.key);
            if (entry.value.is_null()) {
                reading.error_at(entry.line, entry.column, key_path,
                                 fmt::format("Invalid Plugin Default: No value provided for key '{}'", entry.key));
            }
            if (info != nullptr && info->property(entry.key) == nullptr && find_property(*base, entry.key) == nullptr) {
                reading.error_at(entry.line, entry.column, key_path,
                                 fmt::format("Invalid Plugin Default: No property '{}' exists in plugin '{}'",
                                             entry.key, read.type));
            }
        }
        if (const Node* forced = item.find("forced"))
            read.forced = read_bool(reading, *forced, under(here, "forced"), false);
        read.values = to_value(*values);
        out.push_back(std::move(read));
    }
    return out;
}

namespace {

std::optional<Condition> read_condition(Reading& reading, const Node& node, const std::string& path) {
    if (!node.is_map()) {
        reading.error(node, path, "expected a condition with a type");
        return {};
    }
    const TypeInfo* info = read_type(reading, node, path, Category::Condition);
    if (info == nullptr) return {};
    Condition condition;
    condition.type = node.text_of("type");
    condition.info = info;
    condition.properties = read_properties(reading, info->properties, node, path, {"type", "conditions"}, info->name);
    const Node* nested = node.find("conditions");
    if (info->property("conditions") == nullptr) {
        if (nested != nullptr) reading.error(*nested, under(path, "conditions"), "Unrecognized field \"conditions\"");
        return condition;
    }
    const std::string here = under(path, "conditions");
    if (nested == nullptr) {
        reading.error(node, here, "must not be null");
        return condition;
    }
    for (std::size_t i = 0; i < nested->items.size(); ++i) {
        auto one = read_condition(reading, nested->items[i], under(here, i));
        if (one) condition.nested.emplace_back(std::to_string(i), std::move(*one));
    }
    for (const Node::Entry& entry : nested->entries) {
        auto one = read_condition(reading, entry.value, under(here, entry.key));
        if (one) condition.nested.emplace_back(entry.key, std::move(*one));
    }
    return condition;
}

std::string checksum_of(const Node& node) {
    const std::string text = to_json(to_value(node));
    std::uint64_t h = 14695981039346656037ULL;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return fmt::format("{:016x}", h);
}

Trigger read_trigger(Reading& reading, const Node& node, const std::string& path) {
    Trigger trigger;
    trigger.line = node.line;
    trigger.id = node.text_of("id");
    trigger.type = node.text_of("type");
    trigger.description = node.text_of("description");
    trigger.checksum = checksum_of(node);
    if (trigger.id.empty()) reading.error(node, under(path, "id"), "must not be null");
    trigger.info = read_type(reading, node, path, Category::Trigger);
    if (trigger.info == nullptr) return trigger;

    std::set<std::string> base;
    for (const Property& property : trigger_base_properties()) {
        if (trigger.info->property(property.name) != nullptr) continue;
        base.insert(property.name);
        base.insert(property.aliases.begin(), property.aliases.end());
    }
    trigger.properties = read_properties(reading, trigger.info->properties, node, path, base, trigger.info->name);
    const auto flag = [&](const char* name) {
        const Node* found = node.find(name);
        return found != nullptr && read_bool(reading, *found, under(path, name), false);
    };
    trigger.disabled = flag("disabled");
    trigger.allow_concurrent = flag("allowConcurrent");
    trigger.fail_on_trigger_error = flag("failOnTriggerError");
    for (const char* name : {"conditions", "scheduleConditions"}) {
        const Node* conditions = node.find(name);
        if (conditions == nullptr) continue;
        for (Condition& one : read_conditions(reading, *conditions, under(path, name))) {
            trigger.conditions.push_back(std::move(one));
        }
        if (std::string_view(name) == "scheduleConditions") reading.deprecations.push_back(under(path, name));
    }
    if (const Node* labels = node.find("labels"))
        trigger.labels = read_labels(reading, *labels, under(path, "labels"), false);
    if (const Node* inputs = node.find("inputs")) {
        const Property any_map{.name = "inputs", .shape = Shape::Map};
        trigger.inputs = read_property(reading, any_map, *inputs, under(path, "inputs"));
    }
    if (const Node* states = node.find("stopAfter")) {
        for (const std::string& word : read_texts(reading, *states, under(path, "stopAfter"))) {
            const auto state = state_of(word);
            if (state)
                trigger.stop_after.push_back(*state);
            else
                reading.error(*states, under(path, "stopAfter"), "'{}' is not a state", word);
        }
    }
    for (const char* name : {"logLevel", "minLogLevel"}) {
        if (const Node* level = node.find(name)) trigger.log_level = read_log_level(reading, *level, under(path, name));
    }
    return trigger;
}

}  // namespace

std::vector<Condition> read_conditions(Reading& reading, const Node& list, const std::string& path) {
    std::vector<Condition> out;
    if (!list.is_list() && !list.is_null()) reading.error(list, path, "expected a list of conditions");
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        auto one = read_condition(reading, list.items[i], under(path, i));
        if (one) out.push_back(std::move(*one));
    }
    return out;
}

std::vector<Trigger> read_triggers(Reading& reading, const Node& list, const std::string& path) {
    std::vector<Trigger> out;
    if (!list.is_list() && !list.is_null()) reading.error(list, path, "expected a list of triggers");
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        if (!list.items[i].is_map()) {
            reading.error(list.items[i], under(path, i), "expected a trigger with an id and a type");
            continue;
        }
        out.push_back(read_trigger(reading, list.items[i], under(path, i)));
    }
    return out;
}

}  // namespace sluice::flow
