#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/catalog.h"
#include "flow/flow.h"
#include "flow/yaml_document.h"

namespace sluice::flow {

/// A default of properties for types whose name is, or begins with, `type`.
struct PluginDefault {
    std::string type{};
    bool forced = false;
    Value values{};
};

struct ParseOptions {
    std::string file{};                     // for messages
    int first_line = 1;                     // of the text in its file
    std::int64_t revision = 0;              // of the stored flow
    bool strict = true;                     // unknown properties are mistakes; a stored flow is read without
    std::vector<PluginDefault> defaults{};  // of the instance, most important first
    /// Those of the flow's namespace and of those above it, which come before.
    std::function<std::vector<PluginDefault>(const std::string& name_space)> namespace_defaults{};
    /// What a module above knows of triggers: one detail for each mistake, its property relative to the trigger.
    std::function<Result<void>(const Trigger&)> check_trigger{};
    std::function<Result<void>(const Listener&)> check_listener{};
};

/// What reading a flow found. Without errors there is a flow.
struct ParsedFlow {
    FlowPtr flow{};
    FlowId id{};                  // as far as it could be read, also when there are errors
    std::vector<Error> errors{};  // each with its place; property is "tasks[0].id"
    std::vector<Error> warnings{};
    std::vector<std::string> infos{};         // "<old type> is replaced by <new type>"
    std::vector<std::string> deprecations{};  // paths of deprecated properties
    std::optional<std::int64_t> revision{};   // a `revision:` line of the text
    Value definition{};                       // the text as plain values, for the API

    bool ok() const { return errors.empty() && flow != nullptr; }
    /// All errors as one, with the text that the API answers.
    Error error() const;
};

/// Reads and checks one document: everything that can be known before it runs. All mistakes are found at once.
ParsedFlow parse_flow(std::string_view yaml, const Catalog& catalog, const ParseOptions& options = {});

/// The text without its `revision: N` line: two texts that differ in nothing else are the same revision.
std::string without_revision(std::string_view source);

/// The text with its top-level `disabled:` set, replaced where it stands or appended.
std::string with_disabled(std::string_view source, bool disabled);

}  // namespace sluice::flow
