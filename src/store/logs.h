#pragma once
#include <vector>

#include "engine/transition.h"
#include "pg/pg.h"

namespace sluice::store {

/// A log line with what its row has of its execution or trigger.
struct LogWrite {
    std::string execution_id{};  // of a trigger's own line: an id of its time
    flow::FlowId flow{};
    std::string trigger_id{};
    engine::LogLine line{};
};

/// Lines longer than 10 KiB are split into several rows.
void insert_logs(pg::Transaction& tx, const std::vector<LogWrite>& writes);

struct MetricWrite {
    std::string execution_id{};
    flow::FlowId flow{};
    engine::Metric metric{};
};
void insert_metrics(pg::Transaction& tx, const std::vector<MetricWrite>& writes);

/// What a worker tells of a task: kept only while it holds the claim of that epoch.
struct FencedLog {
    TaskRunId task_run_id{};
    std::int64_t epoch = 0;
    ServiceId worker{};
    LogWrite write{};
};
/// `refused` grows by what belongs to no claim any more, before the transaction is committed.
void insert_task_logs(pg::Transaction& tx, const std::vector<FencedLog>& logs, std::size_t& refused);

struct FencedMetric {
    TaskRunId task_run_id{};
    std::int64_t epoch = 0;
    ServiceId worker{};
    MetricWrite write{};
};
void insert_task_metrics(pg::Transaction& tx, const std::vector<FencedMetric>& metrics, std::size_t& refused);

}  // namespace sluice::store
