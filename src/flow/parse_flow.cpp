#include "flow/parse_flow.h"

#include <algorithm>

#include "flow/reading.h"

namespace sluice::flow {
namespace {

void check_flow_id(Reading& reading, const Node& document) {
    static const std::set<std::string_view> reserved{"pause",      "resume", "force-run", "change-status", "kill",
                                                     "executions", "search", "source",    "disable",       "enable"};
    const auto check = [&](const char* name, bool lower_only, std::size_t longest, const char* pattern) {
        const Node* node = document.find(name);
        if (node == nullptr || node->is_null()) return reading.error(document, name, "must not be null");
        const std::string text = read_text(reading, *node, name);
        if (text.empty()) return reading.error(*node, name, "must not be empty");
        const bool has_upper = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
        if (!is_name(text, "._-") || (lower_only && has_upper))
            reading.error(*node, name, "must match \"{}\"", pattern);
        if (text.size() > longest) reading.error(*node, name, "size must be between 1 and {}", longest);
        if (reserved.contains(text) && std::string_view(name) == "id") {
            reading.error(*node, name, "'{}' is reserved: it is a word of the API's addresses", text);
        }
    };
    check("id", false, 100, "^[a-zA-Z0-9][a-zA-Z0-9._-]*");
    check("namespace", true, 150, "^[a-z0-9][a-z0-9._-]*");
}

/// The lines of a text, each with its end.
std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        out.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return out;
}

void skip(std::string_view& text, std::string_view any_of) {
    text.remove_prefix(std::min(text.find_first_not_of(any_of), text.size()));
}

/// "revision: 7", perhaps with a comment.
bool is_revision(std::string_view line) {
    constexpr std::string_view kKey = "revision:";
    if (!line.starts_with(kKey)) return false;
    line.remove_prefix(kKey.size());
    skip(line, " \t");
    const std::size_t before = line.size();
    skip(line, "0123456789");
    if (line.size() == before) return false;
    skip(line, " \t");
    return line.empty() || line == "\n" || line == "\r\n" || line.front() == '#';
}

/// How many bytes "disabled: true" or "disabled: false" has at the beginning of a line; 0: it is something else.
std::size_t length_of_disabled(std::string_view line) {
    constexpr std::string_view kKey = "disabled";
    if (!line.starts_with(kKey)) return 0;
    std::string_view rest = line.substr(kKey.size());
    skip(rest, " \t");
    if (!rest.starts_with(':')) return 0;
    rest.remove_prefix(1);
    skip(rest, " \t");
    const std::size_t word = rest.starts_with("true") ? 4 : rest.starts_with("false") ? 5 : 0;
    return word == 0 ? 0 : line.size() - rest.size() + word;
}

void read_listeners(Reading& reading, Flow& flow, const Node& list) {
    reading.deprecations.emplace_back("listeners");
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        const std::string here = under("listeners", i);
        Listener listener;
        if (const Node* conditions = list.items[i].find("conditions")) {
            listener.conditions = read_conditions(reading, *conditions, under(here, "conditions"));
        }
        if (const Node* tasks = list.items[i].find("tasks")) {
            listener.tasks = read_tasks(reading, *tasks, under(here, "tasks"));
        }
        if (listener.tasks.empty()) reading.error(list.items[i], under(here, "tasks"), "must not be empty");
        flow.listeners.push_back(std::move(listener));
    }
}

void read_root(Reading& reading, Flow& flow, const Node& document) {
    for (const char* name : {"tasks", "errors", "finally", "afterExecution"}) {
        const Node* node = document.find(name);
        flow.root.push_back({name, node != nullptr ? read_tasks(reading, *node, name) : Tasks()});
    }
    const Node* tasks = document.find("tasks");
    if (tasks == nullptr || tasks->is_null() || (tasks->is_list() && tasks->items.empty())) {
        const Node& at = tasks != nullptr ? *tasks : document;
        reading.error(at, "tasks", "must not be empty");
    }
}

void read_body(Reading& reading, Flow& flow, const Node& document) {
    const auto part = [&](const char* name, auto read) {
        const Node* node = document.find(name);
        if (node != nullptr && !node->is_null()) read(*node);
    };
    part("description", [&](const Node& n) { flow.description = read_text(reading, n, "description"); });
    part("labels", [&](const Node& n) { flow.labels = read_labels(reading, n, "labels", true); });
    part("inputs", [&](const Node& n) { flow.inputs = read_inputs(reading, n, "inputs"); });
    part("variables", [&](const Node& n) {
        if (!n.is_map()) return reading.error(n, "variables", "expected a map");
        check_expressions(reading, n, "variables");
        flow.variables = to_value(n);
    });
    read_root(reading, flow, document);
    part("listeners", [&](const Node& n) { read_listeners(reading, flow, n); });
    part("triggers", [&](const Node& n) { flow.triggers = read_triggers(reading, n, "triggers"); });
    part("concurrency", [&](const Node& n) { flow.concurrency = read_concurrency(reading, n, "concurrency"); });
    part("retry", [&](const Node& n) { flow.retry = read_retry(reading, n, "retry"); });
    part("sla", [&](const Node& n) { flow.sla = read_sla(reading, n, "sla"); });
    part("checks", [&](const Node& n) { flow.checks = read_checks(reading, n, "checks"); });
    part("workerGroup", [&](const Node& n) { flow.worker_group = read_worker_group(reading, n, "workerGroup"); });
    part("disabled", [&](const Node& n) { flow.disabled = read_bool(reading, n, "disabled", false); });
    // Last: what the outputs refer to belongs to the flow, not to a task.
    reading.output_roots.clear();
    reading.reads_all_outputs = false;
    part("outputs", [&](const Node& n) { flow.outputs = read_outputs(reading, n, "outputs"); });
    for (const Sla& sla : flow.sla) {
        if (!sla.assertion.empty()) reading.reads_all_outputs = true;
    }
    flow.output_roots.assign(reading.output_roots.begin(), reading.output_roots.end());
    flow.reads_all_outputs = reading.reads_all_outputs;
}

