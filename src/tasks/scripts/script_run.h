#pragma once
#include <set>

#include "tasks/scripts/local_addresses.h"
#include "tasks/scripts/python_environment.h"
#include "tasks/scripts/runner_choice.h"
#include "tasks/scripts/script_output.h"

namespace sluice::tasks {

/// One run of a script task: files in, commands in the working directory as a process or in a container, lines to the
/// log, outputs and files out. Outputs are kept when the script fails.
/// Source  flows.md §4.6
class ScriptRun {
  public:
    ScriptRun(const Language& language, const ScriptProperties& want, plugin::TaskContext& context,
              const Settings& settings);

    // What a type adds, before run():
    /// A variable; what the task says in `env` is over it.
    void set_variable(const std::string& name, std::string value) { variables_[name] = std::move(value); }
    /// A file beside the working directory, for the program alone. Returns where the script sees it.
    std::filesystem::path put_private_file(const std::string& name, std::string_view text);
    /// A file in the working directory that is no output.
    void put_own_file(const std::string& path, std::string text) { own_texts_[path] = std::move(text); }
    /// A file of the internal storage: where the script finds its copy.
    Result<std::string> local_file(const std::string& address) { return addresses_.localized(address); }
    /// A command before those of the task.
    void begin_with(std::string command) { first_.push_back(std::move(command)); }
    /// A command instead of those of the task.
    void set_command(std::string command) { command_ = std::move(command); }
    /// The program is run by python: there is one, with the packages of `dependencies`.
    void use_python() { python_ = true; }
    /// Names for the task's expressions.
    const Map& names() const { return more_; }
    const std::filesystem::path& folder() const { return folder_; }
    /// The type looks for files there after the run: they come back from a container, too.
    void keep_folder() { keeps_folder_ = true; }

    Result<Value> run();

    struct Ended {
        Value outputs{};
        int code = 0;
        std::string failure{};  // a sentence, when the code is not 0
    };
    /// The same, where an exit code is no failure.
    Result<Ended> run_to_any_end();

  private:
    Result<void> prepare();
    Result<void> add_dependencies(std::vector<std::string>& lines);
    Result<void> add_python(std::vector<std::string>& lines);
    Result<std::vector<std::string>> lines();
    Result<std::vector<std::string>> rendered_lines(const Value& declared, const char* property);
    Result<std::string> main_command();
    Result<std::map<std::string, std::string>> own_environment();
    Result<ScriptJob> job();
    Result<ScriptEnd> run_somewhere();
    Result<Value> outputs(const ScriptEnd& end);
    std::string failure_text(const ScriptEnd& end) const;
    bool in_container() const { return choice_.engine.has_value(); }

    const Language& language_;
    const ScriptProperties& want_;
    plugin::TaskContext& context_;
    const Settings& settings_;
    const std::filesystem::path folder_;         // the working directory
    const std::filesystem::path scratch_;        // what belongs to this run beside it
    const std::filesystem::path output_folder_;  // {{ outputDir }}
    Map more_;                                   // names that only expressions of scripts see
    LocalAddresses addresses_;
    ScriptOutput output_;
    RunnerChoice choice_{};
    process::Environment variables_{};
    std::map<std::string, std::string> env_{};  // of the task
    std::map<std::string, std::string> own_texts_{};
    std::vector<std::string> first_{};
    std::optional<std::string> command_{};
    PythonEnvironment python_environment_{};
    Packages packages_{};
    bool python_ = false;
    bool keeps_folder_ = false;
    std::set<std::string> own_files_{};  // relative paths that are no outputs
};

/// What a type adds to a run of its own properties.
template <class P>
using PrepareScript = std::function<Result<void>(const P& want, plugin::TaskContext& context, ScriptRun& run)>;

/// A task type that runs a script. `language` must live as long as the program.
template <class P>
plugin::TaskTypeMaker<P> script_task(const std::string& name, const Language& language, const SettingsPtr& settings,
                                     PrepareScript<P> prepare = {}) {
    return plugin::TaskTypeMaker<P>(
        name, [&language, settings, prepare](const P& want, plugin::TaskContext& context) -> Result<Value> {
            ScriptRun run(language, want, context, *settings);
            if (prepare) {
                if (auto prepared = prepare(want, context, run); !prepared) return tl::unexpected(prepared.error());
            }
            return run.run();
        });
}

}  // namespace sluice::tasks
