#pragma once
#include "engine/event.h"
#include "store/find_executions.h"
#include "webserver/api.h"

namespace sluice::webserver {

/// What is done to an execution that is locked: an event is put, or its row changed. It refuses what its state forbids.
using Change = std::function<Result<void>(pg::Transaction& tx, engine::Execution& execution)>;

/// Puts the event, if the execution accepts it now.
Change asking(engine::Event event);
/// QUEUED only: it gets the state and goes on, whatever the limit.
Change unqueueing(State to, std::string by);
/// As asking(); refused as Invalid where there is nothing to begin again from.
Change restarting(std::string by);
/// From one terminal state to another.
Change changing_status(State status);
/// Merges by key; an entry without key and value is left out. `replace`: labels that are not named go, but for the
/// system's own.
Change setting_labels(std::vector<flow::Label> labels, bool replace);

/// What goes with an execution that is deleted.
struct Deletion {
    bool logs = true;
    bool metrics = true;
    bool files = true;
};
/// deleteLogs, deleteMetrics, deleteStorage
Result<Deletion> deletion_of(const http::Request& request);

/// Removes a terminal execution. Its files go after the commit: what a crash leaves is swept later.
Change deleting(Api& api, Deletion what);

/// Changes one that is locked, and notes it in the audit.
Result<void> make_change(pg::Transaction& tx, const Change& change, engine::Execution& execution);
/// Executors and followers, after the commit.
void tell_of_changes(Api& api, const std::vector<ExecutionId>& ids);

/// Locks one execution, changes it, and tells executors and followers. Returns it as it is then.
/// Errors  NotFound, and those of the change
Result<engine::Execution> change_execution(Api& api, const ExecutionId& id, const Change& change);

/// What became of a change to many.
struct BulkOutcome {
    std::int64_t count = 0;
    std::int64_t skipped = 0;
    std::vector<std::pair<ExecutionId, std::string>> errors{};  // of those skipped, the first hundred
};

/// All or nothing. Returns what is wrong, per id, when nothing was done.
struct InvalidMember {
    ExecutionId id{};
    std::string message{};
};
tl::expected<BulkOutcome, std::vector<InvalidMember>> change_listed(Api& api, const std::vector<ExecutionId>& ids,
                                                                    const std::string& expectation,
                                                                    const Change& change);

/// All that match and that the change fits; the others are counted. `dry_run` changes nothing.
/// Errors  those of the filters
Result<BulkOutcome> change_found(Api& api, const std::vector<store::Filter>& filters, const Change& change,
                                 bool dry_run);

}  // namespace sluice::webserver
