#include "process/cgroup.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace sluice::process {
namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
}

bool write_to(const std::string& path, std::string_view text) {
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool has_word(const std::string& text, std::string_view wanted) {
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (word == wanted) return true;
    }
    return false;
}

/// The mount point of the unified hierarchy: "… <mount point> <options> - cgroup2 …"
std::string mount_point() {
    std::istringstream lines(text_of("/proc/self/mountinfo"));
    for (std::string line; std::getline(lines, line);) {
        if (line.find(" - cgroup2 ") == std::string::npos) continue;
        std::istringstream words(line);
        std::string word;
        for (int i = 0; i < 5; ++i) words >> word;
        return word;
    }
    return {};
}

/// "0::/system.slice/sluice.service" without the first part
std::string own_path() {
    std::istringstream lines(text_of("/proc/self/cgroup"));
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("0::")) return line.substr(3);
    }
    return {};
}

bool is_delegated(const std::string& folder) {
    std::array<char, 8> value{};
    for (const char* name : {"user.delegate", "trusted.delegate"}) {
        if (::getxattr(folder.c_str(), name, value.data(), value.size()) > 0 && value[0] == '1') return true;
    }
    return false;
}

/// A cgroup with processes of its own can't give controllers to its children: the processes go to a leaf.
void make_room(const std::string& folder) {
    const std::string leaf = folder + "/sluice-server";
    if (!is_delegated(folder) || (::mkdir(leaf.c_str(), 0755) != 0 && errno != EEXIST)) return;
    std::istringstream processes(text_of(folder + "/cgroup.procs"));
    for (std::string process; processes >> process;) write_to(leaf + "/cgroup.procs", process);
}

bool enable(const std::string& folder, const std::string& controller) {
    const std::string control = folder + "/cgroup.subtree_control";
    return has_word(text_of(folder + "/cgroup.controllers"), controller) &&
           (has_word(text_of(control), controller) || write_to(control, "+" + controller));
}

/// What processes that were killed could not remove.
void sweep(const std::string& parent) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(parent, ignored)) {
        const std::string name = entry.path().filename();
        int owner = 0;
        if (std::sscanf(name.c_str(), "sluice-children-%d", &owner) != 1 || ::kill(owner, 0) == 0) continue;
        for (const auto& child : std::filesystem::directory_iterator(entry.path(), ignored)) {
            if (child.is_directory(ignored)) ::rmdir(child.path().c_str());
        }
        ::rmdir(entry.path().c_str());
    }
}

}  // namespace

std::string CgroupHome::abilities() const {
    if (folder.empty()) return "none";
    std::string out = "kill";
    if (memory) out += " memory";
    if (processes) out += " pids";
    if (cpu) out += " cpu";
    return out;
}

CgroupHome find_cgroup_home() {
    CgroupHome home;
    const std::string mount = mount_point();
    const std::string own = own_path();
    if (mount.empty() || own.empty()) {
        home.why = "no cgroup v2 is mounted";
        return home;
    }
    const std::string parent = own == "/" ? mount : mount + own;
    sweep(parent);
    // One folder for each supervisor; this process may have several.
    std::string folder;
    int number = 0;
    do folder = fmt::format("{}/sluice-children-{}-{}", parent, ::getpid(), ++number);
    while (::mkdir(folder.c_str(), 0755) != 0 && errno == EEXIST);
    if (::access(folder.c_str(), W_OK) != 0) {
        home.why = fmt::format("{} is not ours to divide ({}); a systemd unit needs Delegate=yes", parent,
                               std::strerror(errno));
        return home;
    }
    home.folder = folder;
    make_room(parent);
    home.memory = enable(parent, "memory") && enable(folder, "memory");
    home.processes = enable(parent, "pids") && enable(folder, "pids");
    home.cpu = enable(parent, "cpu") && enable(folder, "cpu");
    if (!home.memory) home.why = parent + " does not give the memory controller";
    return home;
}

void leave_cgroup_home(const CgroupHome& home) {
    if (!home.folder.empty()) ::rmdir(home.folder.c_str());
}

std::optional<Cgroup> Cgroup::make(const std::string& home, const Limits& limits, const CgroupHome& abilities) {
    Cgroup out(fmt::format("{}/{}", home, ::getpid()));
    if (::mkdir(out.folder_.c_str(), 0755) != 0) return {};
    if (out.limit(limits, abilities)) return out;
    const int error = errno;
    out.remove();
    errno = error;
    return {};
}

bool Cgroup::limit(const Limits& limits, const CgroupHome& abilities) const {
    if (abilities.memory && limits.memory_bytes) {
        if (!write_to(folder_ + "/memory.max", std::to_string(*limits.memory_bytes))) return false;
        write_to(folder_ + "/memory.swap.max", "0");  // there is no such file where the kernel has no swap accounting
    }
    if (abilities.processes && limits.processes &&
        !write_to(folder_ + "/pids.max", std::to_string(*limits.processes))) {
        return false;
    }
    if (abilities.cpu && limits.cpus) {
        constexpr int kPeriod = 100'000;
        return write_to(folder_ + "/cpu.max", fmt::format("{} {}", static_cast<long>(*limits.cpus * kPeriod), kPeriod));
    }
    return true;
}

void Cgroup::kill() const {
    write_to(folder_ + "/cgroup.kill", "1");
}

bool Cgroup::freeze(bool frozen) const {
    return write_to(folder_ + "/cgroup.freeze", frozen ? "1" : "0");
}

bool Cgroup::ran_out_of_memory() const {
    std::istringstream words(text_of(folder_ + "/memory.events"));
    std::string name;
    for (long count = 0; words >> name >> count;) {
        if (name == "oom_kill" && count > 0) return true;
    }
    return false;
}

bool Cgroup::remove() const {
    return ::rmdir(folder_.c_str()) == 0;
}

}  // namespace sluice::process
