#include "cli/kestra_readiness.h"

#include "schedule/check_trigger.h"

namespace sluice::cli {
namespace kestra_readiness {

std::string told(const Error& error) {
    const Place& at = error.place;
    std::string out = at.line > 0 ? fmt::format("{}:{} ", at.line, at.column) : "";
    if (!at.property.empty()) out += at.property + ": ";
    return out + error.message;
}

/// Names in secret('NAME'), wherever they stand in the text; what is worked out is not known before it runs.
std::set<std::string> secrets_in(std::string_view source) {
    constexpr std::string_view kCall = "secret(";
    std::set<std::string> out;
    for (auto at = source.find(kCall); at != std::string_view::npos; at = source.find(kCall, at + 1)) {
        const auto begin = source.find_first_not_of(" \t", at + kCall.size());
        if (begin == std::string_view::npos || (source[begin] != '\'' && source[begin] != '"')) continue;
        const auto end = source.find(source[begin], begin + 1);
        if (end != std::string_view::npos && end - begin < 300) out.emplace(source.substr(begin + 1, end - begin - 1));
    }
    return out;
}

/// Triggers that wait for something inside of the flow's own process have other words for it here; what a flow of
/// before may not expect is told once for each of its properties.
void add_differences(const flow::ParsedFlow& parsed, std::vector<std::string>& out) {
    for (const Error& warning : parsed.warnings) out.push_back(told(warning));
    for (const std::string& info : parsed.infos) out.push_back(info);
    for (const std::string& path : parsed.deprecations) out.push_back(path + ": deprecated; it is understood");
}

/// Subflows that neither the import nor anything else brings are found when they are called: here they are told before.
void find_missing_subflows(std::vector<FlowReport>& reports) {
    std::set<std::string> known;
    for (const FlowReport& report : reports) known.insert(report.id.text());
    for (FlowReport& report : reports) {
        const Value tasks = report.parsed.definition["tasks"];
        if (!tasks.is_list()) continue;
        for (const Value& task : tasks.as_list()) {
            if (!task.is_map() || !task.text("type").ends_with("Subflow")) continue;
            const std::string called = task.text("namespace") + "." + task.text("flowId");
            const bool is_plain = called.find("{{") == std::string::npos;
            if (is_plain && !known.contains(called))
                report.different.push_back(
                    fmt::format("task {} calls the flow {}, which is not part of the import", task.text("id"), called));
        }
    }
}

}  // namespace kestra_readiness

std::string_view to_text(Readiness readiness) {
    constexpr std::string_view kWords[] = {"RUNS", "DIFFERS", "MISSING"};
    return kWords[static_cast<std::size_t>(readiness)];
}

std::vector<FlowReport> readiness_of(const std::vector<KestraFlow>& flows, const plugin::TaskCatalog& catalog,
                                     const std::vector<flow::PluginDefault>& defaults) {
    using namespace kestra_readiness;
    std::vector<FlowReport> out;
    for (const KestraFlow& one : flows) {
        FlowReport report;
        report.origin = one.origin;
        report.source = one.source;
        report.parsed = flow::parse_flow(one.source, catalog.types(),
                                         {.file = one.origin,
                                          .defaults = defaults,
                                          .check_trigger = schedule::check_trigger,
                                          .check_listener = schedule::check_listener});
        report.id = report.parsed.id;
        for (const Error& error : report.parsed.errors) report.missing.push_back(told(error));
        add_differences(report.parsed, report.different);
        report.secrets = secrets_in(one.source);
        out.push_back(std::move(report));
    }
    find_missing_subflows(out);
    for (FlowReport& report : out) {
        report.readiness = !report.parsed.ok()        ? Readiness::Missing
                           : report.different.empty() ? Readiness::Runs
                                                      : Readiness::Differs;
    }
    std::stable_sort(out.begin(), out.end(), [](const FlowReport& a, const FlowReport& b) { return a.id < b.id; });
    return out;
}

Value to_value(const FlowReport& report) {
    const auto list = [](const auto& texts) { return Value(List(texts.begin(), texts.end())); };
    return Value{{"namespace", report.id.namespace_name},
                 {"id", report.id.id},
                 {"origin", report.origin},
                 {"readiness", std::string(to_text(report.readiness))},
                 {"missing", list(report.missing)},
                 {"different", list(report.different)},
                 {"secrets", list(report.secrets)}};
}

}  // namespace sluice::cli
