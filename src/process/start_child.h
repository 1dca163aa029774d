#pragma once
#include <sys/types.h>

#include "process/cgroup.h"
#include "process/channel.h"

namespace sluice::process {

struct StandardStreams {
    FileDescriptor input{};
    FileDescriptor output{};
    FileDescriptor error{};
};

struct StartedChild {
    pid_t pid = 0;  // 0: it did not start
    Step step = Step::Fork;
    int error = 0;
};

/// Starts the program in a session of its own with nothing of this process but the streams, and waits until it runs.
/// The child shares this process's memory until then (as vfork does): no page is copied.
///
/// cgroup     where it starts; null: where this process is
/// by_cgroup  the limits that the cgroup holds; the others are set for the process
StartedChild start_child(const Command& command, const StandardStreams& streams, const Cgroup* cgroup,
                         const CgroupHome& by_cgroup);

}  // namespace sluice::process
