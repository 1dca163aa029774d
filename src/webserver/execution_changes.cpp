#include "webserver/execution_changes.h"

#include <set>

#include "access/audit.h"
#include "engine/step.h"
#include "queue/queue.h"
#include "sql/webserver.h"
#include "storage/layout.h"
#include "store/delete_execution.h"
#include "store/executions.h"
#include "webserver/execution_rules.h"
#include "webserver/parameters.h"

namespace sluice::webserver {
namespace {

const Logger kChangesLog("executions");
constexpr std::size_t kBatch = 200;       // executions in one transaction
constexpr std::size_t kMostErrors = 100;  // told one by one

/// A dry run ends so: its transaction must not be committed.
struct NothingChanged {};

/// The execution is gone by now, whatever becomes of its files: that must not look as if it had not been deleted.
void remove_files(Api& api, const storage::ExecutionPlace& place) {
    try {
        api.services.storage.remove_all(storage::execution_folder(place));
    } catch (const std::exception& failed) {
        kChangesLog.warn("execution.files_left",
                         {{"execution_id", place.execution_id}, {"reason", std::string_view(failed.what())}});
    }
}

bool is_reserved(const std::string& key) {
    return key.starts_with("system.");
}

Result<std::vector<flow::Label>> merged(std::vector<flow::Label> present, const std::vector<flow::Label>& wanted,
                                        bool replace) {
    for (const flow::Label& label : wanted) {
        if (label.key.empty() && label.value.empty()) continue;
        if (label.key.empty() || label.value.empty())
            return invalid("Illegal argument: a label needs a key and a value");
        const auto same =
            std::find_if(present.begin(), present.end(), [&](const flow::Label& one) { return one.key == label.key; });
        const bool changes = same == present.end() || same->value != label.value;
        if (is_reserved(label.key) && changes) {
            return invalid("Illegal argument: System labels can only be set by the system, offending label: {}={}",
                           label.key, label.value);
        }
        flow::put_label(present, label);
    }
    if (!replace) return present;
    std::erase_if(present, [&](const flow::Label& one) {
        return !is_reserved(one.key) && std::none_of(wanted.begin(), wanted.end(),
                                                     [&](const flow::Label& label) { return label.key == one.key; });
    });
    return present;
}

}  // namespace

Result<void> make_change(pg::Transaction& tx, const Change& change, engine::Execution& execution) {
    auto done = change(tx, execution);
    if (done) access::note(tx, "EXECUTION", execution.flow.namespace_name, execution.id.text());
    return done;
}

void tell_of_changes(Api& api, const std::vector<ExecutionId>& ids) {
    api.services.signals.notify(pg::kEventsChannel);
    for (const ExecutionId& id : ids) api.services.signals.notify(pg::kChangesChannel, id.text());
}

Change asking(engine::Event event) {
    return [event = std::move(event)](pg::Transaction& tx, engine::Execution& execution) -> Result<void> {
        if (auto allowed = engine::accepts(execution, event); !allowed) return allowed;
        queue::put_events(tx, {{execution.id, event}});
        return {};
    };
}

Change unqueueing(State to, std::string by) {
    return [ask = asking(engine::ForceRunRequested{to, std::move(by)})](pg::Transaction& tx,
                                                                        engine::Execution& execution) -> Result<void> {
        if (auto allowed = allows(Act::Unqueue, execution); !allowed) return allowed;
        return ask(tx, execution);
    };
}

Change restarting(std::string by) {
    return [ask = asking(engine::RestartRequested{std::move(by)})](pg::Transaction& tx,
                                                                   engine::Execution& execution) -> Result<void> {
        if (auto allowed = engine::accepts(execution, engine::RestartRequested{}); !allowed) return allowed;
        if (tx.run(sql::has_task_to_restart, execution.id).empty())
            return invalid("No task found to restart execution from!");
        return ask(tx, execution);
    };
}

Change changing_status(State status) {
    return [status](pg::Transaction& tx, engine::Execution& execution) -> Result<void> {
        if (!is_over(execution.state()) || !is_over(status)) {
            return invalid(
                "Illegal argument: the status of an execution can be changed from one terminal state to another only; "
                "it is {}, and {} was asked for",
                to_text(execution.state()), to_text(status));
        }
        execution.move_to(status, tx.now());
        store::update_executions(tx, {{&execution}});
        return {};
    };
}

Change setting_labels(std::vector<flow::Label> labels, bool replace) {
    return [labels = std::move(labels), replace](pg::Transaction& tx, engine::Execution& execution) -> Result<void> {
        if (auto allowed = allows(Act::Labels, execution); !allowed) return allowed;
        auto all = merged(execution.labels, labels, replace);
        if (!all) return tl::unexpected(all.error());
        execution.labels = std::move(*all);
        store::update_executions(tx, {{&execution}});
        return {};
    };
}

Result<Deletion> deletion_of(const http::Request& request) {
    Deletion out;
    for (const auto& [name, flag] : {std::pair("deleteLogs", &out.logs), std::pair("deleteMetrics", &out.metrics),
                                     std::pair("deleteStorage", &out.files)}) {
        const auto given = flag_parameter(request, name, true);
        if (!given) return tl::unexpected(given.error());
        *flag = *given;
    }
    return out;
}

Change deleting(Api& api, Deletion what) {
    return [&api, what](pg::Transaction& tx, engine::Execution& execution) -> Result<void> {
        if (auto allowed = allows(Act::Delete, execution); !allowed) return allowed;
        queue::delete_events_of(tx, execution.id);
        queue::drop_timers(tx, std::vector{execution.id});
        store::delete_execution(tx, execution.id, what.logs, what.metrics);
        if (!what.files) return {};
        const storage::ExecutionPlace place{execution.flow.namespace_name, execution.flow.id, execution.id.text()};
        tx.after_commit([&api, place] { remove_files(api, place); });
        return {};
    };
}

Result<engine::Execution> change_execution(Api& api, const ExecutionId& id, const Change& change) {
    auto changed = api.services.pool.in_transaction([&](pg::Transaction& tx) -> Result<engine::Execution> {
        auto execution = store::lock_execution(tx, id);
        if (!execution) return not_found("Not Found: execution {} does not exist", id);
        if (auto done = make_change(tx, change, *execution); !done) return tl::unexpected(done.error());
        return std::move(*execution);
    });
    if (changed) tell_of_changes(api, {id});
    return changed;
}

tl::expected<BulkOutcome, std::vector<InvalidMember>> change_listed(Api& api, const std::vector<ExecutionId>& ids,
                                                                    const std::string& expectation,
                                                                    const Change& change) {
    const std::set<ExecutionId> in_order(ids.begin(), ids.end());  // so that two of these never wait for each other
    std::vector<InvalidMember> wrong;
    try {
        api.services.pool.in_transaction([&](pg::Transaction& tx) {
            wrong.clear();
            for (const ExecutionId& id : in_order) {
                auto execution = store::lock_execution(tx, id);
                if (!execution)
                    wrong.push_back({id, "execution not found"});
                else if (const auto done = make_change(tx, change, *execution); !done) {
                    wrong.push_back({id, expectation.empty() ? done.error().message : expectation});
                }
            }
            if (!wrong.empty()) throw NothingChanged{};
        });
    } catch (const NothingChanged&) {
        return tl::unexpected(std::move(wrong));
    }
    tell_of_changes(api, {in_order.begin(), in_order.end()});
    return BulkOutcome{.count = static_cast<std::int64_t>(in_order.size())};
}

Result<BulkOutcome> change_found(Api& api, const std::vector<store::Filter>& filters, const Change& change,
                                 bool dry_run) {
    BulkOutcome outcome;
    ExecutionId after;
    for (;;) {
        const auto ids = api.services.pool.with_connection(
            [&](pg::Connection& connection) { return store::find_execution_ids(connection, filters, after, kBatch); });
        if (!ids) return tl::unexpected(ids.error());
        if (ids->empty()) return outcome;
        after = ids->back();
        BulkOutcome batch;
        std::vector<ExecutionId> changed;
        try {
            api.services.pool.in_transaction([&](pg::Transaction& tx) {
                batch = {};
                changed.clear();
                for (const ExecutionId& id : std::set<ExecutionId>(ids->begin(), ids->end())) {
                    auto execution = store::lock_execution(tx, id);
                    const auto done = execution ? make_change(tx, change, *execution)
                                                : Result<void>(not_found("execution not found"));
                    if (done) {
                        changed.push_back(id);
                        continue;
                    }
                    ++batch.skipped;
                    batch.errors.emplace_back(id, done.error().message);
                }
                batch.count = static_cast<std::int64_t>(changed.size());
                if (dry_run) throw NothingChanged{};
            });
            tell_of_changes(api, changed);
        } catch (const NothingChanged&) {}
        outcome.count += batch.count;
        outcome.skipped += batch.skipped;
        for (auto& error : batch.errors) {
            if (outcome.errors.size() < kMostErrors) outcome.errors.push_back(std::move(error));
        }
    }
}

}  // namespace sluice::webserver
