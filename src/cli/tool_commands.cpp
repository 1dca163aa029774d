// sluice expression cases
#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/command.h"
#include "cli/options.h"
#include "expr/case_file.h"
#include "schedule/holidays.h"

namespace sluice::cli {
namespace {

int expression_cases(const std::vector<std::string>& words) {
    Options options("sluice expression cases FILE", "Runs a file of expression cases.");
    options.arguments();
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().size() != 1) return fail_usage("which file? Usage: sluice expression cases FILE");
    std::ifstream in(options.rest().front());
    if (!in) return fail_usage("the file " + options.rest().front() + " can't be read");
    std::ostringstream text;
    text << in.rdbuf();
    const auto holidays = [](std::chrono::local_days day, std::string_view country,
                             std::string_view subdivision) -> Result<bool> {
        const auto name = schedule::public_holiday(country, subdivision, day);
        if (!name) return tl::unexpected(name.error());
        return !name->empty();
    };
    const auto report = expr::run_cases(text.str(), &std::cout, holidays);
    if (!report) return fail(report.error());
    std::cout << report->passed << " passed, " << report->failed.size() << " failed\n";
    return report->is_clean() ? Exit::Success : Exit::Failed;
}

}  // namespace

std::vector<Command> tool_commands() {
    return {
        {"expression cases", "runs a file of expression cases", "sluice expression cases FILE", expression_cases},
    };
}

}  // namespace sluice::cli
