#pragma once
#include "base/id.h"
#include "pg/pg.h"

namespace sluice::store {

/// Removes an execution that is over with its task runs; its log lines and metrics where asked. Retention does not come
/// this way: it drops partitions.
void delete_execution(pg::Transaction& tx, const ExecutionId& id, bool logs, bool metrics);

}  // namespace sluice::store
