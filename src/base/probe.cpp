#include "base/probe.h"

#include <charconv>
#include <signal.h>
#include <unistd.h>

namespace sluice {
namespace {

static_assert(kProbeNames.size() == static_cast<std::size_t>(Probe::MigrationAfterCommit) + 1);
std::atomic<int> visits_left{1};

}  // namespace

Result<void> arm_probe(std::string_view text) {
    if (text.empty()) return {};
    constexpr std::string_view kKill = ":kill";
    const std::size_t action = text.find(kKill);
    const std::string_view name = text.substr(0, action);
    const auto* const found = std::ranges::find(kProbeNames, name);
    std::string_view count = action == std::string_view::npos ? "" : text.substr(action + kKill.size());
    int visits = 1;
    const bool counted = count.starts_with('@');
    if (counted) {
        count.remove_prefix(1);
        const auto read = std::from_chars(count.data(), count.data() + count.size(), visits);
        if (read.ec == std::errc() && read.ptr == count.data() + count.size() && visits > 0) count = {};
    }
    if (found == kProbeNames.end() || action == std::string_view::npos || !count.empty()) {
        return invalid("SLUICE_PROBE is '{}'; expected PROBE:kill or PROBE:kill@COUNT, and PROBE one of: {}", text,
                       fmt::join(kProbeNames, " "));
    }
    visits_left = visits;
    detail::armed_probe = static_cast<int>(found - kProbeNames.begin());
    return {};
}

void detail::at_armed_probe() {
    if (--visits_left == 0) ::kill(::getpid(), SIGKILL);
}

}  // namespace sluice
