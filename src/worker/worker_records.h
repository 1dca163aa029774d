#pragma once
#include "pg/pg.h"
#include "pg/signals.h"
#include "plugin/records.h"
#include "store/environment.h"
#include "store/flows.h"
#include "worker/key_reader.h"

namespace sluice::worker {

/// Keys and values for tasks, from the database.
class WorkerKeyValues : public plugin::KeyValues {
  public:
    WorkerKeyValues(pg::Pool& pool, KeyReader& reader) : pool_(pool), reader_(reader) {}
    std::optional<plugin::KeyValue> find(const std::string& name_space, const std::string& key) override;
    bool set(const std::string& name_space, const plugin::KeyValue& value, std::optional<Duration> ttl,
             bool overwrite) override;
    bool remove(const std::string& name_space, const std::string& key) override;
    std::vector<std::string> keys(const std::string& name_space, const std::string& prefix) override;

  private:
    pg::Pool& pool_;
    KeyReader& reader_;
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
    std::optional<plugin::ExecutionSummary> summary(const std::string& execution_id) override;
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

/// Flows for tasks, from the database. They are read as the API reads them: with the catalogue and the defaults of
/// this server.
class WorkerFlowRecords : public plugin::FlowRecords {
  public:
    WorkerFlowRecords(pg::Pool& pool, pg::Signals& signals, store::Flows& flows, const store::Instance& instance,
                      std::string by)
        : pool_(pool), signals_(signals), flows_(flows), instance_(instance), by_(std::move(by)) {}
    std::vector<plugin::StoredFlow> flows(const std::string& name_space, bool below) override;
    std::vector<std::string> namespaces() override;
    Result<flow::FlowId> check(const std::string& source) override;
    Result<std::vector<plugin::SavedFlow>> apply(const plugin::FlowChanges& changes) override;

  private:
    struct Checked;
    Result<std::vector<Checked>> checked(const std::vector<std::string>& sources) const;
    Result<plugin::SavedFlow> save(pg::Transaction& tx, const Checked& one, bool dry_run) const;

    pg::Pool& pool_;
    pg::Signals& signals_;
    store::Flows& flows_;
    const store::Instance& instance_;
    const std::string by_;
};

}  // namespace sluice::worker
