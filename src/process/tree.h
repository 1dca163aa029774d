#pragma once
#include <set>
#include <sys/types.h>
#include <vector>

namespace sluice::process {

/// The descendants of a process, from /proc; itself and zombies are not among them, nor are `spared` and all below
/// them.
std::vector<pid_t> descendants_of(pid_t ancestor, const std::set<pid_t>& spared = {});

/// Sends the signal to each of them; those that have ended meanwhile are passed over.
void signal_all(const std::vector<pid_t>& processes, int signal);

}  // namespace sluice::process
