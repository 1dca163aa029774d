#include "queue/queue.h"
#include "sql/queue.h"

namespace sluice::queue {
namespace {

void lock_slots(pg::Transaction& tx, const std::set<flow::FlowId>& flows) {
    std::vector<std::string> keys;
    for (const flow::FlowId& flow : flows) keys.push_back(flow.namespace_name + "/" + flow.id);
    tx.run(sql::lock_slots, keys);
}

}  // namespace

bool take_slot(pg::Transaction& tx, const flow::FlowId& flow, const ExecutionId& execution, int slots) {
    lock_slots(tx, {flow});
    return !tx.run(sql::take_slot, flow.namespace_name, flow.id, execution, slots).empty();
}

void queue_execution(pg::Transaction& tx, const flow::FlowId& flow, const ExecutionId& execution) {
    tx.send(sql::queue_executions, std::vector{flow.namespace_name}, std::vector{flow.id}, std::vector{execution});
}

std::vector<ExecutionId> release_slots(pg::Transaction& tx, std::set<flow::FlowId> flows,
                                       const std::vector<ExecutionId>& executions) {
    std::vector<ExecutionId> out;
    if (executions.empty()) return out;
    lock_slots(tx, flows);
    for (pg::Row row : tx.run(sql::release_slots, executions)) out.emplace_back(row.text());
    return out;
}

}  // namespace sluice::queue
