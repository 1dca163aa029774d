#pragma once
#include <string>

#include "tasks/notifications/execution_report.h"

namespace sluice::tasks {

/// A report as the HTML of a mail.
std::string report_as_html(const ExecutionReport& report);

}  // namespace sluice::tasks
