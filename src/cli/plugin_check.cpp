#include "cli/plugin_check.h"

#include <cstdlib>

#include "cli/plugin_probe.h"
#include "flow/parse_flow.h"
#include "schedule/check_trigger.h"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

/// Gone at the end.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (fs::temp_directory_path() / "sluice-plugin-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw OutsideError("no temporary folder can be made");
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;  // left-overs in /tmp harm nobody
        fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

Value made_up(const flow::Property& property) {
    if (!property.default_text.empty()) return Value(property.default_text);
    switch (property.shape) {
        case flow::Shape::Integer:
        case flow::Shape::Number:
            return Value(1);
        case flow::Shape::Boolean:
            return Value(true);
        case flow::Shape::Duration:
            return Value("PT1S");
        case flow::Shape::DateTime:
            return Value("2024-01-01T00:00:00Z");
        case flow::Shape::Enum:
            return Value(property.values.front());
        case flow::Shape::List:
        case flow::Shape::ListOrText:
            return Value(property.items.empty() ? List() : List{made_up(property.items.front())});
        case flow::Shape::Map:
        case flow::Shape::MapOrText:
            return Value(Map());
        case flow::Shape::Object: {
            Map out;
            for (const flow::Property& field : property.fields) {
                if (field.required) out.set(field.name, made_up(field));
            }
            return Value(std::move(out));
        }
        default:
            return Value("conformance");
    }
}

/// The checks of one type that a program runs.
class ProgramChecks {
  public:
    ProgramChecks(const plugin::FoundType& found, process::Supervisor& processes, const Verdict& verdict)
        : found_(found),
          info_(found.type.info),
          probe_(*found.manifest, processes, folder_.path()),
          verdict_(
              [&verdict, name = info_.name](const char* what, std::string problem) { verdict(name, what, problem); }) {
        Map given;
        for (const flow::Property& property : info_.properties) {
            if (property.required) given.set(property.name, made_up(property));
        }
        const auto sample = found.manifest->samples.find(info_.name);
        good_ = sample != found.manifest->samples.end() ? sample->second : Value(std::move(given));
    }

    void run() {
        const auto fitting = flow::fitting_properties(info_.properties, good_);
        if (!fitting) return verdict_("its sample fits its properties", fitting.error().message);
        good_ = *fitting;
        works();
        refuses_missing_properties();
        refuses_another_protocol();
        survives_garbage();
        ends_without_input();
        reads_a_long_line();
        ends_when_killed();
    }

  private:
    using Then = PluginProbe::Then;

    std::string start(const Value& properties, std::int64_t protocol = plugin::kProtocolVersion) const {
        return probe_.start_message(info_.name, properties, protocol);
    }

    /// What must hold however it is spoken to.
    static std::string misbehaviour(const Observation& seen) {
        if (!seen.refused.empty()) return "it can't be started: " + seen.refused;
        if (!seen.garbage.empty()) return "it wrote '" + seen.garbage + "' to standard output, which is for messages";
        switch (seen.ended_by) {
            case plugin::Leash::Why::Silent:
                return "it was silent for longer than its heartbeat allows";
            case plugin::Leash::Why::Lingers:
                return "it did not end within 5 s after its result, or after its input ended";
            case plugin::Leash::Why::Killed:
                return "it did not end within killGrace after the message kill";
            default:
                break;
        }
        return seen.outcome.end == process::End::TimedOut ? "it did not end within a minute" : "";
    }

    void works() {
        const Observation seen = probe_.talk({start(good_)});
        std::string problem = misbehaviour(seen);
        const bool well = seen.result && seen.result->text("state") != "FAILED" && seen.outcome.succeeded();
        if (problem.empty() && !well) problem = seen.text();
        verdict_("runs its sample to SUCCESS or WARNING", problem);
        if (!well) return;
        verdict_("puts out what it declares, and nothing else", undeclared_output(seen));
    }

