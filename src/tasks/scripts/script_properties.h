#pragma once
#include "plugin/task_type.h"

namespace sluice::tasks {

/// How scripts of a language are run.
struct Language {
    std::string name;       // in the type: scripts.<name>.Script
    std::string title;      // for people
    std::string extension;  // of the file that a script is written to; "": it is given to the interpreter as text
    std::string runs;       // the command that runs that file
};

/// What script tasks take.
struct ScriptProperties {
    Value commands;
    Value script;
    Value before_commands;
    Value env;
    Value input_files;
    Value namespace_files;
    std::vector<std::string> output_files;
    std::vector<std::string> interpreter;  // empty: /bin/sh -c
    bool fail_fast = true;
    std::string container_image;
    Value task_runner;
    std::string runner;
    Value docker;
    bool output_directory = false;
    bool warning_on_std_err = true;
    std::string target_os = "AUTO";
    // of Python
    std::vector<std::string> dependencies;
    std::string python_version;
    bool dependency_cache_enabled = true;
};

/// Declares what all script types share. `main`: "commands" or "script"
void declare_script(plugin::TaskTypeMaker<ScriptProperties>& type, const std::string& main);

}  // namespace sluice::tasks
