#include "unit/tasks/task_rig.h"

#include "expr/mask.h"
#include "flow/parse_flow.h"
#include "plugin/masking.h"
#include "storage/layout.h"
#include "tasks/catalog.h"

namespace sluice::test {
namespace {

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

tasks::Settings without_engine() {
    tasks::Settings out;
    out.docker.host = "unix:///there/is/no/engine.sock";
    return out;
}

const plugin::TaskCatalog& usual_catalog() {
    static const plugin::TaskCatalog usual = tasks::builtin_catalog(without_engine());
    return usual;
}

const plugin::TaskCatalog& TaskRig::catalog() const {
    return own_catalog_ ? *own_catalog_ : usual_catalog();
}

TaskRig::TaskRig(const tasks::Settings& settings) : TaskRig() {
    own_catalog_ = std::make_unique<plugin::TaskCatalog>(tasks::builtin_catalog(settings));
}

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

Result<Value> TaskRig::poll(const std::string& type, const std::string& yaml) {
    const std::string text =
        "id: f\nnamespace: company.team\ntasks:\n  - id: t\n    type: io.kestra.plugin.core.log.Log\n"
        "    message: x\ntriggers:\n  - id: t\n    type: io.kestra.plugin." +
        type + "\n" + indented(yaml);
    const auto parsed = flow::parse_flow(text, catalog().types());
    if (!parsed.ok()) return tl::unexpected(parsed.error());
    flow_ = parsed.flow;
    const flow::Trigger& trigger = flow_->triggers.front();
    const plugin::TaskType* code = catalog().find(trigger.info->name);
    ensure(code != nullptr, "nothing evaluates {}", type);
    const auto properties = plugin::rendered_properties(*code, trigger.properties, *this);
    if (!properties) return tl::unexpected(properties.error());
    return code->run(*properties, *this);
}

Result<Value> TaskRig::run(const std::string& type, const std::string& yaml, const std::string& part) {
    const std::string text =
        "id: f\nnamespace: company.team\ntasks:\n  - id: t\n    type: io.kestra.plugin." + type + "\n" + indented(yaml);
    const auto parsed = flow::parse_flow(text, catalog().types());
    if (!parsed.ok()) return tl::unexpected(parsed.error());
    flow_ = parsed.flow;
    task_ = flow_->place(part)->task;
    place_.task_id = part;
    const plugin::TaskType* code = catalog().find(task_->info->name);
    ensure(code != nullptr, "nothing runs {}", type);
    const auto properties = plugin::rendered_properties(*code, task_->properties, *this);
    if (!properties) return tl::unexpected(properties.error());
    return code->run(*properties, *this);
}

Result<Value> TaskRig::run_type(const plugin::TaskType& type, const Value& properties) {
    own_task_.id = place_.task_id;
    own_task_.type = type.info.name;
    own_task_.info = &type.info;
    own_task_.properties = properties;
    task_ = &own_task_;
    const auto rendered = plugin::rendered_properties(type, properties, *this);
    if (!rendered) return tl::unexpected(rendered.error());
    return type.run(*rendered, *this);
}

std::vector<std::string> TaskRig::hidden() const {
    std::vector<std::string> out = environment.secrets_read();
    out.insert(out.end(), credentials.begin(), credentials.end());
    return out;
}

bool TaskRig::holds_secret(std::string_view text) {
    return expr::Mask(hidden()).finds_any(text);
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
    on_log(message);
    lines.push_back({level, plugin::masked(std::move(message), hidden())});
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

std::optional<plugin::ExecutionSummary> RigRecords::summary(const std::string& execution_id) {
    const auto found = summaries.find(execution_id);
    return found != summaries.end() ? std::optional(found->second) : std::nullopt;
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

Result<void> RigRecords::set_trigger_disabled(const flow::FlowId& flow, const std::string& trigger, bool disabled,
                                              const std::string& by) {
    toggled.push_back(flow.text() + "/" + trigger + (disabled ? " off" : " on") + " by " + by);
    return {};
}

std::vector<plugin::StoredFlow> RigFlows::flows(const std::string& name_space, bool below) {
    std::vector<plugin::StoredFlow> out;
    for (const auto& [id, flow] : stored) {
        const std::string& name = id.namespace_name;
        if (name == name_space || (below && name.starts_with(name_space + "."))) out.push_back(flow);
    }
    return out;
}

std::vector<std::string> RigFlows::namespaces() {
    std::set<std::string> out;
    for (const auto& [id, flow] : stored) out.insert(id.namespace_name);
    return {out.begin(), out.end()};
}

Result<flow::FlowId> RigFlows::check(const std::string& source) {
    const auto parsed = flow::parse_flow(source, usual_catalog().types());
    if (!parsed.ok()) return tl::unexpected(parsed.error());
    return parsed.id;
}

Result<std::vector<plugin::SavedFlow>> RigFlows::apply(const plugin::FlowChanges& changes) {
    std::vector<plugin::SavedFlow> out;
    for (const std::string& source : changes.sources) {
        const auto id = check(source);
        if (!id) return tl::unexpected(id.error());
        const auto present = stored.find(*id);
        const bool is_new = present == stored.end();
        const bool changed = is_new || present->second.source != source;
        const std::int64_t revision = (is_new ? 0 : present->second.revision) + (changed ? 1 : 0);
        out.push_back({*id, revision, is_new, changed});
        if (!changes.dry_run) stored[*id] = {*id, revision, source};
    }
    for (const flow::FlowId& id : changes.removed) {
        if (!changes.dry_run) stored.erase(id);
    }
    return out;
}

}  // namespace sluice::test
