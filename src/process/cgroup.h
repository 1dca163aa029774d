#pragma once
#include <optional>
#include <string>

#include "base/file_descriptor.h"
#include "process/process.h"

namespace sluice::process {

/// The folder below which this server may make cgroups (v2), and what they can do there.
struct CgroupHome {
    std::string folder{};  // empty: not allowed, see `why`
    bool memory = false;
    bool processes = false;
    bool cpu = false;
    std::string why{};  // one sentence for the log

    /// "memory pids cpu"; "kill" when it can only end whole trees
    std::string abilities() const;
};

/// Makes a folder for this process's children in its own cgroup and enables the controllers that it gives. In a unit
/// that delegates its cgroup (Delegate=yes) this process moves to a leaf of its own, as cgroup v2 wants it.
CgroupHome find_cgroup_home();
/// Removes the folder; it must be empty.
void leave_cgroup_home(const CgroupHome& home);

/// The cgroup of one child, made and removed by its guard.
class Cgroup {
  public:
    /// Empty: it could not be made, or a limit could not be set; errno tells why.
    static std::optional<Cgroup> make(const std::string& home, const Limits& limits, const CgroupHome& abilities);

    const std::string& folder() const { return folder_; }
    void kill() const;
    /// Stops all its processes where they are, or lets them go on. false: this kernel can't
    bool freeze(bool frozen) const;
    /// Processes that the kernel killed because of the memory limit.
    bool ran_out_of_memory() const;
    bool remove() const;

  private:
    explicit Cgroup(std::string folder) : folder_(std::move(folder)) {}
    bool limit(const Limits& limits, const CgroupHome& abilities) const;

    std::string folder_;
};

}  // namespace sluice::process
