#pragma once
#include "process/supervisor.h"

namespace sluice::process {

inline Command shell(const std::string& script) {
    return {.arguments = {"/bin/sh", "-c", script}, .environment = {{"PATH", "/usr/bin:/bin"}}};
}

}  // namespace sluice::process
