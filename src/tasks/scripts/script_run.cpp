#include "tasks/scripts/script_run.h"

#include <fstream>

#include "process/supervisor.h"
#include "tasks/files/working_files.h"
#include "tasks/scripts/python_environment.h"

namespace sluice::tasks {
namespace {

// The kernel takes no single argument above 128 KiB.
constexpr std::size_t kLongestArgument = 100 * 1024;

std::filesystem::path made(std::filesystem::path folder) {
    std::filesystem::create_directories(folder);
    return folder;
}

void write_file(const std::filesystem::path& file, std::string_view text) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) throw OutsideError(fmt::format("the file {} can't be written", file.string()));
}

std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines) (out += out.empty() ? "" : "\n") += line;
    return out;
}

/// What a failed run is called.
std::string failure_text(const process::Outcome& outcome) {
    std::string out = fmt::format("Command failed with exit code {}", outcome.code());
    if (outcome.end == process::End::OutOfMemory) out += ": it ran out of memory";
    if (outcome.code() == 127) out += ": a program was not found; scripts run on the worker itself, not in containers";
    return out;
}

}  // namespace

ScriptRun::ScriptRun(const Language& language, const ScriptProperties& want, plugin::TaskContext& context)
    : language_(language),
      want_(want),
      context_(context),
      folder_(context.working_directory()),
      output_folder_(made(context.scratch_directory() / "output")),
      more_{{"workingDir", folder_.string()}, {"outputDir", output_folder_.string()}},
      addresses_(context),
      protocol_(context) {}

Result<Value> ScriptRun::run() {
    warn_of_containers();
    if (auto prepared = prepare(); !prepared) return tl::unexpected(prepared.error());
    const auto what = command();
    if (!what) return tl::unexpected(what.error());
    const process::Callbacks callbacks{.on_line = [this](process::Line&& line) { take_line(std::move(line)); }};
    const auto outcome = context_.processes().run(*what, callbacks, context_.stop_token());
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->end == process::End::Stopped || outcome->end == process::End::Fenced) {
        return refuse(ErrorCode::Cancelled, "the script was stopped before its end");
    }
    auto all = outputs(*outcome);
    if (!all || outcome->succeeded()) return all;
    context_.keep_outputs(std::move(*all));
    return refuse(ErrorCode::Unavailable, "{}", failure_text(*outcome));
}

void ScriptRun::warn_of_containers() const {
    const bool asked = want_.task_runner.text("type").find("docker") != std::string::npos || want_.runner == "DOCKER" ||
                       !want_.docker.is_null() || !want_.container_image.empty();
    if (!asked) return;
    const std::string image = want_.container_image.empty() ? want_.docker.text("image") : want_.container_image;
    context_.log(LogLevel::Warn, fmt::format("scripts run as processes of the worker: no container is used{}",
                                             image.empty() ? "" : fmt::format(", and not the image '{}'", image)));
}

Result<void> ScriptRun::prepare() {
    return put_files({want_.input_files, want_.namespace_files, {}}, folder_, context_);
}

Result<std::vector<std::string>> ScriptRun::rendered_lines(const Value& declared, const char* property) {
    std::vector<std::string> out;
    if (declared.is_null()) return out;
    const auto rendered = context_.render_tree(declared, more_);
    if (!rendered) return tl::unexpected(rendered.error());
    if (auto converted = plugin::convert(*rendered, out); !converted) {
        return invalid("property '{}': {}", property, converted.error().message);
    }
    for (std::string& line : out) {
        auto local = addresses_.localized(line);
        if (!local) return tl::unexpected(local.error());
        line = std::move(*local);
    }
    return out;
}

/// The command that runs the script: its text, or its file.
Result<std::string> ScriptRun::main_command() {
    const auto rendered = context_.render(plugin::text_of(want_.script), more_);
    if (!rendered) return tl::unexpected(rendered.error());
    auto text = addresses_.localized(*rendered);
    if (!text || language_.extension.empty()) return text;
    // Beside the input files, because a script imports what stands beside it.
    const std::string name =
        fmt::format("{}-{}{}", context_.place().task_id, context_.place().task_run_id, language_.extension);
    write_file(folder_ / name, *text);
    own_files_.insert(name);
    return language_.runs + " " + quoted((folder_ / name).string());
}

