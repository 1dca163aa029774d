#pragma once
#include <optional>
#include <string>
#include <vector>

#include "plugin/external/leash.h"
#include "plugin/external/manifest.h"
#include "process/supervisor.h"

namespace sluice::cli {

/// What a plugin's process did.
struct Observation {
    std::vector<Value> messages{};
    std::string garbage{};              // its first line that was no message
    std::vector<std::string> errors{};  // on standard error
    std::optional<Value> result{};
    plugin::Leash::Why ended_by = plugin::Leash::Why::Nothing;
    process::Outcome outcome{};
    std::string refused{};  // why it could not be started

    /// "it ended with exit code 1; on standard error: …"
    std::string text() const;
};

/// Talks to one process of a plugin as a server would, or worse.
class PluginProbe {
  public:
    PluginProbe(const plugin::Manifest& manifest, process::Supervisor& processes, std::filesystem::path folder)
        : manifest_(manifest), processes_(processes), folder_(std::move(folder)) {}

    std::string start_message(const std::string& type, const Value& properties, std::int64_t protocol) const;

    enum class Then { Wait, Kill, CloseInput };
    /// Sends these lines, and then waits for its end, for at most a minute.
    Observation talk(const std::vector<std::string>& lines, Then then = Then::Wait) const;

  private:
    const plugin::Manifest& manifest_;
    process::Supervisor& processes_;
    const std::filesystem::path folder_;
};

}  // namespace sluice::cli
