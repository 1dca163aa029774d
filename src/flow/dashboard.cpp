#include "flow/dashboard.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/nearest.h"
#include "flow/reading.h"

namespace sluice::flow {
namespace dashboard {

using enum ChartField::Kind;

constexpr std::size_t kMostCharts = 100;
constexpr std::size_t kMostColumns = 40;
constexpr int kDeepest = 10;  // conditions in conditions
constexpr std::string_view kCharts = "io.kestra.plugin.core.dashboard.chart.";
constexpr std::string_view kData = "io.kestra.plugin.core.dashboard.data.";
constexpr std::string_view kOurs = "io.kestra.plugin.";  // may be left out

constexpr ChartField kExecutions[] = {{"ID"},
                                      {"NAMESPACE"},
                                      {"FLOW_ID"},
                                      {"FLOW_REVISION", Number},
                                      {"STATE"},
                                      {"DURATION", Number},
                                      {"LABELS", Labels},
                                      {"START_DATE", Time},
                                      {"END_DATE", Time},
                                      {"TRIGGER_EXECUTION_ID"}};
constexpr ChartField kLogs[] = {{"NAMESPACE"},  {"FLOW_ID"},     {"EXECUTION_ID"},           {"TASK_ID"},
                                {"DATE", Time}, {"TASK_RUN_ID"}, {"ATTEMPT_NUMBER", Number}, {"TRIGGER_ID"},
                                {"LEVEL"},      {"MESSAGE"}};
constexpr ChartField kMetrics[] = {{"NAMESPACE"}, {"FLOW_ID"}, {"TASK_ID"},       {"EXECUTION_ID"}, {"TASK_RUN_ID"},
                                   {"TYPE"},      {"NAME"},    {"VALUE", Number}, {"DATE", Time}};
constexpr ChartField kFlows[] = {{"ID"}, {"NAMESPACE"}, {"REVISION", Number}};
constexpr ChartField kTriggers[] = {
    {"ID"}, {"NAMESPACE"}, {"FLOW_ID"}, {"TRIGGER_ID"}, {"EXECUTION_ID"}, {"NEXT_EXECUTION_DATE", Time}, {"WORKER_ID"}};

const std::vector<std::string> kChartTypes{"TimeSeries", "Bar", "Pie", "Table", "Markdown", "KPI"};
const std::vector<std::string> kSources{"Executions", "Logs", "Metrics", "Flows", "Triggers"};  // as in ChartSource
const std::vector<std::string> kAggregations{"COUNT", "SUM", "AVG", "MIN", "MAX"};
const std::vector<std::string> kWithoutValue{"IS_NULL", "IS_NOT_NULL", "IS_TRUE", "IS_FALSE"};
const std::vector<std::string> kConditions{"EQUAL_TO",
                                           "NOT_EQUAL_TO",
                                           "GREATER_THAN",
                                           "GREATER_THAN_OR_EQUAL_TO",
                                           "LESS_THAN",
                                           "LESS_THAN_OR_EQUAL_TO",
                                           "IN",
                                           "NOT_IN",
                                           "IS_NULL",
                                           "IS_NOT_NULL",
                                           "IS_TRUE",
                                           "IS_FALSE",
                                           "STARTS_WITH",
                                           "ENDS_WITH",
                                           "CONTAINS",
                                           "REGEX",
                                           "OR"};

bool has(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// With what was probably meant, or what could be.
std::string at_end(const std::string& message, std::string_view word, const std::vector<std::string>& known) {
    const std::string near = did_you_mean(word, known);
    return near.empty() ? fmt::format("{} (expected {})", message, fmt::join(known, ", ")) : message + near;
}

/// Reads a map; what it may hold is told by name.
const Node* entries(Reading& reading, const Node& map, const std::string& path, const std::vector<std::string>& known) {
    if (!map.is_map()) {
        reading.error(map, path, "expected a map");
        return nullptr;
    }
    for (const Node::Entry& entry : map.entries) {
        if (has(known, entry.key)) continue;
        reading.error_at(entry.line, entry.column, under(path, entry.key),
                         at_end(fmt::format("Unrecognized property `{}`", entry.key), entry.key, known));
    }
    return &map;
}

std::string text_at(Reading& reading, const Node& map, const std::string& path, std::string_view key) {
    const Node* found = map.find(key);
    return found != nullptr ? read_text(reading, *found, under(path, key)) : "";
}

/// The text of an entry that must be there.
std::string needed(Reading& reading, const Node& map, const std::string& path, std::string_view key) {
    std::string out = text_at(reading, map, path, key);
    if (out.empty()) reading.error(map, under(path, key), "must not be blank");
    return out;
}

std::string word_at(Reading& reading, const Node& map, const std::string& path, std::string_view key,
                    const std::vector<std::string>& words) {
    const Node* found = map.find(key);
    const std::string text = found != nullptr ? read_text(reading, *found, under(path, key)) : "";
    if (text.empty() || has(words, text)) return text;
    reading.error(*found, under(path, key), "{}", at_end(fmt::format("there is no '{}'", text), text, words));
    return "";
}

/// "TimeSeries" of "io.kestra.plugin.core.dashboard.chart.TimeSeries", or of "core.dashboard.chart.TimeSeries"
std::string type_at(Reading& reading, const Node& map, const std::string& path, std::string_view prefix,
                    const std::vector<std::string>& known) {
    const std::string whole = needed(reading, map, path, "type");
    if (whole.empty()) return "";
    std::string_view name = whole;
    if (name.starts_with(prefix))
        name.remove_prefix(prefix.size());
    else if (name.starts_with(prefix.substr(kOurs.size())))
        name.remove_prefix(prefix.size() - kOurs.size());
    if (has(known, name)) return std::string(name);
    reading.error(*map.find("type"), under(path, "type"), "{}", at_end("Invalid type: " + whole, name, known));
    return "";
}

bool fits(ChartField::Kind kind, const std::string& value) {
    double number = 0;
    if (kind == Time) return parse_iso(value).has_value();
    if (kind != Number) return true;
    const char* end = value.data() + value.size();
    const auto [at, failed] = std::from_chars(value.data(), end, number);
    return failed == std::errc{} && at == end;
}

/// The field that is named at `key`; empty: none is, or none that the source has, which is told.
const ChartField* field_at(Reading& reading, const Node& map, const std::string& path, ChartSource source) {
    const Node* node = map.find("field");
    if (node == nullptr) return nullptr;
    const std::string name = read_text(reading, *node, under(path, "field"));
    if (const ChartField* found = find_field(source, name)) return found;
    std::vector<std::string> known;
    for (const ChartField& one : fields_of(source)) known.emplace_back(one.name);
    reading.error(*node, under(path, "field"), "{}", at_end(fmt::format("there is no field '{}'", name), name, known));
    return nullptr;
}

std::string label_key(Reading& reading, const Node& map, const std::string& path, const ChartField* field) {
    std::string key = text_at(reading, map, path, "labelKey");
    if (field != nullptr && field->kind == Labels && key.empty())
        reading.error(map, under(path, "labelKey"), "LABELS need the key of a label");
    return key;
}

std::vector<ChartCondition> read_where(Reading& reading, const Node* list, const std::string& path, ChartSource source,
                                       int depth);

ChartCondition read_condition(Reading& reading, const Node& map, const std::string& path, ChartSource source,
                              int depth) {
    ChartCondition out;
    if (!entries(reading, map, path, {"type", "field", "labelKey", "value", "values"})) return out;
    out.type = word_at(reading, map, path, "type", kConditions);
    if (out.type.empty() && text_at(reading, map, path, "type").empty())
        reading.error(map, under(path, "type"), "must not be blank");
    if (out.type == "OR") {
        out.any_of = read_where(reading, map.find("values"), under(path, "values"), source, depth + 1);
        if (out.any_of.empty()) reading.error(map, under(path, "values"), "expected at least one condition");
        return out;
    }
    const ChartField* field = field_at(reading, map, path, source);
    if (field == nullptr) {
        if (map.find("field") == nullptr) reading.error(map, under(path, "field"), "must not be blank");
        return out;
    }
    out.field = field->name;
    out.label_key = label_key(reading, map, path, field);
    const bool many = out.type == "IN" || out.type == "NOT_IN";
    const std::string_view key = many ? "values" : "value";
    const Node* given = map.find(key);
    if (has(kWithoutValue, out.type) || out.type.empty()) return out;
    if (given == nullptr) {
        reading.error(map, under(path, key), "{} needs it", out.type);
        return out;
    }
    out.values = many ? read_texts(reading, *given, under(path, key))
                      : std::vector{read_text(reading, *given, under(path, key))};
    for (const std::string& value : out.values) {
        if (fits(field->kind, value)) continue;
        reading.error(*given, under(path, key), "expected {} for {}, found '{}'",
                      field->kind == Time ? "a date such as 2026-01-31T10:00:00Z" : "a number", out.field, value);
    }
    return out;
}

std::vector<ChartCondition> read_where(Reading& reading, const Node* list, const std::string& path, ChartSource source,
                                       int depth) {
    std::vector<ChartCondition> out;
    if (list == nullptr || list->is_null()) return out;
    if (!list->is_list() || depth > kDeepest) {
        reading.error(*list, path, "{}", list->is_list() ? "too deep" : "expected a list of conditions");
        return out;
    }
    for (std::size_t i = 0; i < list->items.size(); ++i)
        out.push_back(read_condition(reading, list->items[i], under(path, i), source, depth));
    return out;
}

ChartColumn read_column(Reading& reading, const Node& map, const std::string& path, ChartSource source) {
    ChartColumn out;
    if (!entries(reading, map, path, {"field", "displayName", "agg", "graphStyle", "labelKey", "columnAlignment"}))
        return out;
    const ChartField* field = field_at(reading, map, path, source);
    out.aggregation = word_at(reading, map, path, "agg", kAggregations);
    word_at(reading, map, path, "graphStyle", {"LINES", "BARS", "POINTS"});
    word_at(reading, map, path, "columnAlignment", {"LEFT", "RIGHT", "CENTER"});
    out.label_key = label_key(reading, map, path, field);
    if (field != nullptr)
        out.field = field->name;
    else if (map.find("field") == nullptr && out.aggregation != "COUNT")
        reading.error(map, under(path, "field"), "must not be blank, unless rows are counted (agg: COUNT)");
    const bool reckons = out.aggregation == "SUM" || out.aggregation == "AVG";
    if (field != nullptr && reckons && field->kind != Number)
        reading.error(map, under(path, "agg"), "{} wants a number, which {} is not", out.aggregation, field->name);
    return out;
}

void read_columns(Reading& reading, const Node& data, const std::string& path, ChartData& out) {
    const Node* columns = data.find("columns");
    const std::string at = under(path, "columns");
    if (columns == nullptr || !columns->is_map() || columns->entries.empty()) {
        reading.error(columns != nullptr ? *columns : data, at, "expected at least one column");
        return;
    }
    if (out.is_number) {
        out.columns.push_back(read_column(reading, *columns, at, out.source));
        out.columns.back().name = "value";
        if (out.columns.back().aggregation.empty()) reading.error(*columns, under(at, "agg"), "must not be blank");
        return;
    }
    if (columns->entries.size() > kMostColumns) reading.error(*columns, at, "at most {} columns", kMostColumns);
    for (const Node::Entry& entry : columns->entries) {
        out.columns.push_back(read_column(reading, entry.value, under(at, entry.key), out.source));
        out.columns.back().name = entry.key;
    }
}

void read_order(Reading& reading, const Node& data, const std::string& path, ChartData& out) {
    const Node* list = data.find("orderBy");
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const Node& one = list->items[i];
        const std::string at = under(under(path, "orderBy"), i);
        if (!entries(reading, one, at, {"column", "order"})) continue;
        const std::string name = needed(reading, one, at, "column");
        const auto found =
            std::find_if(out.columns.begin(), out.columns.end(), [&](const ChartColumn& c) { return c.name == name; });
        if (found == out.columns.end() && !name.empty())
            reading.error(one, under(at, "column"), "there is no column '{}'", name);
        const std::string order = word_at(reading, one, at, "order", {"ASC", "DESC"});
        out.order_by.push_back({static_cast<std::size_t>(found - out.columns.begin()), order == "DESC"});
    }
}

std::optional<ChartData> read_data(Reading& reading, const Node& chart, const std::string& chart_path,
                                   const Chart& of) {
    const Node* data = chart.find("data");
    const std::string path = under(chart_path, "data");
    ChartData out{.is_number = of.type == "KPI"};
    if (data == nullptr) {
        reading.error(chart, path, "must not be blank");
        return {};
    }
    std::vector<std::string> known{"type", "columns", "where"};
    known.emplace_back(out.is_number ? "numerator" : "orderBy");
    if (!entries(reading, *data, path, known)) return {};
    std::vector<std::string> names = kSources;
    for (std::string& name : names) name += out.is_number ? "KPI" : "";
    const std::string type = type_at(reading, *data, path, kData, names);
    if (type.empty()) return {};
    out.source = static_cast<ChartSource>(std::find(names.begin(), names.end(), type) - names.begin());
    read_columns(reading, *data, path, out);
    out.where = read_where(reading, data->find("where"), under(path, "where"), out.source, 0);
    read_order(reading, *data, path, out);
    out.numerator = read_where(reading, data->find("numerator"), under(path, "numerator"), out.source, 0);
    const Node* options = chart.find("chartOptions");
    if (out.is_number && options != nullptr && options->is_map())
        out.is_percentage = word_at(reading, *options, under(chart_path, "chartOptions"), "numberType",
                                    {"FLAT", "PERCENTAGE"}) == "PERCENTAGE";
    return out;
}

/// Options that name a column name one that is there.
void check_options(Reading& reading, const Node& map, const std::string& chart_path, const Chart& chart) {
    const Node* options = map.find("chartOptions");
    const std::string path = under(chart_path, "chartOptions");
    if (options == nullptr || options->is_null()) {
        if (chart.type == "TimeSeries") reading.error(map, under(path, "column"), "must not be blank");
        return;
    }
    if (!options->is_map()) return reading.error(*options, path, "expected a map");
    if (!chart.data) return;
    for (const std::string_view key : {"column", "colorByColumn"}) {
        const Node* node = options->find(key);
        if (node == nullptr) continue;
        const auto& columns = chart.data->columns;
        const bool is_there =
            std::any_of(columns.begin(), columns.end(), [&](const ChartColumn& c) { return c.name == node->text; });
        if (!is_there) reading.error(*node, under(path, key), "there is no column '{}'", node->text);
    }
    if (chart.type == "TimeSeries" && options->find("column") == nullptr)
        reading.error(*options, under(path, "column"), "must not be blank");
}

Chart read_chart(Reading& reading, const Node& map, const std::string& path) {
    Chart out;
    if (!entries(reading, map, path, {"id", "type", "chartOptions", "data", "content", "source"})) return out;
    out.id = needed(reading, map, path, "id");
    if (!out.id.empty() && !is_name(out.id, "._-"))
        reading.error(*map.find("id"), under(path, "id"), "'{}' must match ^[a-zA-Z0-9][a-zA-Z0-9._-]*", out.id);
    out.type = type_at(reading, map, path, kCharts, kChartTypes);
    if (out.type.empty()) return out;
    if (out.type == "Markdown") {
        const Node* source = map.find("source");
        out.content = source != nullptr && source->is_map()
                          ? text_at(reading, *source, under(path, "source"), "content")
                          : text_at(reading, map, path, "content");
        return out;
    }
    out.data = read_data(reading, map, path, out);
    check_options(reading, map, path, out);
    return out;
}

void read_window(Reading& reading, const Node& document, Dashboard& out) {
    const Node* window = document.find("timeWindow");
    if (window == nullptr || window->is_null() || !entries(reading, *window, "timeWindow", {"default", "max"})) return;
    for (const auto& [key, to] : {std::pair("default", &out.default_window), std::pair("max", &out.longest_window)}) {
        const Node* given = window->find(key);
        if (given == nullptr) continue;
        if (const auto read = read_duration(reading, *given, under("timeWindow", key))) *to = *read;
    }
    if (out.default_window > out.longest_window)
        reading.error(*window, "timeWindow.default", "must not be longer than timeWindow.max");
}

void read_charts(Reading& reading, const Node& document, Dashboard& out) {
    const Node* charts = document.find("charts");
    if (charts == nullptr || !charts->is_list() || charts->items.empty()) {
        reading.error(charts != nullptr ? *charts : document, "charts", "expected at least one chart");
        return;
    }
    if (charts->items.size() > kMostCharts) reading.error(*charts, "charts", "at most {} charts", kMostCharts);
    for (std::size_t i = 0; i < charts->items.size(); ++i) {
        Chart one = read_chart(reading, charts->items[i], under("charts", i));
        if (!one.id.empty() && out.chart(one.id) != nullptr)
            reading.error(charts->items[i], under(under("charts", i), "id"), "Duplicate chart id [{}]", one.id);
        out.charts.push_back(std::move(one));
    }
}

}  // namespace dashboard

std::span<const ChartField> fields_of(ChartSource source) {
    using namespace dashboard;
    switch (source) {
        case ChartSource::Executions:
            return kExecutions;
        case ChartSource::Logs:
            return kLogs;
        case ChartSource::Metrics:
            return kMetrics;
        case ChartSource::Flows:
            return kFlows;
        case ChartSource::Triggers:
            return kTriggers;
    }
    return {};
}

const ChartField* find_field(ChartSource source, std::string_view name) {
    for (const ChartField& one : fields_of(source)) {
        if (one.name == name) return &one;
    }
    return nullptr;
}

bool ChartData::is_aggregated() const {
    return std::any_of(columns.begin(), columns.end(), [](const ChartColumn& c) { return !c.aggregation.empty(); });
}

const Chart* Dashboard::chart(std::string_view name) const {
    const auto found = std::find_if(charts.begin(), charts.end(), [&](const Chart& one) { return one.id == name; });
    return found != charts.end() ? &*found : nullptr;
}

ParsedDashboard parse_dashboard(std::string_view yaml, const Catalog& catalog) {
    using namespace dashboard;
    const auto document = parse_yaml(yaml);
    if (!document) return {{}, {document.error()}};
    const ParseOptions options;
    Reading reading{catalog, options};
    Dashboard out;
    if (entries(reading, *document, "", {"id", "title", "description", "timeWindow", "charts"})) {
        out.id = text_at(reading, *document, "", "id");
        if (!out.id.empty() && !is_name(out.id, "._-"))
            reading.error(*document->find("id"), "id", "'{}' must match ^[a-zA-Z0-9][a-zA-Z0-9._-]*", out.id);
        out.title = needed(reading, *document, "", "title");
        text_at(reading, *document, "", "description");
        read_window(reading, *document, out);
        read_charts(reading, *document, out);
        out.definition = to_value(*document);
    }
    if (!reading.errors.empty()) return {{}, std::move(reading.errors)};
    return {std::move(out), {}};
}

ParsedChart parse_chart(std::string_view yaml, const Catalog& catalog) {
    using namespace dashboard;
    const auto document = parse_yaml(yaml);
    if (!document) return {{}, {document.error()}};
    const ParseOptions options;
    Reading reading{catalog, options};
    Chart out = read_chart(reading, *document, "");
    if (!reading.errors.empty()) return {{}, std::move(reading.errors)};
    return {std::move(out), {}};
}

}  // namespace sluice::flow
