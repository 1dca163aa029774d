#include "tasks/scripts/process_runner.h"

#include "plugin/fields.h"
#include "process/supervisor.h"
#include "tasks/scripts/byte_size.h"
#include "tasks/scripts/sandbox.h"

namespace sluice::tasks {
namespace process_runner {

template <class T>
Result<void> take_bytes(const Value& from, const char* what, std::optional<T>& to) {
    if (from.is_null()) return {};
    const auto bytes = parse_bytes(plugin::text_of(from));
    if (!bytes) return invalid("property 'taskRunner.{}': {}", what, bytes.error().message);
    to = *bytes;
    return {};
}

/// Numbers that must be above zero.
template <class T>
Result<void> take_count(plugin::Fields& fields, const char* name, std::optional<T>& to) {
    std::optional<std::int64_t> given;
    fields.take(name, given);
    if (given && *given < 1)
        return invalid("property 'taskRunner.{}': expected a number above 0, found {}", name, *given);
    if (given) to = static_cast<T>(*given);
    return {};
}

std::string failure_of(const process::Outcome& outcome, const process::Limits& limits) {
    if (outcome.end == process::End::OutOfMemory) {
        return limits.memory_bytes ? fmt::format("it needed more than its {} bytes of memory", *limits.memory_bytes)
                                   : "the machine ran out of memory";
    }
    if (outcome.signal == SIGXCPU) return "it used up its processor time";
    if (outcome.signal == SIGXFSZ) return "it wrote a file larger than it may";
    return "";
}

}  // namespace process_runner

std::vector<flow::Property> process_runner_properties() {
    using flow::Shape;
    return {
        {.name = "cpu",
         .shape = Shape::Object,
         .description = "Processors that it may use; where the machine allows cgroups",
         .fields = {{.name = "cpus", .shape = Shape::Number, .description = "For example 1.5"}}},
        {.name = "memory",
         .shape = Shape::Object,
         .description = "Memory that it may use, of all its processes where the machine allows cgroups, else of each",
         .fields = {{.name = "memory", .shape = Shape::Text, .description = "For example 512MB"}}},
        {.name = "maxProcesses", .shape = Shape::Integer, .description = "Processes and threads at the same time"},
        {.name = "maxOpenFiles", .shape = Shape::Integer, .description = "Open files of each process"},
        {.name = "maxFileSize", .shape = Shape::Text, .description = "Largest file that it may write, for example 2GB"},
        {.name = "maxCpuTime", .shape = Shape::Duration, .description = "Processor time of each process"},
        {.name = "maxDuration", .shape = Shape::Duration, .description = "Like `timeout`, for the script alone"},
        {.name = "sandbox",
         .shape = Shape::Boolean,
         .description = "Hides the machine's files but programs and libraries, and its processes (needs bubblewrap)"},
        {.name = "sandboxNetwork",
         .shape = Shape::Boolean,
         .description = "Leaves the network to a script in a sandbox"},
    };
}

Result<ProcessOptions> process_options(const Value& runner, const ScriptSettings& settings) {
    ProcessOptions out{.limits = settings.limits, .sandbox = settings.sandbox, .network = settings.sandbox_network};
    if (!runner.is_map()) return out;
    plugin::Fields fields(runner, "taskRunner");
    std::optional<Duration> cpu_time;
    fields.take("sandbox", out.sandbox).take("sandboxNetwork", out.network);
    fields.take("maxCpuTime", cpu_time).take("maxDuration", out.limits.wall);
    plugin::Fields cpu(runner["cpu"], "taskRunner.cpu");
    cpu.take("cpus", out.limits.cpus);
    for (const auto& read :
         {process_runner::take_count(fields, "maxProcesses", out.limits.processes),
          process_runner::take_count(fields, "maxOpenFiles", out.limits.open_files),
          process_runner::take_bytes(runner["memory"]["memory"], "memory.memory", out.limits.memory_bytes),
          process_runner::take_bytes(runner["maxFileSize"], "maxFileSize", out.limits.file_bytes), fields.done(),
          cpu.done()}) {
        if (!read) return tl::unexpected(read.error());
    }
    if (out.limits.cpus && !(*out.limits.cpus > 0)) {
        return invalid("property 'taskRunner.cpu.cpus': expected a number above 0");
    }
    if (cpu_time) out.limits.cpu_seconds = static_cast<std::uint64_t>(std::max(1.0, in_seconds(*cpu_time)));
    return out;
}

Result<ScriptEnd> run_as_process(const ScriptJob& job, const ProcessOptions& options, plugin::TaskContext& context) {
    process::Command command{.arguments = job.arguments,
                             .environment = job.environment,
                             .directory = job.folder.string(),
                             .limits = options.limits};
    if (options.sandbox) {
        auto walled = in_sandbox(job, options.network);
        if (!walled) return tl::unexpected(walled.error());
        command.arguments = std::move(*walled);
    }
    const auto outcome = context.processes().run(command, {.on_line = job.on_line}, context.stop_token());
    if (!outcome) return tl::unexpected(outcome.error());
    switch (outcome->end) {
        case process::End::Stopped:
        case process::End::Fenced:
            return refuse(ErrorCode::Cancelled, "the script was stopped before its end");
        case process::End::TimedOut:
            return refuse(ErrorCode::Timeout, "the script took longer than {}", for_people(*options.limits.wall));
        default:
            break;
    }
    return ScriptEnd{.code = outcome->code(), .reason = process_runner::failure_of(*outcome, options.limits)};
}

}  // namespace sluice::tasks
