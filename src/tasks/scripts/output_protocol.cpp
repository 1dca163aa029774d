#include "tasks/scripts/output_protocol.h"

#include "plugin/convert.h"
#include "value/json.h"

namespace sluice::tasks {

bool OutputProtocol::take(std::string_view line) {
    if (!line.starts_with("::{") || !line.ends_with("}::") || line.size() < 6) return false;
    const std::string_view json = line.substr(2, line.size() - 4);
    const auto told = parse_json(json);
    if (!told || !told->is_map()) {
        context_.log(LogLevel::Warn,
                     fmt::format("Invalid outputs '{}'{}{}", json, told ? "" : ": ", told ? "" : told.error().message));
        return true;
    }
    take_outputs((*told)["outputs"]);
    take_metrics((*told)["metrics"]);
    take_logs((*told)["logs"]);
    return true;
}

void OutputProtocol::take_outputs(const Value& outputs) {
    if (!outputs.is_map()) return;
    for (const auto& [key, value] : outputs.as_map()) outputs_.set(key, value);
}

void OutputProtocol::take_metrics(const Value& metrics) {
    if (!metrics.is_list()) return;
    for (const Value& one : metrics.as_list()) {
        double value = 0;
        const std::string name = one.text("name");
        const std::string kind = one.get("type") ? one.text("type") : "counter";
        const bool known = kind == "counter" || kind == "timer" || kind == "gauge";
        if (name.empty() || !known || !plugin::convert(one["value"], value)) {
            context_.log(LogLevel::Warn, fmt::format("Invalid metric '{}': expected name, type (counter, timer or "
                                                     "gauge) and value (a number)",
                                                     to_json(one)));
            continue;
        }
        context_.metric(name, kind, value, one["tags"]);
    }
}

void OutputProtocol::take_logs(const Value& logs) {
    if (!logs.is_list()) return;
    for (const Value& one : logs.as_list()) {
        LogLevel level = LogLevel::Info;
        if (const auto told = one.get("level"); told && !plugin::convert(*told, level)) level = LogLevel::Info;
        context_.log(level, plugin::text_of(one["message"]));
    }
}

}  // namespace sluice::tasks
