#pragma once
#include <string>
#include <utility>
#include <vector>

#include "flow/type_info.h"
#include "plugin/records.h"
#include "plugin/task_context.h"

namespace sluice::tasks {

/// What alerts tell of an execution, before a service gives it its form.
struct ExecutionReport {
    std::string id{};
    plugin::ExecutionSummary summary{};
    std::string link{};      // to the page; empty: this server has no address that others know
    std::string headline{};  // "company.team.load FAILED after 3 s"
    std::string message{};   // customMessage
    std::vector<std::pair<std::string, std::string>> facts{};  // name and value, in order; custom fields last

    /// It went wrong, or something in it did.
    bool is_bad() const;
    /// RRGGBB
    std::string_view color() const;
    /// Headline, message, facts and link as lines.
    std::string text() const;
};

/// The properties that choose an execution and add to what is told of it.
std::vector<flow::Property> report_properties();

/// Errors  NotFound: no such execution; Invalid: customFields is no map
Result<ExecutionReport> execution_report(const Value& properties, plugin::TaskContext& context);

}  // namespace sluice::tasks
