#pragma once
#include <set>

#include "process/process.h"
#include "tasks/scripts/local_addresses.h"
#include "tasks/scripts/output_protocol.h"
#include "tasks/scripts/script_properties.h"

namespace sluice::tasks {

/// One run of a script task: files in, commands as a process in the working directory, lines to the log, outputs and
/// files out. Outputs are kept when the script fails.
/// Source  flows.md §4.6
class ScriptRun {
  public:
    ScriptRun(const Language& language, const ScriptProperties& want, plugin::TaskContext& context);

    Result<Value> run();

  private:
    Result<void> prepare();
    Result<void> add_python(std::vector<std::string>& lines);
    Result<std::vector<std::string>> lines();
    Result<std::vector<std::string>> rendered_lines(const Value& declared, const char* property);
    Result<std::string> main_command();
    Result<process::Environment> environment();
    Result<process::Command> command();
    Result<Value> outputs(const process::Outcome& outcome);
    void take_line(process::Line&& line);
    void warn_of_containers() const;

    const Language& language_;
    const ScriptProperties& want_;
    plugin::TaskContext& context_;
    const std::filesystem::path folder_;         // the working directory
    const std::filesystem::path output_folder_;  // {{ outputDir }}
    const Map more_;                             // names that only expressions of scripts see
    LocalAddresses addresses_;
    OutputProtocol protocol_;
    process::Environment python_variables_{};
    std::set<std::string> own_files_{};  // relative paths that are no outputs
    bool in_pieces_ = false;             // the last line was too long, and goes on
    std::int64_t output_lines_ = 0;
    std::int64_t error_lines_ = 0;
};

}  // namespace sluice::tasks
