#pragma once
#include <set>

#include "flow/parse_flow.h"

namespace sluice::flow {

/// What the readers of one document share: the catalogue, and the mistakes found so far.
struct Reading {
    const Catalog& catalog;
    const ParseOptions& options;
    std::vector<Error> errors{};
    std::vector<Error> warnings{};
    std::vector<std::string> infos{};
    std::vector<std::string> deprecations{};
    /// What the expressions of the task that is being read refer to; they end up in Task::output_roots.
    std::set<std::string> output_roots{};
    bool reads_all_outputs = false;
    /// Every `outputs.<task>` with its place, to be held against the task ids at the end.
    std::vector<std::pair<std::string, Place>> output_uses{};

    Place place(int line, int column, const std::string& path) const { return Place{options.file, line, column, path}; }
    template <class... Args>
    void error(const Node& node, const std::string& path, fmt::format_string<Args...> format, Args&&... args) {
        error_at(node.line, node.column, path, fmt::format(format, std::forward<Args>(args)...));
    }
    void error_at(int line, int column, const std::string& path, std::string message);
    template <class... Args>
    void warn(const Node& node, const std::string& path, fmt::format_string<Args...> format, Args&&... args) {
        warnings.push_back(Error{ErrorCode::Invalid,
                                 fmt::format(format, std::forward<Args>(args)...),
                                 place(node.line, node.column, path),
                                 {},
                                 ""});
    }
};

/// "tasks[0]" + "id" → "tasks[0].id"
std::string under(const std::string& path, std::string_view key);
std::string under(const std::string& path, std::size_t index);

/// Whether a text begins with a letter or a digit, and has but these and `marks`.
bool is_name(std::string_view text, std::string_view marks);

// Readers of simple properties. A wrong form is a mistake and gives the default.
std::string read_text(Reading& reading, const Node& node, const std::string& path);
bool read_bool(Reading& reading, const Node& node, const std::string& path, bool otherwise);
std::optional<std::int64_t> read_integer(Reading& reading, const Node& node, const std::string& path);
std::optional<Duration> read_duration(Reading& reading, const Node& node, const std::string& path);
std::vector<std::string> read_texts(Reading& reading, const Node& node, const std::string& path);
std::optional<LogLevel> read_log_level(Reading& reading, const Node& node, const std::string& path);
std::vector<Label> read_labels(Reading& reading, const Node& node, const std::string& path, bool of_flow);

/// One of `values`, exactly; a mistake names the nearest.
std::string read_word(Reading& reading, const Node& node, const std::string& path,
                      const std::vector<std::string>& values);

/// A property of a declared shape, as the plain value that the task's code will see.
Value read_property(Reading& reading, const Property& property, const Node& node, const std::string& path);

/// Reads all entries of a map against declared properties: unknown ones, missing ones and wrong shapes are mistakes.
/// `taken` are names that the caller reads itself. Returns the values under their newest names.
Value read_properties(Reading& reading, const std::vector<Property>& properties, const Node& map,
                      const std::string& path, const std::set<std::string>& taken, std::string_view owner);

/// Only the unknown entries are told.
void check_unknown(Reading& reading, const std::vector<const std::vector<Property>*>& known, const Node& map,
                   const std::string& path, std::string_view owner);

/// Parses the text's expressions, if it has any; mistakes are told with their place in the file.
void check_expression(Reading& reading, const Node& scalar, const std::string& path);
/// The same for all texts in a tree.
void check_expressions(Reading& reading, const Node& node, const std::string& path);

// Readers of parts of a flow; each returns what could be read.
Tasks read_tasks(Reading& reading, const Node& list, const std::string& path);
std::vector<Input> read_inputs(Reading& reading, const Node& list, const std::string& path);
std::vector<FlowOutput> read_outputs(Reading& reading, const Node& list, const std::string& path);
std::vector<Trigger> read_triggers(Reading& reading, const Node& list, const std::string& path);
std::vector<Condition> read_conditions(Reading& reading, const Node& list, const std::string& path);
std::optional<Retry> read_retry(Reading& reading, const Node& map, const std::string& path);
std::optional<Concurrency> read_concurrency(Reading& reading, const Node& map, const std::string& path);
std::vector<Sla> read_sla(Reading& reading, const Node& list, const std::string& path);
std::vector<Check> read_checks(Reading& reading, const Node& list, const std::string& path);
std::optional<WorkerGroup> read_worker_group(Reading& reading, const Node& map, const std::string& path);
std::vector<PluginDefault> read_plugin_defaults(Reading& reading, const Node& list, const std::string& path);

/// The type that a map's `type` names; a mistake when it is missing, unknown, or of another category.
const TypeInfo* read_type(Reading& reading, const Node& map, const std::string& path, Category category);

/// Lays plugin defaults into every map that has a `type`.
/// Source  flows.md §1.6
void inject_defaults(Node& document, const Catalog& catalog, const std::vector<PluginDefault>& defaults);

/// Rules that join several parts of a flow: ids used twice, recursion, dependencies of inputs …
/// Source  flows.md §1.3
void check_flow(Reading& reading, const Flow& flow, const Node& document);

}  // namespace sluice::flow
