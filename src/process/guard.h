#pragma once
#include <vector>

#include "base/file_descriptor.h"
#include "process/lease.h"

namespace sluice::process {

/// The life of a guard: starts the child that the request in `descriptors` describes, and stays until nothing of it is
/// left. Called in a process forked for it; never returns.
[[noreturn]] void run_guard(std::vector<FileDescriptor> descriptors, const Lease& lease);

}  // namespace sluice::process
