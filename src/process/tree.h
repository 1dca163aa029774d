#pragma once
#include <set>
#include <sys/types.h>
#include <vector>

namespace sluice::process {

/// The descendants of a process, from /proc; itself and zombies are not among them.
std::vector<pid_t> descendants_of(pid_t ancestor);

/// Sends the signal to each of them; those that have ended meanwhile are passed over.
void signal_all(const std::vector<pid_t>& processes, int signal);

/// SIGKILL for the descendants of a process, except the `spared` and all below them, and for their process groups: a
/// fork can outrun a signal to a process, but not one to its group. The group of the caller is left alone, so every
/// child must have begun a session of its own. false: there was nothing alive to kill
bool kill_descendants_of(pid_t ancestor, const std::set<pid_t>& spared = {});

}  // namespace sluice::process
