#pragma once
#include <filesystem>
#include <functional>

#include "plugin/task_context.h"
#include "process/process.h"

namespace sluice::tasks {

/// A script, ready to be run somewhere.
struct ScriptJob {
    std::vector<std::string> arguments{};
    process::Environment environment{};             // all of it
    std::filesystem::path folder{};                 // the working directory
    std::filesystem::path scratch{};                // what the script needs beside it
    std::filesystem::path output{};                 // in there: its output directory
    std::vector<std::filesystem::path> readable{};  // what else it must see: cached packages, an interpreter
    std::function<void(process::Line&&)> on_line{};
};

/// How it ended.
struct ScriptEnd {
    int code = 0;
    std::string reason{};  // why it failed, when the code alone does not say it
    Map runner_outputs{};  // {{ outputs.id.taskRunner }}
};

}  // namespace sluice::tasks
