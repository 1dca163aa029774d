#pragma once
#include <string>
#include <vector>

namespace sluice::tasks {

/// How scripts of a language, or commands of a program, are run.
struct Language {
    std::string name{};          // in the type: scripts.<name>.Script
    std::string title{};         // for people
    std::string extension{};     // of the file that a script is written to; "": it is given to the interpreter as text
    std::string runs{};          // the command that runs that file
    std::string program{};       // what must be installed where it runs as a process
    std::string install{};       // what to install to have it
    std::string image{};         // of a container, when the task names none
    std::string dependencies{};  // the command that installs packages, given behind it; "": not supported
    std::vector<std::string> interpreter = {"/bin/sh", "-c"};
    std::string fail_fast = "set -e";  // the line that makes it stop at the first failure
};

/// All languages that have task types.
const std::vector<Language>& script_languages();
const Language& script_language(const std::string& name);

}  // namespace sluice::tasks
