#include "store/delete_execution.h"

#include "sql/store.h"

namespace sluice::store {

void delete_execution(pg::Transaction& tx, const ExecutionId& id, bool logs, bool metrics) {
    tx.send(sql::delete_runs_of_execution, id);
    tx.send(sql::delete_values_of_execution, id);
    if (logs) tx.send(sql::delete_logs_of_execution, id);
    if (metrics) tx.send(sql::delete_metrics_of_execution, id);
    tx.send(sql::delete_execution, id);
}

}  // namespace sluice::store
