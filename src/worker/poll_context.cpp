#include "worker/poll_context.h"

#include "expr/render.h"
#include "expr/template.h"
#include "storage/layout.h"
#include "storage/storage.h"

namespace sluice::worker {

PollContext::PollContext(const flow::Flow& flow, const flow::Trigger& trigger, ExecutionId execution, Value remembered,
                         pg::Pool& pool, const Tools& tools, std::filesystem::path folder, std::stop_token stop)
    : trigger_(trigger),
      pool_(pool),
      tools_(tools),
      stop_(std::move(stop)),
      place_{flow.id, flow.revision, std::move(execution), trigger.id, {}, 0},
      environment_(store::connection_of(pool), tools.instance, flow.id.namespace_name, "", pool.clock().now()),
      folder_(std::move(folder)),
      remembered_(std::move(remembered)) {
    as_task_.id = trigger.id;
    as_task_.type = trigger.type;
    as_task_.info = trigger.info;
    Map names = environment_.names();
    names.set("flow", Value{{"id", flow.id.id}, {"namespace", flow.id.namespace_name}, {"revision", flow.revision}});
    names.set("vars", flow.variables);
    variables_ = Value(std::move(names));
}

PollContext::~PollContext() {
    std::error_code failed;
    std::filesystem::remove_all(folder_, failed);
    if (failed) {
        Logger("poller").warn("folder.not_removed", {{"folder", folder_.string()}, {"reason", failed.message()}});
    }
}

std::filesystem::path PollContext::made(std::string_view name) {
    std::error_code failed;
    const std::filesystem::path out = folder_ / name;
    std::filesystem::create_directories(out, failed);
    if (failed) throw OutsideError(fmt::format("the folder {} can't be made: {}", out.string(), failed.message()));
    return out;
}

Result<void> PollContext::do_the_rest() {
    for (const auto& action : rest_) {
        if (auto done = action(); !done) return done;
    }
    return {};
}

void PollContext::not_here(std::string_view what) const {
    throw BugError(fmt::format("the trigger {} ({}) asked for {}", trigger_.id, trigger_.type, what));
}

Value PollContext::with(const Map& more) const {
    if (more.empty()) return variables_;
    Value all = variables_;
    for (const auto& [key, value] : more) all.mutable_map().set(key, value);
    return all;
}

void PollContext::log(LogLevel level, std::string message) {
    if (trigger_.log_level && level < *trigger_.log_level) return;
    const Timestamp now = pool_.clock().now();
    logs_.push_back({.execution_id = time_ordered_id(now),
                     .flow = place_.flow,
                     .trigger_id = trigger_.id,
                     .line = {.at = now, .level = level, .message = masked(std::move(message))}});
}

Result<std::string> PollContext::render(std::string_view text, const Map& more) {
    if (!expr::has_expression(text)) return std::string(text);
    return expr::render(text, with(more), environment_, environment_.limits());
}

Result<Value> PollContext::render_typed(std::string_view text, const Map& more) {
    if (!expr::has_expression(text)) return Value(text);
    auto parsed = expr::parse(text);
    if (!parsed) return tl::unexpected(parsed.error());
    return expr::render_typed(**parsed, with(more), environment_, environment_.limits());
}

Result<Value> PollContext::render_tree(const Value& tree, const Map& more) {
    if (!expr::tree_has_expression(tree)) return tree;
    return expr::render_tree(tree, with(more), environment_, environment_.limits());
}

Result<storage::Uri> PollContext::file_address(std::string_view name) {
    const storage::ExecutionPlace place{place_.flow.namespace_name, place_.flow.id, place_.execution_id.text()};
    return storage::trigger_folder(place, trigger_.id).below(name);
}

}  // namespace sluice::worker
