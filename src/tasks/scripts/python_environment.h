#pragma once
#include <filesystem>

#include "tasks/scripts/python_packages.h"

namespace sluice::tasks {

/// A Python of a task's own: what it installs with pip stays there and goes with it.
struct PythonEnvironment {
    process::Environment variables{};            // with its folder first in PATH
    std::vector<std::filesystem::path> needs{};  // folders beside its own that it reads
    std::string notice{};                        // what whoever wrote the task should know
};

/// Makes one in a folder: a virtual environment that sees the machine's packages, and before them those of `cached`.
/// It is written by hand because the `venv` module takes a hundred times as long and may not be installed. It has
/// `python`, `python3`, `pip` and `pip3`.
///
/// cached   packages that stand elsewhere, or null
/// program  the interpreter
void make_python_environment(const std::filesystem::path& folder, const std::filesystem::path& program,
                             const std::filesystem::path* cached, PythonEnvironment& out);

/// The interpreter of a version.
/// Errors  NotFound: there is no Python
Result<std::filesystem::path> find_python(const std::string& version, process::Supervisor& processes,
                                          std::stop_token stop, std::string& notice);

}  // namespace sluice::tasks
