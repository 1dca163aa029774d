#pragma once
#include <initializer_list>
#include <set>
#include <sys/types.h>

namespace sluice::process {

/// How many descendants a process has, by /proc; itself and zombies are not counted.
int count_descendants_of(pid_t ancestor);

/// Sends the signals, one after the other, to the process groups of all descendants of a process, except the `spared`
/// ones and all below them: a fork can outrun a signal to a process, but not one to its group. The caller's own group
/// is left alone (its members are signalled each), so every child must have begun a session of its own.
/// false: nothing was alive
bool signal_descendants_of(pid_t ancestor, std::initializer_list<int> signals, const std::set<pid_t>& spared = {});

}  // namespace sluice::process