Result<void> ScriptRun::add_python(std::vector<std::string>& lines) {
    const auto python = make_python_environment(context_.scratch_directory() / "python", want_.python_version,
                                                context_.processes(), context_.stop_token());
    if (!python) return tl::unexpected(python.error());
    if (!python->notice.empty()) context_.log(LogLevel::Warn, python->notice);
    python_variables_ = python->variables;
    if (want_.dependencies.empty()) return {};
    std::string install = "python -m pip install --quiet --disable-pip-version-check";
    if (!want_.dependency_cache_enabled) install += " --no-cache-dir";
    for (const std::string& one : want_.dependencies) install += " " + quoted(one);
    lines.push_back(std::move(install));
    return {};
}

Result<std::vector<std::string>> ScriptRun::lines() {
    std::vector<std::string> out;
    if (want_.fail_fast) out.emplace_back("set -e");
    if (language_.name == "python") {
        if (auto added = add_python(out); !added) return tl::unexpected(added.error());
    }
    const auto before = rendered_lines(want_.before_commands, "beforeCommands");
    if (!before) return before;
    out.insert(out.end(), before->begin(), before->end());
    if (want_.script.is_null()) {
        const auto commands = rendered_lines(want_.commands, "commands");
        if (!commands) return commands;
        out.insert(out.end(), commands->begin(), commands->end());
    } else {
        auto main = main_command();
        if (!main) return tl::unexpected(main.error());
        out.push_back(std::move(*main));
    }
    return out;
}

Result<process::Environment> ScriptRun::environment() {
    process::Environment out = process::harmless_environment();
    out["WORKING_DIR"] = folder_.string();
    out["OUTPUT_DIR"] = output_folder_.string();
    for (const auto& [name, value] : python_variables_) out[name] = value;
    if (want_.env.is_null()) return out;
    const auto rendered = context_.render_tree(want_.env, more_);
    if (!rendered) return tl::unexpected(rendered.error());
    std::map<std::string, std::string> given;
    if (auto converted = plugin::convert(*rendered, given); !converted) {
        return invalid("property 'env': {}", converted.error().message);
    }
    for (const auto& [name, value] : given) {
        auto local = addresses_.localized(value);
        if (!local) return tl::unexpected(local.error());
        out[name] = std::move(*local);
    }
    return out;
}

Result<process::Command> ScriptRun::command() {
    const auto all = lines();
    if (!all) return tl::unexpected(all.error());
    auto variables = environment();
    if (!variables) return tl::unexpected(variables.error());
    process::Command out;
    out.arguments = want_.interpreter.empty() ? std::vector<std::string>{"/bin/sh", "-c"} : want_.interpreter;
    std::string text = joined(*all);
    // All users of the machine see arguments; the file is in a folder that only this one may enter.
    const bool shows_secret = context_.holds_secret(text);
    if ((text.size() > kLongestArgument || shows_secret) && out.arguments.back() == "-c") {
        const auto file = context_.scratch_directory() / "commands";
        write_file(file, text);
        out.arguments.back() = file.string();
    } else {
        out.arguments.push_back(std::move(text));
    }
    out.environment = std::move(*variables);
    out.directory = folder_.string();
    return out;
}

void ScriptRun::take_line(process::Line&& line) {
    const bool whole = !line.continues && !in_pieces_;
    in_pieces_ = line.continues;
    const bool is_error = line.stream == process::Stream::Error;
    if (!line.continues) ++(is_error ? error_lines_ : output_lines_);
    if (whole && protocol_.take(line.text)) return;
    context_.log(is_error ? LogLevel::Error : LogLevel::Info, std::move(line.text));
}

Result<Value> ScriptRun::outputs(const process::Outcome& outcome) {
    auto files = collect_files(want_.output_files, folder_, own_files_, context_);
    if (!files) return files;
    const auto more_files = collect_files({"**"}, output_folder_, {}, context_);
    if (!more_files) return more_files;
    for (const auto& [path, address] : more_files->as_map()) files->mutable_map().set(path, address);
    std::error_code ignored;  // the folder goes anyway, unless it is shared with other tasks
    for (const std::string& own : own_files_) std::filesystem::remove(folder_ / own, ignored);
    return Value{{"exitCode", Value(static_cast<std::int32_t>(outcome.code()))},
                 {"vars", Value(protocol_.outputs())},
                 {"outputFiles", std::move(*files)},
                 {"stdOutLineCount", Value(output_lines_)},
                 {"stdErrLineCount", Value(error_lines_)}};
}

}  // namespace sluice::tasks
