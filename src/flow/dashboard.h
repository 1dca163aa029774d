#pragma once
#include <optional>
#include <span>

#include "base/time.h"
#include "flow/catalog.h"
#include "flow/yaml_document.h"

namespace sluice::flow {

/// What the rows of a chart are made of.
enum class ChartSource { Executions, Logs, Metrics, Flows, Triggers };

/// A column that charts of a source may read.
struct ChartField {
    enum class Kind { Text, Number, Time, Labels };
    std::string_view name{};
    Kind kind = Kind::Text;
};
std::span<const ChartField> fields_of(ChartSource source);
const ChartField* find_field(ChartSource source, std::string_view name);

struct ChartColumn {
    std::string name{};         // in the answer
    std::string field{};        // empty: counts rows
    std::string aggregation{};  // COUNT SUM AVG MIN MAX; empty: rows with the same value belong together
    std::string label_key{};    // of LABELS
};

struct ChartCondition {
    std::string type{};  // EQUAL_TO … REGEX, or OR
    std::string field{};
    std::string label_key{};
    std::vector<std::string> values{};
    std::vector<ChartCondition> any_of{};  // of OR
};

struct ChartOrder {
    std::size_t column = 0;
    bool descending = false;
};

struct ChartData {
    ChartSource source = ChartSource::Executions;
    std::vector<ChartColumn> columns{};
    std::vector<ChartCondition> where{};
    std::vector<ChartOrder> order_by{};
    bool is_number = false;                   // of a KPI: one column, one row
    std::vector<ChartCondition> numerator{};  // of a number: what is counted, of all that `where` leaves
    bool is_percentage = false;               // of a number: the numerator as a part of all
    bool is_aggregated() const;
};

struct Chart {
    std::string id{};
    std::string type{};               // its last word: TimeSeries, Bar, Pie, Table, Markdown, KPI
    std::optional<ChartData> data{};  // of all but Markdown
    std::string content{};            // of Markdown
};

struct Dashboard {
    std::string id{};  // empty: the text names none
    std::string title{};
    Duration default_window = 30 * 24h;
    Duration longest_window = 366 * 24h;
    std::vector<Chart> charts{};
    Value definition{};  // the text as plain values

    const Chart* chart(std::string_view name) const;
};

/// Reads and checks the text of a dashboard, or of one chart.
/// errors  all mistakes, each with its place; without any there is one
struct ParsedDashboard {
    std::optional<Dashboard> dashboard{};
    std::vector<Error> errors{};
};
ParsedDashboard parse_dashboard(std::string_view yaml, const Catalog& catalog);
struct ParsedChart {
    std::optional<Chart> chart{};
    std::vector<Error> errors{};
};
ParsedChart parse_chart(std::string_view yaml, const Catalog& catalog);

}  // namespace sluice::flow
