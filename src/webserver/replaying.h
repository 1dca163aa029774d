#pragma once
#include "webserver/execution_changes.h"

namespace sluice::webserver {

struct ReplayRequest {
    ExecutionId original{};
    ExecutionId id{};                        // of the new one, drawn before
    TaskRunId from{};                        // empty: from the start
    std::optional<std::int64_t> revision{};  // empty: the one that ran
    std::optional<Value> inputs{};           // as they were sent; those that are missing stay as they were
    std::vector<std::string> breakpoints{};
    std::string user{};
};

/// A new execution that repeats another. Returns it.
/// Errors  NotFound, Invalid (inputs, task run), Conflict (the flow is disabled)
Result<engine::Execution> replay_execution(Api& api, const ReplayRequest& request);

/// A new execution, of another revision, that begins where the original failed.
Result<engine::Execution> restart_as_new(Api& api, const ExecutionId& original, std::int64_t revision);

/// For many: each is repeated as `wanted` says, or in the newest revision; with an id of its own, where none was drawn
/// before.
Change replaying(Api& api, bool latest, ReplayRequest wanted);

}  // namespace sluice::webserver
