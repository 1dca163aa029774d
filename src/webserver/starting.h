#pragma once
#include "store/input_context.h"
#include "webserver/api.h"

namespace sluice::webserver {

/// What a caller wants of a new execution.
struct StartRequest {
    flow::FlowId flow{};
    std::optional<std::int64_t> revision{};
    ExecutionId id{};          // drawn before, when files were stored under it; empty: drawn now
    Value inputs{Map()};       // as they were sent
    bool check_inputs = true;  // webhooks without `inputs` pass none, and none are required
    std::vector<flow::Label> labels{};
    Value trigger{};
    std::optional<Timestamp> schedule_date{};
    std::string kind{};
    std::vector<std::string> breakpoints{};
    std::string user{};
    std::optional<pg::Actor> actor{};  // of the audit; empty: a webhook
};

/// Prepares an execution: the flow, its inputs checked, its labels.
/// Errors  NotFound, Conflict (disabled), Invalid (inputs, labels)
Result<Start> prepare_start(Api& api, pg::Connection& connection, const StartRequest& request);

/// The handler of a request that starts an execution; see execution_routes.cpp.
void start(Api& api, const http::Request& request, const flow::FlowId& flow, http::Responder responder);

/// Prepares, stores with others, and answers: `done` gets the stored execution. A flow that changes in between is
/// prepared once more.
/// Threads  any that may wait for the database
void start_execution(Api& api, const StartRequest& request, std::function<void(Result<engine::Execution>)> done);

}  // namespace sluice::webserver
