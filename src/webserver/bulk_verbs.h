#pragma once
#include "webserver/execution_changes.h"

namespace sluice::webserver {

/// What people do to many executions at once.
struct BulkVerb {
    std::string name{};           // of the path, and of an operation
    std::string message{};        // "invalid bulk <message>"
    std::string expected{};       // what a member must be; empty: the change's own words
    std::optional<State> only{};  // the state that the bulk form wants
    /// The change that a request asks for, by its parameters and body.
    std::function<Result<Change>(const http::Request&)> make{};

    /// As make(), refusing executions that are in another state than `only`.
    Result<Change> change_of(const http::Request& request) const;
};

/// restart, resume, pause, unqueue, force-run, change-status, replay, kill, delete, labels
std::vector<BulkVerb> bulk_verbs(Api& api);

}  // namespace sluice::webserver