    std::string undeclared_output(const Observation& seen) const {
        for (const Value& message : seen.messages) {
            const Value values = message[message.text("type") == "output" ? "values" : "outputs"];
            if (!values.is_map()) continue;
            for (const auto& [name, value] : values.as_map()) {
                const auto declared = std::ranges::find(info_.outputs, name, &flow::Output::name);
                if (declared == info_.outputs.end()) return "the output '" + name + "' is not in its manifest";
            }
        }
        return "";
    }

    void refuses_missing_properties() {
        const bool needs_any = std::ranges::any_of(info_.properties, &flow::Property::required);
        if (!needs_any) return;
        const Observation seen = probe_.talk({start(Value(Map()))});
        std::string problem = misbehaviour(seen);
        const bool refused =
            seen.result && seen.result->text("state") == "FAILED" && !seen.result->text("message").empty();
        if (problem.empty() && !refused) {
            problem = "expected the result FAILED with a message, without a required property; " + seen.text();
        }
        verdict_("says FAILED and why when a required property is missing", problem);
    }

    void refuses_another_protocol() {
        const Observation seen = probe_.talk({start(good_, 999)});
        std::string problem = misbehaviour(seen);
        const bool refused = (seen.result && seen.result->text("state") == "FAILED") || !seen.outcome.succeeded();
        if (problem.empty() && !refused) problem = "expected FAILED, or an exit code other than 0; " + seen.text();
        verdict_("refuses a protocol that it does not know", problem);
    }

    void survives_garbage() {
        const Observation seen = probe_.talk({"this is no JSON"}, Then::CloseInput);
        verdict_("ends when it is sent garbage", misbehaviour(seen));
    }

    void ends_without_input() {
        const Observation seen = probe_.talk({}, Then::CloseInput);
        verdict_("ends when its input ends before a start", misbehaviour(seen));
    }

    /// Messages may be long: a property holds what an expression gave.
    void reads_a_long_line() {
        const auto text = std::ranges::find(info_.properties, flow::Shape::Text, &flow::Property::shape);
        if (text == info_.properties.end()) return;
        Value large = good_;
        large.mutable_map().set(text->name, std::string(1024 * 1024, 'x'));
        const Observation seen = probe_.talk({start(large)});
        std::string problem = misbehaviour(seen);
        if (problem.empty() && !seen.result) problem = seen.text();
        verdict_("reads a start message of 1 MiB", problem);
    }

    void ends_when_killed() {
        const Observation seen = probe_.talk({start(good_)}, Then::Kill);
        verdict_("ends when it is told kill", misbehaviour(seen));
    }

    const plugin::FoundType& found_;
    const flow::TypeInfo& info_;
    const TemporaryFolder folder_{};
    const PluginProbe probe_;
    const std::function<void(const char*, std::string)> verdict_;
    Value good_{};
};

std::string mistake_of(const flow::Example& example, const flow::Catalog& catalog, const std::string& type) {
    const auto parsed = flow::parse_flow(
        example.yaml, catalog, {.check_trigger = schedule::check_trigger, .check_listener = schedule::check_listener});
    if (!parsed.ok()) return parsed.errors.front().text();
    const bool uses_it = example.yaml.find(type) != std::string::npos;
    return uses_it ? "" : "it does not use the type";
}

}  // namespace

void check_plugins(const std::vector<plugin::FoundType>& types, const flow::Catalog& catalog, const Verdict& verdict) {
    process::Supervisor processes({.cgroups = false});
    for (const plugin::FoundType& found : types) {
        const flow::TypeInfo& info = found.type.info;
        if (info.examples.empty()) verdict(info.name, "has an example", "there is none");
        for (const flow::Example& example : info.examples) {
            verdict(info.name, "its example is valid: " + example.title, mistake_of(example, catalog, info.name));
        }
        if (found.manifest) ProgramChecks(found, processes, verdict).run();
    }
}

}  // namespace sluice::cli
