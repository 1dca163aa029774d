#pragma once
#include "flow/dashboard.h"
#include "store/search.h"

namespace sluice::store {

/// What is asked of a chart.
struct ChartQuestion {
    flow::ChartData data{};
    std::vector<Filter> filters{};  // of whoever looks; those on what the rows do not have narrow nothing
    Timestamp from{};
    Timestamp until{};
    std::size_t size = 10;
    std::size_t offset = 0;
};

/// The rows of a chart: a map each, of the columns' names. Dates of rows that belong together are the beginnings of
/// minutes, hours, days, weeks or months (UTC), as the span asks for. Flows and triggers have no time: the span is not
/// asked. Lines and metrics of executions that began more than a week before it are left out.
///
/// Errors  BadRequest: a filter
Result<Found<Value>> chart_rows(pg::Connection& connection, const ChartQuestion& question);

/// "day": in which pieces a span is shown.  Source  api.md §13
std::string_view bucket_of(Duration span);

}  // namespace sluice::store
