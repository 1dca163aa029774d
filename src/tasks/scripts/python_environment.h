#pragma once
#include <filesystem>

#include "process/supervisor.h"

namespace sluice::tasks {

/// A Python of a task's own: what it installs with pip stays there and goes with it.
struct PythonEnvironment {
    process::Environment variables{};  // with its folder first in PATH
    std::string notice{};              // what whoever wrote the task should know
};

/// Makes one in a folder: a virtual environment that sees the machine's packages, written by hand because the `venv`
/// module takes a hundred times as long and may not be installed. It has `python`, `python3`, `pip` and `pip3`.
///
/// version  "3.11"; empty or not there: the machine's python3
/// Errors   NotFound: there is no Python
Result<PythonEnvironment> make_python_environment(const std::filesystem::path& folder, const std::string& version,
                                                  process::Supervisor& processes, std::stop_token stop);

}  // namespace sluice::tasks