void index_branch(Flow& flow, const Tasks& tasks, const Task* parent, std::size_t branch) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        flow.places.try_emplace(tasks[i].id, TaskPlace{&tasks[i], parent, branch, i});
        for (std::size_t b = 0; b < tasks[i].branches.size(); ++b) {
            index_branch(flow, tasks[i].branches[b].tasks, &tasks[i], b);
        }
    }
}

/// The plugin defaults of the flow itself come before those of the namespace and the instance.
void lay_in_defaults(Reading& reading, const FlowId& id, Node& document) {
    std::vector<PluginDefault> all;
    for (const char* name : {"pluginDefaults", "taskDefaults"}) {
        const Node* node = document.find(name);
        if (node == nullptr) continue;
        if (std::string_view(name) == "taskDefaults") reading.deprecations.emplace_back(name);
        for (PluginDefault& one : read_plugin_defaults(reading, *node, name)) all.push_back(std::move(one));
    }
    if (reading.options.namespace_defaults) {
        for (PluginDefault& one : reading.options.namespace_defaults(id.namespace_name)) all.push_back(std::move(one));
    }
    all.insert(all.end(), reading.options.defaults.begin(), reading.options.defaults.end());
    if (!all.empty()) inject_defaults(document, reading.catalog, all);
}

}  // namespace

ParsedFlow parse_flow(std::string_view yaml, const Catalog& catalog, const ParseOptions& options) {
    ParsedFlow out;
    auto document = parse_yaml(yaml, options.first_line);
    if (!document) {
        Error error = document.error();
        error.message = "Illegal flow yaml: " + error.message;
        error.place.file = options.file;
        out.errors.push_back(std::move(error));
        return out;
    }
    Reading reading{catalog, options};
    auto flow = std::make_shared<Flow>();
    flow->revision = options.revision;
    if (!document->is_map()) {
        reading.error(*document, "", "Illegal flow yaml: expected a map with id, namespace and tasks");
    } else {
        out.definition = to_value(*document);
        flow->id = {std::string(document->text_of("namespace")), std::string(document->text_of("id"))};
        if (const Node* revision = document->find("revision"))
            out.revision = read_integer(reading, *revision, "revision");
        lay_in_defaults(reading, flow->id, *document);
        check_unknown(reading, {&flow_properties()}, *document, "", "flow");
        check_flow_id(reading, *document);
        read_body(reading, *flow, *document);
        for (std::size_t b = 0; b < flow->root.size(); ++b) index_branch(*flow, flow->root[b].tasks, nullptr, b);
        for (std::size_t i = 0; i < flow->listeners.size(); ++i) {
            index_branch(*flow, flow->listeners[i].tasks, nullptr, flow->root.size() + i);
        }
        check_flow(reading, *flow, *document);
    }
    std::stable_sort(reading.errors.begin(), reading.errors.end(), [](const Error& a, const Error& b) {
        return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
    out.id = flow->id;
    out.flow = std::move(flow);
    out.errors = std::move(reading.errors);
    out.warnings = std::move(reading.warnings);
    out.infos = std::move(reading.infos);
    out.deprecations = std::move(reading.deprecations);
    return out;
}

Error ParsedFlow::error() const {
    Error all{ErrorCode::Invalid, "Invalid entity: ", {}, errors, ""};
    for (const Error& one : errors) {
        if (&one != &errors.front()) all.message += ", ";
        all.message += one.place.property.empty() ? one.message : one.place.property + ": " + one.message;
    }
    return all;
}

std::string without_revision(std::string_view source) {
    std::string out;
    for (const std::string_view line : lines_of(source)) {
        if (!is_revision(line)) out += line;
    }
    return out;
}

std::string with_disabled(std::string_view source, bool disabled) {
    const std::string wanted = disabled ? "disabled: true" : "disabled: false";
    std::string out;
    bool found = false;
    for (const std::string_view line : lines_of(source)) {
        const std::size_t length = found ? 0 : length_of_disabled(line);
        if (length > 0) out += wanted;
        out += line.substr(length);
        found = found || length > 0;
    }
    if (found) return out;
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out + "\n" + wanted + "\n";
}

}  // namespace sluice::flow
