#include "store/triggers.h"

#include "sql/store.h"

namespace sluice::store {

void release_triggers(pg::Transaction& tx, const std::vector<ExecutionId>& ended) {
    if (!ended.empty()) tx.send(sql::release_triggers, ended);
}

}  // namespace sluice::store
