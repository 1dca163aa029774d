#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace sluice::executor {

/// An execution or a task run that is over, as OpenTelemetry sees it. An execution is a trace.
struct Span {
    std::string execution_id{};
    std::string id{};                                         // of the execution, or of the task run
    std::string parent{};                                     // the same; empty: it is the execution itself
    std::string caller_execution_id{}, caller_task_run_id{};  // whose task started the execution; empty: nobody's
    std::string name{};
    std::string state{};
    bool failed = false;
    Timestamp started_at{};
    Timestamp ended_at{};
    std::vector<std::pair<std::string, std::string>> attributes{};
};

/// Who takes them, after the commit; it must not wait.
using SpanSink = std::function<void(std::vector<Span>)>;

class Work;
/// What ended in this batch of one execution.
std::vector<Span> spans_of(const Work& work);

}  // namespace sluice::executor
