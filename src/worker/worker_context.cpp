#include "worker/worker_context.h"

#include "base/utf8.h"
#include "expr/render.h"
#include "expr/template.h"
#include "plugin/task_files.h"
#include "storage/layout.h"
#include "storage/storage.h"
#include "store/large_outputs.h"
#include "store/task_runs.h"
#include "value/json.h"

namespace sluice::worker {
namespace {
constexpr const char* kLogFile = "task.log";
}  // namespace

WorkerContext::WorkerContext(RunningTask& task, pg::Pool& pool, pg::Signals& signals, const Tools& tools,
                             Reporter& reporter, KeyReader& keys, const Folders& folders)
    : task_(task),
      pool_(pool),
      tools_(tools),
      reporter_(reporter),
      folders_(folders),
      now_(pool.clock().now()),
      place_{task.flow().id, task.flow().revision,     task.claim().execution_id,
             task.task().id, task.claim().task_run_id, static_cast<int>(task.info().run.attempts.size())},
      environment_(store::connection_of(pool), tools.instance, task.flow().id.namespace_name,
                   task.claim().execution_id.text(), now_),
      key_values_(pool, keys),
      execution_records_(pool, signals, task.flow().id.text() + "/" + task.task().id),
      flow_records_(pool, signals, tools.flows, tools.instance, task.flow().id.text() + "/" + task.task().id) {
    if (!task.task().log_to_file) return;
    log_file_.with([this](std::ofstream& file) { file.open(own_folder("log") / kLogFile); });
}

WorkerContext::~WorkerContext() {
    if (folder_.empty()) return;
    std::error_code failed;
    std::filesystem::remove_all(folder_, failed);
    if (failed) {
        const Logger log("worker");
        log.warn("folder.not_removed", {{"folder", folder_.string()}, {"reason", failed.message()}});
    }
}

const Value& WorkerContext::variables() const {
    std::call_once(variables_made_, [this] { variables_ = context_variables(); });
    return variables_;
}

Value WorkerContext::context_variables() const {
    const ExecutionId& id = task_.claim().execution_id;
    const auto with_outputs = [this](std::vector<engine::TaskRun> runs) {
        store::fetch_outputs(runs, environment_);
        return runs;
    };
    const engine::TaskRunReader runs{[this, id, with_outputs](std::string_view task_id) {
                                         return with_outputs(pool_.with_connection([&](pg::Connection& connection) {
                                             return store::load_task_runs_of(connection, id, {std::string(task_id)});
                                         }));
                                     },
                                     [this, id, with_outputs] {
                                         return with_outputs(pool_.with_connection([&](pg::Connection& connection) {
                                             return store::load_task_runs(connection, id);
                                         }));
                                     }};
    return engine::context_of(task_.flow(), task_.execution(), &task_.task(), &task_.info().run, task_.info().parents,
                              runs, environment_.names());
}

void WorkerContext::not_here() const {
    throw BugError(
        fmt::format("the task {} ({}) wants to change its execution from a worker", place_.task_id, task_.task().type));
}

void WorkerContext::log(LogLevel level, std::string message) {
    if (task_.task().log_level && level < *task_.task().log_level) return;
    engine::LogLine line{pool_.clock().now(), level,          place_.task_id,
                         place_.task_run_id,  place_.attempt, environment_.masked(repaired_utf8(std::move(message)))};
    if (task_.task().log_to_file) {
        log_file_.with([&](std::ofstream& file) {
            file << to_iso(line.at) << ' ' << to_text(level) << ' ' << line.message << '\n';
        });
        return;
    }
    tell(std::move(line));
}

void WorkerContext::tell(engine::LogLine line) {
    reporter_.log({task_.id(), task_.claim().worker}, {place_.execution_id.text(), place_.flow, "", std::move(line)},
                  task_.stop_token());
}

std::string WorkerContext::close_log() {
    if (!task_.task().log_to_file) return "";
    const bool written = log_file_.with([](std::ofstream& file) {
        file.close();
        return !file.fail();
    });
    Result<std::string> stored = invalid("the disk of the worker refused them");
    try {
        if (written) stored = plugin::store_file(*this, own_folder("log") / kLogFile, kLogFile);
    } catch (const std::exception& failed) {
        stored = refuse(ErrorCode::Internal, "{}", failed.what());
    }
    if (stored) return *stored;
    tell({pool_.clock().now(), LogLevel::Error, place_.task_id, place_.task_run_id, place_.attempt,
          "The lines of this attempt could not be put into a file: " + stored.error().text()});
    return "";
}

Result<Value> WorkerContext::fitting_outputs(Value outputs) {
    if (!store::is_large(outputs)) return outputs;
    const std::string json = to_json(outputs);
    try {
        const auto address = plugin::store_text(*this, json, "outputs.json");
        if (!address) return tl::unexpected(address.error());
        return store::outputs_in_file(*address, json.size());
    } catch (const std::exception& failed) {
        return refuse(ErrorCode::Internal, "the outputs of {} bytes can't be stored: {}", json.size(), failed.what());
    }
}

void WorkerContext::metric(std::string name, std::string kind, double value, Value tags) {
    engine::Metric metric{environment_.masked(std::move(name)),
                          std::move(kind),
                          value,
                          environment_.without_secrets(std::move(tags), store::Sealing::Never),
                          place_.task_id,
                          place_.task_run_id,
                          pool_.clock().now()};
    reporter_.metric({task_.id(), task_.claim().worker}, {place_.execution_id.text(), place_.flow, std::move(metric)},
                     task_.stop_token());
}

Value WorkerContext::with(const Map& more) const {
    if (more.empty()) return variables();
    Value all = variables();
    for (const auto& [key, value] : more) all.mutable_map().set(key, value);
    return all;
}

Result<std::string> WorkerContext::render(std::string_view text, const Map& more) {
    if (!expr::has_expression(text)) return std::string(text);
    return expr::render(text, with(more), environment_, environment_.limits());
}

Result<Value> WorkerContext::render_typed(std::string_view text, const Map& more) {
    if (!expr::has_expression(text)) return Value(text);
    auto parsed = expr::parse(text);
    if (!parsed) return tl::unexpected(parsed.error());
    return expr::render_typed(**parsed, with(more), environment_, environment_.limits());
}

Result<Value> WorkerContext::render_tree(const Value& tree, const Map& more) {
    if (!expr::tree_has_expression(tree)) return tree;
    return expr::render_tree(tree, with(more), environment_, environment_.limits());
}

std::filesystem::path WorkerContext::own_folder(std::string_view name) {
    std::error_code failed;
    if (folder_.empty()) {
        folder_ = folders_.own / (place_.task_run_id.text() + "-" + std::to_string(task_.claim().epoch));
        std::filesystem::remove_all(folder_, failed);  // of a first try that the database interrupted
    }
    const std::filesystem::path folder = folder_ / name;
    std::filesystem::create_directories(folder, failed);
    if (failed) {
        throw OutsideError(fmt::format("the folder {} can't be made: {}", folder.string(), failed.message()));
    }
    return folder;
}

std::filesystem::path WorkerContext::working_directory() {
    const engine::JobInfo& info = task_.info();
    if (!info.folder) return own_folder("work");
    if (info.folder_step != "open" || made_shared_) return folders_.shared->path_of(*info.folder);
    made_shared_ = true;
    return folders_.shared->make(*info.folder, place_.execution_id);
}

std::filesystem::path WorkerContext::scratch_directory() {
    return own_folder("scratch");
}

Result<storage::Uri> WorkerContext::file_address(std::string_view name) {
    storage::Uri folder = storage::task_folder({place_.flow.namespace_name, place_.flow.id, place_.execution_id.text()},
                                               place_.task_id, place_.task_run_id.text());
    if (task_.claim().epoch > 1) folder = folder / std::to_string(task_.claim().epoch);
    return folder.below(name);
}

}  // namespace sluice::worker
