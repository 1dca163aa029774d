#pragma once
#include <chrono>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sluice::expr {

/// Tells the public holidays, which are no part of this module.
using HolidayLookup =
    std::function<Result<bool>(std::chrono::local_days day, std::string_view country, std::string_view subdivision)>;

/// What came of a file of cases.
struct CaseReport {
    std::size_t passed = 0;
    std::vector<std::string> failed{};  // ids

    bool is_clean() const { return failed.empty(); }
};

/// Renders each case of a file and compares what comes out with what is expected. A case is an object:
///   id, template, context (an object), and either expect or error, the class of the error
///   mode       "typed" or "tree"; otherwise the result is text
///   recursive  true: the setting of that name is on
///   env        what the case finds outside: zone, now, secrets, kv, files, errorLogs
/// In a context, an object with one key such as {"$instant": "…"} stands for a value that JSON does not have.
/// Each failure is one line to `failures`, when there is one.
/// Errors  Invalid: the text is no such file
Result<CaseReport> run_cases(std::string_view json_text, std::ostream* failures, const HolidayLookup& holidays = {});

}  // namespace sluice::expr
