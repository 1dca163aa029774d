#include "tasks/scripts/script_run.h"

#include <fstream>

#include "base/trace.h"
#include "plugin/task_files.h"
#include "tasks/files/working_files.h"
#include "tasks/scripts/container_runner.h"
#include "tasks/scripts/programs.h"

namespace sluice::tasks {
namespace script_run {

// The kernel takes no single argument above 128 KiB.
constexpr std::size_t kLongestArgument = 100 * 1024;
constexpr int kProgramMissing = 127;

std::filesystem::path made(std::filesystem::path folder) {
    std::filesystem::create_directories(folder);
    return folder;
}

void write_file(const std::filesystem::path& file, std::string_view text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) throw OutsideError(fmt::format("the file {} can't be written", file.string()));
}

/// Everybody on the machine can read the arguments of a program, and commands may hold secrets: a shell gets a file.
bool takes_a_file(const std::vector<std::string>& interpreter, bool must) {
    if (interpreter.back() != "-c") return false;
    if (must) return true;
    const std::string shell = std::filesystem::path(interpreter.front()).filename().string();
    return shell == "sh" || shell == "bash" || shell == "dash" || shell == "ash" || shell == "zsh" || shell == "ksh";
}

/// {{ outputFiles.name }}: where a file that is to be kept is written.
Value paths_of(const std::vector<std::string>& output_files, const std::filesystem::path& folder) {
    Map out;
    for (const std::string& name : output_files) {
        if (name.find_first_of("*?[{\\:") == std::string::npos) out.set(name, (folder / name).string());
    }
    return Value(std::move(out));
}

}  // namespace script_run

ScriptRun::ScriptRun(const Language& language, const ScriptProperties& want, plugin::TaskContext& context,
                     const Settings& settings)
    : language_(language),
      want_(want),
      context_(context),
      settings_(settings),
      folder_(context.working_directory()),
      scratch_(script_run::made(context.scratch_directory() / "script")),
      output_folder_(script_run::made(scratch_ / "output")),
      more_{{"workingDir", folder_.string()},
            {"outputDir", output_folder_.string()},
            {"outputFiles", script_run::paths_of(want.output_files, folder_)}},
      addresses_(context, scratch_ / "files"),
      output_(context),
      python_(language.name == "python") {}

Result<Value> ScriptRun::run() {
    auto ended = run_to_any_end();
    if (!ended) return tl::unexpected(ended.error());
    if (ended->code == 0) return std::move(ended->outputs);
    context_.keep_outputs(std::move(ended->outputs));
    return refuse(ErrorCode::Unavailable, "{}", ended->failure);
}

Result<ScriptRun::Ended> ScriptRun::run_to_any_end() {
    auto choice = choose_runner(want_, language_, settings_, context_);
    if (!choice) return tl::unexpected(choice.error());
    choice_ = std::move(*choice);
    if (auto prepared = prepare(); !prepared) return tl::unexpected(prepared.error());
    const auto end = run_somewhere();
    if (!end) return tl::unexpected(end.error());
    auto all = outputs(*end);
    if (!all) return tl::unexpected(all.error());
    return Ended{std::move(*all), end->code, end->code == 0 ? "" : failure_text(*end)};
}

Result<ScriptEnd> ScriptRun::run_somewhere() {
    const auto what = job();
    if (!what) return tl::unexpected(what.error());
    if (!in_container()) {
        auto end = run_as_process(*what, choice_.process, context_);
        const bool interpreter_missing = !end && end.error().code == ErrorCode::NotFound && want_.interpreter.empty();
        if (interpreter_missing && !choice_.process.sandbox) {
            end.error().message +=
                fmt::format(". Install {} there, or run the task in a container (taskRunner)", language_.install);
        }
        return end;
    }
    const bool keeps_folder = keeps_folder_ || !want_.output_files.empty() || context_.shares_folder();
    return run_in_container(*what, *choice_.engine, choice_.container, choice_.image, keeps_folder, context_);
}

/// What a failed run is called.
std::string ScriptRun::failure_text(const ScriptEnd& end) const {
    std::string out = fmt::format("Command failed with exit code {}", end.code);
    if (!end.reason.empty()) out += ": " + end.reason;
    if (end.code != script_run::kProgramMissing) return out;
    out += ": a program was not found";
    if (in_container()) return out + fmt::format(" in the image {}", choice_.image);
    const bool there = find_program(language_.program, process::harmless_environment()["PATH"]).has_value();
    if (there)
        return out + " on this worker: install it there, or run the task in a container that has it (taskRunner)";
    return out + fmt::format(". {} is not on this worker: install {}, or run the task in a container (taskRunner)",
                             language_.program, language_.install);
}

std::filesystem::path ScriptRun::put_private_file(const std::string& name, std::string_view text) {
    const auto file = scratch_ / "private" / name;
    script_run::write_file(file, text);
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return file;
}

Result<void> ScriptRun::prepare() {
    for (const auto& [path, text] : own_texts_) {
        const auto file = path_within(folder_, path);
        if (!file) return tl::unexpected(file.error());
        if (auto clear = clear_way(*file, folder_); !clear) return clear;
        script_run::write_file(*file, text);
        own_files_.insert(path);
    }
    auto given = own_environment();
    if (!given) return tl::unexpected(given.error());
    env_ = std::move(*given);
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
    script_run::write_file(folder_ / name, *text);
    own_files_.insert(name);
    return language_.runs + " " + shell_quoted((folder_ / name).string());
}

