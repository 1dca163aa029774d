#pragma once
#include "webserver/api.h"

namespace sluice::webserver {

/// Execution with its task runs, those that workers have shown as RUNNING, and with what can be done with it.
Value execution_with_runs(Api& api, const engine::Execution& execution);

/// The same as the profile of the request has it: the second one leaves out of task runs what the execution says, and
/// their outputs, which are a resource of their own.
Value execution_with_runs(Api& api, const http::Request& request, const engine::Execution& execution);

/// Several at once, with their task runs but for what the light form leaves out.
enum class Form { Full, Light };
List executions_on_wire(Api& api, const std::vector<engine::Execution>& executions, Form form);

/// The answer to a start: Execution and its address in the page.
Value started_on_wire(Api& api, const engine::Execution& execution);

}  // namespace sluice::webserver
