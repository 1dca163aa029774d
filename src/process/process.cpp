#include "process/process.h"

#include <unistd.h>

namespace sluice::process {
namespace {

bool is_harmless(std::string_view name) {
    static constexpr std::array kHarmless{"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR"};
    return name.starts_with("LC_") || std::find(kHarmless.begin(), kHarmless.end(), name) != kHarmless.end();
}

}  // namespace

std::string_view to_text(End end) {
    switch (end) {
        case End::Exited:
            return "exited";
        case End::Signalled:
            return "signalled";
        case End::OutOfMemory:
            return "out_of_memory";
        case End::TimedOut:
            return "timed_out";
        case End::Stopped:
            return "stopped";
        case End::Fenced:
            return "fenced";
    }
    return "exited";
}

Environment harmless_environment() {
    Environment out;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos || !is_harmless(text.substr(0, equals))) continue;
        out.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    out.try_emplace("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    return out;
}

}  // namespace sluice::process
