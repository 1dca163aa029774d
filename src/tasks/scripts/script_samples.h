#pragma once
#include <string>

namespace sluice::tasks {

/// What the examples do in each language.
struct ScriptSample {
    const char* language;
    const char* script;
    const char* file;      // of the example with commands
    const char* commands;  // runs it
};
const ScriptSample& script_sample(const std::string& language);

}  // namespace sluice::tasks
