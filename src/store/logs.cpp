#include "store/logs.h"

#include "sql/store.h"
#include "store/json_column.h"
#include "store/optional_text.h"

namespace sluice::store {
namespace {

constexpr std::size_t kLongestMessage = 10 * 1024;

/// The end of a piece: at most kLongestMessage bytes, and not inside a UTF-8 sequence.
std::size_t piece_end(const std::string& text, std::size_t from) {
    std::size_t end = from + kLongestMessage;
    if (end >= text.size()) return text.size();
    while (end > from + 1 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return end;
}

/// The server can't store U+0000.
std::string storable(std::string text) {
    for (char& c : text) c = c == '\0' ? ' ' : c;
    return text;
}

}  // namespace

namespace {

/// Rows of log lines as arrays side by side; a long line is several rows.
struct LogColumns {
    std::vector<std::string> execution, name_space, flow_id, message;
    std::vector<Timestamp> at;
    std::vector<int> level;
    std::vector<std::optional<std::string>> task, run, trigger;
    std::vector<std::optional<std::int64_t>> attempt;

    /// Returns how many rows it became.
    std::size_t add(const LogWrite& write) {
        const std::string text = storable(write.line.message);
        std::size_t from = 0;
        std::size_t rows = 0;
        do {
            const std::size_t end = piece_end(text, from);
            execution.push_back(write.execution_id);
            at.push_back(write.line.at);
            level.push_back(static_cast<int>(write.line.level));
            name_space.push_back(write.flow.namespace_name);
            flow_id.push_back(write.flow.id);
            task.push_back(optional_text(write.line.task_id));
            run.push_back(optional_text(write.line.task_run_id.text()));
            const bool of_task = !write.line.task_run_id.empty();
            attempt.push_back(of_task ? std::optional<std::int64_t>(write.line.attempt) : std::nullopt);
            trigger.push_back(optional_text(write.trigger_id));
            message.push_back(text.substr(from, end - from));
            from = end;
            ++rows;
        } while (from < text.size());
        return rows;
    }
};

struct MetricColumns {
    std::vector<std::string> execution, name_space, flow_id, task, run, name, kind;
    std::vector<Timestamp> at;
    std::vector<double> value;
    std::vector<std::optional<std::string>> tags;

    void add(const MetricWrite& write) {
        execution.push_back(write.execution_id);
        at.push_back(write.metric.at);
        name_space.push_back(write.flow.namespace_name);
        flow_id.push_back(write.flow.id);
        task.push_back(write.metric.task_id);
        run.push_back(write.metric.task_run_id.text());
        name.push_back(write.metric.name);
        kind.push_back(write.metric.kind);
        value.push_back(write.metric.value);
        tags.push_back(json_column(write.metric.tags));
    }
};

std::function<void(const pg::Rows&)> count_refused(std::size_t sent, std::size_t& refused) {
    return [sent, &refused](const pg::Rows& kept) { refused += sent - kept.affected(); };
}

}  // namespace

void insert_logs(pg::Transaction& tx, const std::vector<LogWrite>& writes) {
    if (writes.empty()) return;
    LogColumns c;
    for (const LogWrite& write : writes) c.add(write);
    tx.send(sql::insert_logs, c.execution, c.at, c.level, c.name_space, c.flow_id, c.task, c.run, c.attempt, c.trigger,
            c.message);
}

void insert_task_logs(pg::Transaction& tx, const std::vector<FencedLog>& logs, std::size_t& refused) {
    if (logs.empty()) return;
    LogColumns c;
    std::vector<std::int64_t> epochs;
    std::vector<ServiceId> workers;
    for (const FencedLog& log : logs) {
        const std::size_t rows = c.add(log.write);
        epochs.insert(epochs.end(), rows, log.epoch);
        workers.insert(workers.end(), rows, log.worker);
    }
    tx.send_for(count_refused(epochs.size(), refused), sql::insert_task_logs, c.execution, c.at, c.level, c.name_space,
                c.flow_id, c.task, c.run, c.attempt, c.message, epochs, workers);
}

void insert_metrics(pg::Transaction& tx, const std::vector<MetricWrite>& writes) {
    if (writes.empty()) return;
    MetricColumns c;
    for (const MetricWrite& write : writes) c.add(write);
    tx.send(sql::insert_metrics, c.execution, c.at, c.name_space, c.flow_id, c.task, c.run, c.name, c.kind, c.value,
            c.tags);
}

void insert_task_metrics(pg::Transaction& tx, const std::vector<FencedMetric>& metrics, std::size_t& refused) {
    if (metrics.empty()) return;
    MetricColumns c;
    std::vector<std::int64_t> epochs;
    std::vector<ServiceId> workers;
    for (const FencedMetric& metric : metrics) {
        c.add(metric.write);
        epochs.push_back(metric.epoch);
        workers.push_back(metric.worker);
    }
    tx.send_for(count_refused(epochs.size(), refused), sql::insert_task_metrics, c.execution, c.at, c.name_space,
                c.flow_id, c.task, c.run, c.name, c.kind, c.value, c.tags, epochs, workers);
}

}  // namespace sluice::store
