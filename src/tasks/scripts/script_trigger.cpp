#include "tasks/scripts/script_trigger.h"

#include "tasks/scripts/script_run.h"
#include "tasks/scripts/script_samples.h"
#include "value/truthiness.h"

namespace sluice::tasks {
namespace script_trigger_task {

struct Properties : ScriptProperties {
    std::string exit_condition = "{{ exitCode == 0 }}";
    bool edge = false;
    Duration interval = 60s;
};

constexpr std::string_view kExit = "exit ";

/// "1" and "exit 1" mean this code; anything else is an expression that was rendered.
bool holds(std::string_view rendered, std::string_view declared, int code) {
    const bool is_expression = declared.find("{{") != std::string_view::npos;
    if (is_expression) return is_truthy(rendered);
    if (rendered.starts_with(kExit)) rendered.remove_prefix(kExit.size());
    return rendered == std::to_string(code);
}

Result<bool> meets(const Properties& want, const ScriptRun::Ended& ended, plugin::TaskContext& context) {
    Map names;
    for (const char* name : {"exitCode", "vars", "stdOutLineCount", "stdErrLineCount"}) {
        names.set(name, ended.outputs[name]);
    }
    const auto rendered = context.render(want.exit_condition, names);
    if (!rendered) return tl::unexpected(rendered.error());
    return holds(*rendered, want.exit_condition, ended.code);
}

/// Whether it held the last time, too; remembers how it is now.
bool held_before(bool now, plugin::TaskContext& context) {
    const bool held = context.remembered().if_bool().value_or(false);
    context.remember(Value(now));
    return held;
}

Result<Value> poll(const Language& language, const Settings& settings, const Properties& want,
                   plugin::TaskContext& context) {
    ScriptRun run(language, want, context, settings);
    auto ended = run.run_to_any_end();
    if (!ended) return tl::unexpected(ended.error());
    const auto met = meets(want, *ended, context);
    if (!met) return tl::unexpected(met.error());
    const bool held = want.edge && held_before(*met, context);
    if (!*met || held) return Value();
    return std::move(ended->outputs);
}

std::string example(const Language& language, bool is_script) {
    return fmt::format(R"(id: on_{0}
namespace: company.team
tasks:
  - id: show
    type: io.kestra.plugin.core.log.Log
    message: "It ended with {{{{ trigger.exitCode }}}}"
triggers:
  - id: watch
    type: io.kestra.plugin.scripts.{0}.{1}
    interval: PT1M
    exitCondition: "{{{{ exitCode == 0 }}}}"
    edge: true
    {2}
)",
                       language.name, is_script ? "ScriptTrigger" : "CommandsTrigger",
                       is_script ? "script: |\n      " + std::string(script_sample(language.name).script)
                                 : "commands:\n      - test -e /tmp/ready");
}

}  // namespace script_trigger_task

plugin::TaskType script_trigger(const Language& language, const SettingsPtr& settings, MainPart main) {
    using namespace script_trigger_task;
    const bool is_script = main == MainPart::Script;
    plugin::TaskTypeMaker<Properties> type(
        fmt::format("scripts.{}.{}", language.name, is_script ? "ScriptTrigger" : "CommandsTrigger"),
        [&language, settings](const Properties& want, plugin::TaskContext& context) {
            return poll(language, *settings, want, context);
        });
    type.polling()
        .title(fmt::format("Starts the flow when {} of {} end as wanted.", is_script ? "a script" : "commands",
                           language.title))
        .description(
            "A worker runs it every `interval`. It sees what a script task sees, but no execution. Its exit code, "
            "and what it told by `::{\"outputs\": {…}}::`, decide.")
        .example("Look every minute", example(language, is_script))
        .property("interval", &Properties::interval, "From the end of one run to the next")
        .shape(flow::Shape::Duration)
        .literal()
        .property(
            "exitCondition", &Properties::exit_condition,
            "Whether to start: an exit code, or an expression over exitCode, vars, stdOutLineCount, stdErrLineCount")
        .unrendered()
        .property("edge", &Properties::edge, "Starts only when the condition holds and did not hold the last time");
    declare_script(type, main);
    if (language.name == "python") declare_python(type);
    return type;
}

}  // namespace sluice::tasks
