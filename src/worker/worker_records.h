#pragma once
#include "pg/pg.h"
#include "pg/signals.h"
#include "plugin/records.h"

namespace sluice::worker {

/// Keys and values for tasks, from the database.
class WorkerKeyValues : public plugin::KeyValues {
  public:
    explicit WorkerKeyValues(pg::Pool& pool) : pool_(pool) {}
    std::optional<plugin::KeyValue> find(const std::string& name_space, const std::string& key) override;
    bool set(const std::string& name_space, const plugin::KeyValue& value, std::optional<Duration> ttl,
             bool overwrite) override;
    bool remove(const std::string& name_space, const std::string& key) override;
    std::vector<std::string> keys(const std::string& name_space, const std::string& prefix) override;

  private:
    pg::Pool& pool_;
};

/// Executions for tasks, from the database.
class WorkerExecutionRecords : public plugin::ExecutionRecords {
  public:
    WorkerExecutionRecords(pg::Pool& pool, pg::Signals& signals, std::string by)
        : pool_(pool), signals_(signals), by_(std::move(by)) {}
    std::int64_t count(const plugin::RecordFilter& filter) override;
    std::vector<std::string> ended(const plugin::RecordFilter& filter, const std::string& after,
                                   std::size_t most) override;
    std::optional<flow::FlowId> flow_of(const std::string& execution_id) override;
    Result<void> resume(const std::string& execution_id, const Value& inputs) override;
    std::vector<plugin::LogRecord> logs(const plugin::RecordFilter& filter, std::int64_t after,
                                        std::size_t most) override;
    std::optional<std::vector<Value>> outputs_of_children(const plugin::TaskPlace& place, const std::string& task_id,
                                                          std::int64_t piece) override;
    plugin::PurgeCount purge(const std::vector<std::string>& execution_ids, const plugin::PurgeWhat& what) override;
    std::int64_t purge_logs(const plugin::RecordFilter& filter) override;
    Result<void> set_trigger_disabled(const flow::FlowId& flow, const std::string& trigger, bool disabled,
                                      const std::string& by) override;

  private:
    pg::Pool& pool_;
    pg::Signals& signals_;
    const std::string by_;  // who resumes, for the record
};

}  // namespace sluice::worker
