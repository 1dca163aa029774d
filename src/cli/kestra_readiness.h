#pragma once
#include <set>

#include "cli/kestra_source.h"
#include "flow/parse_flow.h"
#include "plugin/task_catalog.h"

namespace sluice::cli {

/// What a flow is here: it runs as it did, it runs and something of it is different, or it does not run as it is.
enum class Readiness { Runs, Differs, Missing };
std::string_view to_text(Readiness readiness);

struct FlowReport {
    flow::FlowId id{};  // as far as it could be read
    std::string origin{};
    Readiness readiness = Readiness::Runs;
    std::vector<std::string> missing{};    // "12:5 tasks[0].type: …", each a reason why it does not run
    std::vector<std::string> different{};  // what to look at
    std::set<std::string> secrets{};       // that it asks for
    flow::ParsedFlow parsed{};             // for whoever stores it
    std::string source{};
};

/// Reads all flows as a server would, with the types that are there.
std::vector<FlowReport> readiness_of(const std::vector<KestraFlow>& flows, const plugin::TaskCatalog& catalog,
                                     const std::vector<flow::PluginDefault>& defaults);

/// For programs.
Value to_value(const FlowReport& report);

}  // namespace sluice::cli
