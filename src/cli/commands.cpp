#include "cli/command.h"

namespace sluice::cli {

const std::vector<Command>& commands() {
    static const std::vector<Command> all = [] {
        std::vector<Command> out;
        for (auto& group : {server_commands(), flow_commands(), execution_commands(), trigger_commands(),
                            trigger_change_commands(), event_commands(), database_commands(), doctor_commands(),
                            plugin_commands(), config_commands(), tool_commands(), user_commands(), operator_commands(),
                            purge_commands(), import_commands(), shell_commands()}) {
            out.insert(out.end(), group.begin(), group.end());
        }
        return out;
    }();
    return all;
}

}  // namespace sluice::cli
