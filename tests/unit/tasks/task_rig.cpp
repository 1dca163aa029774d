#include "unit/tasks/task_rig.h"

#include "flow/parse_flow.h"
#include "plugin/masking.h"
#include "storage/layout.h"
#include "tasks/catalog.h"

namespace sluice::test {

tasks::TaskSettings without_engine() {
    tasks::TaskSettings out;
    out.docker.host = "unix:///there/is/no/engine.sock";
    return out;
}

namespace {

/// Parsed flows name its types, so catalogues stay.
const plugin::TaskCatalog& catalog(const std::optional<tasks::TaskSettings>& settings) {
    static const plugin::TaskCatalog usual = tasks::builtin_catalog(without_engine());
    if (!settings) return usual;
    static std::vector<std::unique_ptr<plugin::TaskCatalog>> others;
    return *others.emplace_back(std::make_unique<plugin::TaskCatalog>(tasks::builtin_catalog(*settings)));
}

std::string indented(const std::string& yaml) {
    std::string out;
    for (std::size_t from = 0; from < yaml.size();) {
        const std::size_t end = std::min(yaml.find('\n', from), yaml.size());
        out += "    " + yaml.substr(from, end - from) + "\n";
        from = end + 1;
    }
    return out;
}

}  // namespace

TaskRig::TaskRig() {
    std::string name = (std::filesystem::temp_directory_path() / "sluice-task-XXXXXX").string();
    ensure(mkdtemp(name.data()) != nullptr, "no temporary folder");
    folder_ = name;
    place_ = {{"company.team", "f"}, 1, ExecutionId{"e1"}, "t", TaskRunId{"r1"}, 0};
}

TaskRig::~TaskRig() {
    std::error_code ignored;  // left-overs in /tmp harm nobody
    std::filesystem::remove_all(folder_, ignored);
}

Result<Value> TaskRig::run(const std::string& type, const std::string& yaml, const std::string& part) {
    const std::string text =
        "id: f\nnamespace: company.team\ntasks:\n  - id: t\n    type: io.kestra.plugin." + type + "\n" + indented(yaml);
    const plugin::TaskCatalog& types = catalog(settings);
    const auto parsed = flow::parse_flow(text, types.types());
    if (!parsed.ok()) return tl::unexpected(parsed.error());
    flow_ = parsed.flow;
    task_ = flow_->place(part)->task;
    place_.task_id = part;
    const plugin::TaskType* code = types.find(task_->info->name);
    ensure(code != nullptr, "nothing runs {}", type);
    const auto properties = plugin::rendered_properties(*code, task_->properties, *this);
    if (!properties) return tl::unexpected(properties.error());
    return code->run(*properties, *this);
}

Result<Value> TaskRig::poll(const std::string& type, const std::string& yaml) {
    const std::string text =
        "id: f\nnamespace: company.team\ntasks:\n  - {id: l, type: core.log.Log, message: x}\n"
        "triggers:\n  - id: t\n    type: io.kestra.plugin." +
        type + "\n" + indented(yaml);
    const plugin::TaskCatalog& types = catalog(settings);
    const auto parsed = flow::parse_flow(text, types.types());
    if (!parsed.ok()) return tl::unexpected(parsed.error());
    flow_ = parsed.flow;
    const flow::Trigger& trigger = flow_->triggers.front();
    const plugin::TaskType* code = types.find(trigger.info->name);
    ensure(code != nullptr, "nothing evaluates {}", type);
    const auto properties = plugin::rendered_properties(*code, trigger.properties, *this);
    if (!properties) return tl::unexpected(properties.error());
    return code->run(*properties, *this);
}

process::Supervisor& TaskRig::processes() {
    static process::Supervisor shared;  // starting one takes longer than most tests
    return shared;
}

std::string TaskRig::log_text() const {
    std::string out;
    for (const Line& line : lines)
        out += fmt::format("{}{} {}", out.empty() ? "" : "|", to_text(line.level), line.message);
    return out;
}

std::string TaskRig::file(const std::string& address) const {
    return ok(files.get(ok(storage::Uri::parse(address)), 1 << 20));
}

void TaskRig::put_file(const std::string& address, const std::string& text) {
    ok(files.put(ok(storage::Uri::parse(address)), text));
}

std::optional<double> TaskRig::metric_value(const std::string& name) const {
    for (const Measure& measure : metrics) {
        if (measure.name == name) return measure.value;
    }
    return {};
}

void TaskRig::log(LogLevel level, std::string message) {
    lines.push_back({level, plugin::masked(std::move(message), environment.secrets_read())});
}

void TaskRig::metric(std::string name, std::string kind, double value, Value tags) {
    metrics.push_back({std::move(name), std::move(kind), value, std::move(tags)});
}

Value TaskRig::with(const Map& more) const {
    Value all = names;
    for (const auto& [key, value] : more) all.mutable_map().set(key, value);
    return all;
}

Result<std::string> TaskRig::render(std::string_view text, const Map& more) {
    return expr::render(text, with(more), environment);
}

Result<Value> TaskRig::render_typed(std::string_view text, const Map& more) {
    auto parsed = expr::parse(text);
    if (!parsed) return tl::unexpected(parsed.error());
    return expr::render_typed(**parsed, with(more), environment);
}

Result<Value> TaskRig::render_tree(const Value& tree, const Map& more) {
    return expr::render_tree(tree, with(more), environment);
}

std::filesystem::path TaskRig::made(const char* name) const {
    std::filesystem::create_directories(folder_ / name);
    return folder_ / name;
}

Result<storage::Uri> TaskRig::file_address(std::string_view name) {
    return storage::task_folder({"company.team", "f", "e1"}, "t", "r1").below(name);
}

std::optional<plugin::KeyValue> RigKeyValues::find(const std::string& name_space, const std::string& key) {
    const auto found = rows.find(name_space + "/" + key);
    return found != rows.end() ? std::optional(found->second) : std::nullopt;
}

bool RigKeyValues::set(const std::string& name_space, const plugin::KeyValue& value, std::optional<Duration> ttl,
                       bool overwrite) {
    last_ttl = ttl;
    if (!overwrite && rows.contains(name_space + "/" + value.key)) return false;
    rows[name_space + "/" + value.key] = value;
    return true;
}

bool RigKeyValues::remove(const std::string& name_space, const std::string& key) {
    return rows.erase(name_space + "/" + key) > 0;
}

std::vector<std::string> RigKeyValues::keys(const std::string& name_space, const std::string& prefix) {
    std::vector<std::string> out;
    for (const auto& [name, row] : rows) {
        if (name.starts_with(name_space + "/" + prefix)) out.push_back(row.key);
    }
    return out;
}

std::int64_t RigRecords::count(const plugin::RecordFilter& wanted) {
    filter = wanted;
    return counts[wanted.name_space + (wanted.flow_id.empty() ? "" : "/" + wanted.flow_id)];
}

std::optional<std::vector<Value>> RigRecords::outputs_of_children(const plugin::TaskPlace&, const std::string& task_id,
                                                                  std::int64_t piece) {
    asked_children_of = task_id;
    if (static_cast<std::size_t>(piece) >= pieces.size()) return {};
    return pieces[static_cast<std::size_t>(piece)];
}

std::vector<std::string> RigRecords::ended(const plugin::RecordFilter& wanted, const std::string& after,
                                           std::size_t most) {
    filter = wanted;
    std::vector<std::string> out;
    for (const std::string& id : ids) {
        if (id > after && out.size() < most) out.push_back(id);
    }
    return out;
}

std::optional<flow::FlowId> RigRecords::flow_of(const std::string& execution_id) {
    if (execution_id == "unknown") return {};
    return flow::FlowId{"company.team", "f"};
}

Result<void> RigRecords::resume(const std::string& execution_id, const Value&) {
    resumed.push_back(execution_id);
    return {};
}

std::vector<plugin::LogRecord> RigRecords::logs(const plugin::RecordFilter& wanted, std::int64_t after,
                                                std::size_t most) {
    filter = wanted;
    std::vector<plugin::LogRecord> out;
    for (const plugin::LogRecord& line : lines) {
        if (line.seq > after && out.size() < most) out.push_back(line);
    }
    return out;
}

plugin::PurgeCount RigRecords::purge(const std::vector<std::string>& execution_ids, const plugin::PurgeWhat& what) {
    purged.insert(purged.end(), execution_ids.begin(), execution_ids.end());
    const auto count = static_cast<std::int64_t>(execution_ids.size());
    return {what.executions ? count : 0, what.logs ? 10 * count : 0, what.metrics ? count : 0};
}

std::int64_t RigRecords::purge_logs(const plugin::RecordFilter& wanted) {
    filter = wanted;
    return 7;
}

Result<void> RigRecords::set_trigger_disabled(const flow::FlowId& flow, const std::string& trigger, bool disabled) {
    toggled.push_back(flow.text() + "/" + trigger + (disabled ? " off" : " on"));
    return {};
}

}  // namespace sluice::test
