#pragma once
#include <functional>
#include <map>
#include <set>

#include "engine/execution.h"
#include "flow/flow.h"

namespace sluice::webserver {

/// What a drawing of a flow may ask for besides the flow.
struct GraphRequest {
    /// What a task run started: the flow as it was then, and the newest task runs by task id, as the wire has them.
    struct Child {
        flow::FlowPtr flow{};
        std::map<std::string, Value> task_runs{};
    };
    std::set<std::string> expanded{};  // uids of Subflow tasks that are drawn with what they start
    std::function<Result<flow::FlowPtr>(const flow::FlowId&)> flow_of{};
    std::function<Result<std::optional<Child>>(const Value& task_run)> child_of{};  // empty: there are no task runs
    std::map<std::string, Value> task_runs{};                                       // by task id, as the wire has them
    std::map<std::string, Value> triggers{};  // by trigger id, their state as the wire has it
};

/// Nodes, edges and clusters of a flow. A uid is the path of the task from "root" and the same in every answer; those
/// of the beginning and the end of a cluster end in "/start" and "/end", which no task can.
///
/// Errors  NotFound: an expanded Subflow starts a flow that is not there; Invalid: its id is an expression, and it has
///         started nothing yet; Forbidden: the visitor may not look into that flow's namespace
/// Source  api.md §8.6
Result<Value> flow_graph_on_wire(const flow::Flow& flow, const GraphRequest& request);

}  // namespace sluice::webserver