Result<void> ScriptRun::add_dependencies(std::vector<std::string>& lines) {
    if (python_ && !in_container()) return add_python(lines);
    if (want_.dependencies.empty()) return {};
    std::string install = python_ ? script_language("python").dependencies : language_.dependencies;
    if (python_ && !want_.dependency_cache_enabled) install += " --no-cache-dir";
    for (const std::string& one : want_.dependencies) install += " " + shell_quoted(one);
    lines.push_back(std::move(install));
    return {};
}

/// A Python of the task's own, and the packages that it wants.
Result<void> ScriptRun::add_python(std::vector<std::string>& lines) {
    const auto stop = context_.stop_token();
    const auto program = find_python(want_.python_version, context_.processes(), stop, python_environment_.notice);
    if (!program) return tl::unexpected(program.error());
    if (!python_environment_.notice.empty()) context_.log(LogLevel::Warn, python_environment_.notice);
    const bool cached = !want_.dependencies.empty() && want_.dependency_cache_enabled;
    if (cached) {
        const PackageCache cache{settings_.scripts.dependency_folder, settings_.scripts.dependency_bytes};
        PackageWish wish{want_.dependencies, want_.package_manager == "UV", {env_.begin(), env_.end()}};
        auto packages = python_packages(cache, *program, wish, context_.processes(), stop,
                                        [this](std::string line) { context_.log(LogLevel::Debug, std::move(line)); });
        if (!packages) return tl::unexpected(packages.error());
        packages_ = std::move(*packages);
    }
    make_python_environment(scratch_ / "python", *program, cached ? &packages_.folder : nullptr, python_environment_);
    if (want_.dependencies.empty() || cached) return {};
    std::string install = script_language("python").dependencies + " --no-cache-dir";
    for (const std::string& one : want_.dependencies) install += " " + shell_quoted(one);
    lines.push_back(std::move(install));
    return {};
}

Result<std::vector<std::string>> ScriptRun::lines() {
    std::vector<std::string> out;
    if (want_.fail_fast) out.push_back(language_.fail_fast);
    if (auto added = add_dependencies(out); !added) return tl::unexpected(added.error());
    const auto before = rendered_lines(want_.before_commands, "beforeCommands");
    if (!before) return before;
    out.insert(out.end(), before->begin(), before->end());
    out.insert(out.end(), first_.begin(), first_.end());
    if (command_) {
        out.push_back(*command_);
    } else if (want_.script.is_null()) {
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

Result<std::map<std::string, std::string>> ScriptRun::own_environment() {
    std::map<std::string, std::string> given;
    if (want_.env.is_null()) return given;
    const auto rendered = context_.render_tree(want_.env, more_);
    if (!rendered) return tl::unexpected(rendered.error());
    if (auto converted = plugin::convert(*rendered, given); !converted) {
        return invalid("property 'env': {}", converted.error().message);
    }
    for (auto& [name, value] : given) {
        auto local = addresses_.localized(value);
        if (!local) return tl::unexpected(local.error());
        value = std::move(*local);
    }
    return given;
}

Result<ScriptJob> ScriptRun::job() {
    const auto all = lines();
    if (!all) return tl::unexpected(all.error());
    ScriptJob out;
    out.arguments = want_.interpreter.empty() ? language_.interpreter : want_.interpreter;
    std::string text = fmt::format("{}", fmt::join(*all, "\n"));
    if (script_run::takes_a_file(out.arguments,
                                 text.size() > script_run::kLongestArgument || context_.holds_secret(text))) {
        const auto file = put_private_file("commands", text);
        out.arguments.back() = file.string();
    } else {
        out.arguments.push_back(std::move(text));
    }
    if (!in_container()) out.environment = process::harmless_environment();
    for (const auto& [name, value] : python_environment_.variables) out.environment[name] = value;
    for (const auto& [name, value] : variables_) out.environment[name] = value;
    out.environment["WORKING_DIR"] = folder_.string();
    out.environment["OUTPUT_DIR"] = output_folder_.string();
    if (settings_.traces) {
        const plugin::TaskPlace& place = context_.place();
        out.environment["TRACEPARENT"] = traceparent_of(place.execution_id.text(), place.task_run_id.text());
    }
    for (const auto& [name, value] : env_) out.environment[name] = value;
    out.folder = folder_;
    out.scratch = scratch_;
    out.output = output_folder_;
    out.readable = python_environment_.needs;
    out.on_line = [this](process::Line&& line) { output_.take(std::move(line)); };
    return out;
}

Result<Value> ScriptRun::outputs(const ScriptEnd& end) {
    auto files = collect_files(want_.output_files, folder_, own_files_, context_);
    if (!files) return files;
    const auto more_files = collect_files({"**"}, output_folder_, {}, context_);
    if (!more_files) return more_files;
    for (const auto& [path, address] : more_files->as_map()) files->mutable_map().set(path, address);
    std::error_code ignored;  // the folder goes anyway, unless it is shared with other tasks
    for (const std::string& own : own_files_) std::filesystem::remove(folder_ / own, ignored);
    return Value{{"exitCode", Value(static_cast<std::int32_t>(end.code))},
                 {"vars", Value(output_.vars())},
                 {"outputFiles", std::move(*files)},
                 {"stdOutLineCount", Value(output_.output_lines())},
                 {"stdErrLineCount", Value(output_.error_lines())},
                 {"taskRunner", Value(end.runner_outputs)}};
}

}  // namespace sluice::tasks
