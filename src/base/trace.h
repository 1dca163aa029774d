#pragma once
#include <string>
#include <string_view>

namespace sluice {

// Names of spans for OpenTelemetry (W3C Trace Context). They follow from our own ids, so that whoever knows an
// execution or a task run knows its span, without asking anybody.

/// 32 hexadecimal digits: the UUID that the id of an execution is
std::string trace_id_of(std::string_view execution_id);
/// 16 hexadecimal digits: a hash of the id of an execution or of a task run, never all zero
std::string span_id_of(std::string_view id);
/// What a call in the name of a task run carries: "00-<trace>-<span>-01"
std::string traceparent_of(std::string_view execution_id, std::string_view task_run_id);

}  // namespace sluice
