#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "flow/external_type.h"

namespace sluice::plugin {

/// The version of the protocol that this program speaks; see PROTOCOL.md.
inline constexpr std::int64_t kProtocolVersion = 1;

/// A program that runs tasks, as its plugin.yaml describes it.
struct Manifest {
    std::filesystem::path file{};
    std::vector<std::string> command{};  // words that began with ./ are paths below the manifest's folder
    std::map<std::string, std::string> environment{};
    Duration heartbeat{0};     // longest silence of a plugin that is well; 0: it may be silent
    Duration kill_grace = 5s;  // between `kill` and SIGTERM
    std::vector<flow::TypeInfo> types{};
    /// What `sluice plugins test` starts a type with; null: something is made up of its schema.
    std::map<std::string, Value> samples{};
    /// Of each type, what other processes are told: the declaration as plain values.
    std::map<std::string, Value> documents{};
};

/// Errors  Invalid with one detail for each mistake, each with its place; NotFound: an icon's file
Result<Manifest> read_manifest(const std::string& text, const std::filesystem::path& file);

/// Texts of a file, and of the icon that a declaration names beside it.
/// Errors  NotFound
Result<std::string> file_text(const std::filesystem::path& file);
/// Puts the file's text in the place of its name.
/// Errors  NotFound; TooLarge
Result<void> load_icon(flow::Node& declared, const std::filesystem::path& folder);

/// All mistakes of a file as one.
Error mistakes_of(const std::filesystem::path& file, std::vector<Error> errors);

}  // namespace sluice::plugin
