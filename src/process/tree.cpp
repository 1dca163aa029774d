#include "process/tree.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <signal.h>
#include <string_view>

#include "base/file_descriptor.h"

namespace sluice::process {
namespace {

struct Relation {
    pid_t pid = 0;
    pid_t parent = 0;
    pid_t group = 0;
    bool zombie = false;
};

/// /proc/<pid>/stat is "pid (name) state ppid pgrp …"; the name may hold anything, brackets too.
std::optional<Relation> relation_of(int proc, const char* name) {
    Relation out;
    const char* end = name + std::strlen(name);
    if (std::from_chars(name, end, out.pid).ptr != end) return {};
    const FileDescriptor file(::openat(proc, fmt::format("{}/stat", name).c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 512> buffer{};
    const ssize_t n = file ? ::read(file.get(), buffer.data(), buffer.size()) : -1;
    if (n <= 0) return {};
    const std::string_view text(buffer.data(), static_cast<std::size_t>(n));
    const std::size_t bracket = text.rfind(')');
    if (bracket == std::string_view::npos || bracket + 4 >= text.size()) return {};
    out.zombie = text[bracket + 2] == 'Z';
    const char* last = text.data() + text.size();
    const char* after = std::from_chars(text.data() + bracket + 4, last, out.parent).ptr;
    if (after != last) std::from_chars(after + 1, last, out.group);
    return out;
}

std::vector<Relation> all_processes() {
    std::vector<Relation> out;
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc"), ::closedir);
    if (!folder) return out;
    while (const dirent* entry = ::readdir(folder.get())) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
        if (const auto found = relation_of(::dirfd(folder.get()), entry->d_name)) out.push_back(*found);
    }
    return out;
}

/// Zombies are among them.
std::vector<Relation> below(pid_t ancestor, const std::set<pid_t>& spared) {
    std::multimap<pid_t, Relation> children;
    for (const Relation& process : all_processes()) {
        if (!spared.contains(process.pid)) children.emplace(process.parent, process);
    }
    std::vector<Relation> out;
    const auto add_children = [&](pid_t parent) {
        const auto [first, last] = children.equal_range(parent);
        for (auto it = first; it != last; ++it) out.push_back(it->second);
    };
    add_children(ancestor);
    for (std::size_t i = 0; i < out.size(); ++i) add_children(out[i].pid);
    return out;
}

}  // namespace

int count_descendants_of(pid_t ancestor) {
    const std::vector<Relation> found = below(ancestor, {});
    return static_cast<int>(std::ranges::count_if(found, [](const Relation& one) { return !one.zombie; }));
}

bool signal_descendants_of(pid_t ancestor, std::initializer_list<int> signals, const std::set<pid_t>& spared) {
    std::set<pid_t> receivers;  // groups are negative, as in kill()
    bool any = false;
    for (const Relation& process : below(ancestor, spared)) {
        any = any || !process.zombie;
        const bool apart = process.group > 0 && process.group != ::getpgrp();
        if (apart || !process.zombie) receivers.insert(apart ? -process.group : process.pid);
    }
    for (const int signal : signals) {
        for (const pid_t receiver : receivers) ::kill(receiver, signal);
    }
    return any;
}

}  // namespace sluice::process
