#pragma once
#include <functional>
#include <string>
#include <vector>

namespace sluice::cli {

/// Exit codes of all commands.
enum Exit : int { Success = 0, Failed = 1, Usage = 2, Killed = 3, TimedOut = 4 };

/// A command of the tree: "flow validate". A group without a command prints what there is.
struct Command {
    std::string name{};     // "flow validate"
    std::string summary{};  // one line
    std::string usage{};    // "sluice flow validate [--local] FILE…"
    std::function<int(std::vector<std::string> arguments)> run{};
};

/// All commands, in the order in which help shows them.
const std::vector<Command>& commands();

// One function a group; each in a file of its own.
std::vector<Command> server_commands();
std::vector<Command> flow_commands();
std::vector<Command> execution_commands();
std::vector<Command> trigger_commands();
std::vector<Command> trigger_change_commands();
std::vector<Command> event_commands();
std::vector<Command> database_commands();
std::vector<Command> doctor_commands();
std::vector<Command> plugin_commands();
std::vector<Command> config_commands();
std::vector<Command> tool_commands();
std::vector<Command> user_commands();
std::vector<Command> operator_commands();
std::vector<Command> purge_commands();
std::vector<Command> import_commands();
std::vector<Command> shell_commands();

}  // namespace sluice::cli
