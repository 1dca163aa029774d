#pragma once
#include "flow/flow.h"
#include "store/search.h"

namespace sluice::store {

struct MetricRow {
    ExecutionId execution_id{};
    Timestamp at{};
    flow::FlowId flow{};
    std::string task_id{};
    TaskRunId task_run_id{};
    std::string name{};
    std::string kind{};
    double value = 0;  // a timer's in seconds
    Value tags{};
};

/// Metrics of executions, in the order in which they were written unless asked otherwise.
/// Fields  executionId namespace flowId taskId taskRunId name
/// Errors  BadRequest: a filter; Invalid: a sort field
Result<Found<MetricRow>> find_metrics(pg::Connection& connection, const Search& search);

// Of a flow, and of one of its tasks where given.
std::vector<std::string> metric_names(pg::Connection& connection, const flow::FlowId& flow, const std::string& task_id);
std::vector<std::string> tasks_with_metrics(pg::Connection& connection, const flow::FlowId& flow);

/// What is made of the values of a bucket.
enum class Aggregation { Sum, Average, Minimum, Maximum };
struct MetricBucket {
    Timestamp at{};
    double value = 0;
};
/// `unit` of date_trunc: minute, hour, day, week, month.
std::vector<MetricBucket> aggregate_metric(pg::Connection& connection, const flow::FlowId& flow,
                                           const std::string& task_id, const std::string& name, Aggregation how,
                                           const std::string& unit, Timestamp from, Timestamp until);

}  // namespace sluice::store
