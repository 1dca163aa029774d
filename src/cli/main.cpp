#include <iostream>

#include "base/probe.h"
#include "cli/command.h"
#include "cli/options.h"
#include "process/supervise.h"
#include "server/version.h"

namespace {

using sluice::cli::Command;

void print_help(const std::string& group) {
    if (group.empty()) {
        std::cout << "Sluice " << sluice::server::version()
                  << ": workflow orchestration and scheduling on PostgreSQL\n\nUsage: sluice COMMAND [options]\n\n";
    }
    for (const Command& command : sluice::cli::commands()) {
        if (!group.empty() && !command.name.starts_with(group + " ")) continue;
        std::cout << fmt::format("  {:<24} {}\n", command.name, command.summary);
    }
    if (group.empty()) std::cout << "\n'sluice COMMAND --help' tells what a command takes.\n";
}

/// The command that the first words name, and how many words those are.
const Command* find(const std::vector<std::string>& words, std::size_t& used) {
    const Command* best = nullptr;
    std::string name;
    for (std::size_t i = 0; i < words.size() && i < 3; ++i) {
        name += (i > 0 ? " " : "") + words[i];
        for (const Command& command : sluice::cli::commands()) {
            if (command.name != name) continue;
            best = &command;
            used = i + 1;
        }
    }
    return best;
}

bool is_group(const std::string& word) {
    for (const Command& command : sluice::cli::commands()) {
        if (command.name.starts_with(word + " ")) return true;
    }
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    if (sluice::process::is_supervisor_call(argc, argv)) return sluice::process::supervise();
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
        print_help("");
        return sluice::cli::Exit::Success;
    }
    if (words[0] == "--version" || words[0] == "-V") {
        std::cout << "sluice " << sluice::server::version() << "\n";
        return sluice::cli::Exit::Success;
    }
    if (const char* armed = std::getenv("SLUICE_PROBE")) {
        if (const auto done = sluice::arm_probe(armed); !done) return sluice::cli::fail(done.error());
    }
    std::size_t used = 0;
    const Command* command = find(words, used);
    if (command == nullptr) {
        if (is_group(words[0]) && (words.size() == 1 || words[1] == "--help" || words[1] == "-h")) {
            print_help(words[0]);
            return sluice::cli::Exit::Success;
        }
        return sluice::cli::fail_usage("there is no command '" + words[0] + (words.size() > 1 ? " " + words[1] : "") +
                                       "'; 'sluice --help' lists them all");
    }
    try {
        return command->run({words.begin() + static_cast<std::ptrdiff_t>(used), words.end()});
    } catch (const std::exception& failed) {
        return sluice::cli::fail(sluice::Error{sluice::ErrorCode::Internal, failed.what(), {}, {}, ""});
    }
}
