#pragma once
#include <vector>

#include "base/id.h"
#include "pg/pg.h"

namespace sluice::store {

/// Triggers may fire again whose execution is over.
void release_triggers(pg::Transaction& tx, const std::vector<ExecutionId>& ended);

}  // namespace sluice::store
