#include "worker/report.h"

#include "base/overloaded.h"
#include "value/json.h"

namespace sluice::worker {
namespace {

Timestamp time_in(const Value& value, std::string_view key) {
    return parse_iso(value.text(key)).value_or(Timestamp{});
}

flow::FlowId flow_in(const Value& value) {
    return {value.text("namespace"), value.text("flow")};
}

store::LogWrite line_in(const Value& value, const queue::ClaimId& claim) {
    const auto level = static_cast<LogLevel>(value["level"].if_integer().value_or(0));
    return {value.text("execution"), flow_in(value), "",
            engine::LogLine{time_in(value, "at"), level, value.text("task"), claim.task_run_id,
                            static_cast<int>(value["attempt"].if_integer().value_or(0)), value.text("message")}};
}

store::MetricWrite metric_in(const Value& value, const queue::ClaimId& claim) {
    const Value number = value["value"];
    return {value.text("execution"), flow_in(value),
            engine::Metric{value.text("name"), value.text("metric"), number.is_number() ? number.as_double() : 0,
                           value["tags"], value.text("task"), claim.task_run_id, time_in(value, "at")}};
}

Result<queue::Finished> result_in(const Value& value, const queue::ClaimId& claim) {
    auto event = engine::event_of("task_finished", claim.task_run_id, value["result"]);
    if (!event) return tl::unexpected(event.error());
    return queue::Finished{claim.task_run_id, ExecutionId{value.text("execution")},
                           std::move(std::get<engine::TaskFinished>(*event))};
}

}  // namespace

std::string to_record(const Report& report) {
    Map map{{"seq", report.seq},
            {"taskRun", report.claim.task_run_id.text()},
            {"epoch", report.claim.epoch},
            {"worker", report.worker.text()}};
    std::visit(Overloaded{[&](const store::LogWrite& write) {
                              map.set("kind", "line");
                              map.set("execution", write.execution_id);
                              map.set("namespace", write.flow.namespace_name);
                              map.set("flow", write.flow.id);
                              map.set("at", to_iso(write.line.at));
                              map.set("level", static_cast<std::int64_t>(write.line.level));
                              map.set("task", write.line.task_id);
                              map.set("attempt", write.line.attempt);
                              map.set("message", write.line.message);
                          },
                          [&](const store::MetricWrite& write) {
                              map.set("kind", "metric");
                              map.set("execution", write.execution_id);
                              map.set("namespace", write.flow.namespace_name);
                              map.set("flow", write.flow.id);
                              map.set("at", to_iso(write.metric.at));
                              map.set("task", write.metric.task_id);
                              map.set("name", write.metric.name);
                              map.set("metric", write.metric.kind);
                              map.set("value", write.metric.value);
                              map.set("tags", write.metric.tags);
                          },
                          [&](const queue::Finished& finished) {
                              map.set("kind", "result");
                              map.set("execution", finished.execution_id.text());
                              map.set("result", engine::payload_of(finished.result));
                          },
                          [&](const GivenBack&) { map.set("kind", "given back"); }},
               report.what);
    return to_json(Value(std::move(map)));
}

Result<Report> report_of(std::string_view record) {
    const auto value = parse_json(record);
    if (!value) return tl::unexpected(value.error());
    Report out;
    out.seq = (*value)["seq"].if_integer().value_or(0);
    out.claim = {TaskRunId{value->text("taskRun")}, (*value)["epoch"].if_integer().value_or(0)};
    out.worker = ServiceId{value->text("worker")};
    const std::string kind = value->text("kind");
    if (kind == "line") {
        out.what = line_in(*value, out.claim);
    } else if (kind == "metric") {
        out.what = metric_in(*value, out.claim);
    } else if (kind == "result") {
        auto result = result_in(*value, out.claim);
        if (!result) return tl::unexpected(result.error());
        out.what = std::move(*result);
    } else if (kind == "given back") {
        out.what = GivenBack{};
    } else {
        return invalid("'{}' is no kind of report that this version knows", kind);
    }
    if (out.seq <= 0 || out.claim.task_run_id.empty()) return invalid("a report without its number or its task run");
    return out;
}

}  // namespace sluice::worker
