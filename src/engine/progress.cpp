#include "engine/progress.h"

namespace sluice::engine {
namespace {

constexpr std::string_view kPhases[] = {"tasks", "errors", "finally", "afterExecution"};
constexpr std::string_view kFolders[] = {"none", "opening", "open", "closing", "gone"};

std::string bits(const std::vector<bool>& flags) {
    std::string out;
    for (const bool flag : flags) out += flag ? '1' : '0';
    return out;
}

std::vector<bool> flags_of(const std::string& text) {
    std::vector<bool> out;
    for (const char c : text) out.push_back(c == '1');
    return out;
}

}  // namespace

Value to_value(const Progress& p) {
    Map out;
    const auto number = [&](const char* key, std::int64_t value) {
        if (value != 0) out.set(key, Value(value));
    };
    const auto flag = [&](const char* key, bool value) {
        if (value) out.set(key, Value(true));
    };
    if (p.phase != Phase::Tasks) out.set("phase", Value(kPhases[static_cast<std::size_t>(p.phase)]));
    if (!p.branch.empty()) out.set("branch", Value(p.branch));
    number("next", p.next);
    number("active", p.active);
    number("inPhase", p.in_phase);
    number("phaseNext", p.phase_next);
    number("values", p.values);
    number("iteration", p.iteration);
    number("failed", p.failed);
    number("warned", p.warned);
    number("killed", p.killed);
    number("cancelled", p.cancelled);
    flag("errorsDone", p.errors_done);
    flag("finallyFailed", p.finally_failed);
    flag("reopened", p.reopened);
    if (!p.started.empty()) out.set("started", Value(bits(p.started)));
    if (!p.done.empty()) out.set("done", Value(bits(p.done)));
    if (p.loop_since) out.set("loopSince", Value(to_iso(*p.loop_since)));
    if (p.pause_outcome) out.set("pauseOutcome", Value(to_text(*p.pause_outcome)));
    if (p.folder != Folder::None) out.set("folder", Value(kFolders[static_cast<std::size_t>(p.folder)]));
    if (!p.folder_worker.empty()) out.set("folderWorker", Value(p.folder_worker));
    number("folderEpoch", p.folder_epoch);
    if (p.exit) out.set("exit", Value(to_text(*p.exit)));
    number("ordinal", p.ordinal);
    number("paused", p.paused);
    number("retrying", p.retrying);
    number("breakpoints", p.breakpoints);
    number("listeners", p.listeners);
    flag("held", p.held);
    flag("checkInputs", p.check_inputs);
    flag("slot", p.slot);
    const auto words = [&](const char* key, const std::vector<std::string>& all) {
        if (!all.empty()) out.set(key, Value(List(all.begin(), all.end())));
    };
    words("stopsAt", p.stops_at);
    words("missed", p.missed);
    return Value(std::move(out));
}

Progress progress_of(const Value& value) {
    Progress p;
    if (!value.is_map()) return p;
    const auto number = [&](const char* key) { return value[key].if_integer().value_or(0); };
    const auto flag = [&](const char* key) { return value[key].if_bool().value_or(false); };
    const std::string phase = value.text("phase");
    for (std::size_t i = 0; i < std::size(kPhases); ++i) {
        if (phase == kPhases[i]) p.phase = static_cast<Phase>(i);
    }
    p.branch = value.text("branch");
    p.next = number("next");
    p.active = number("active");
    p.in_phase = number("inPhase");
    p.phase_next = number("phaseNext");
    p.values = number("values");
    p.iteration = number("iteration");
    p.failed = number("failed");
    p.warned = number("warned");
    p.killed = number("killed");
    p.cancelled = number("cancelled");
    p.errors_done = flag("errorsDone");
    p.finally_failed = flag("finallyFailed");
    p.reopened = flag("reopened");
    p.started = flags_of(value.text("started"));
    p.done = flags_of(value.text("done"));
    if (const auto since = parse_iso(value.text("loopSince"))) p.loop_since = *since;
    p.pause_outcome = state_of(value.text("pauseOutcome"));
    const std::string folder = value.text("folder");
    for (std::size_t i = 0; i < std::size(kFolders); ++i) {
        if (folder == kFolders[i]) p.folder = static_cast<Folder>(i);
    }
    p.folder_worker = value.text("folderWorker");
    p.folder_epoch = number("folderEpoch");
    p.exit = state_of(value.text("exit"));
    p.ordinal = number("ordinal");
    p.paused = number("paused");
    p.retrying = number("retrying");
    p.breakpoints = number("breakpoints");
    p.listeners = number("listeners");
    p.held = flag("held");
    p.check_inputs = flag("checkInputs");
    p.slot = flag("slot");
    const auto words = [&](const char* key, std::vector<std::string>& all) {
        const auto stored = value.get(key);
        if (!stored || !stored->is_list()) return;
        for (const Value& word : stored->as_list()) all.push_back(word.as_string());
    };
    words("stopsAt", p.stops_at);
    words("missed", p.missed);
    return p;
}

}  // namespace sluice::engine
