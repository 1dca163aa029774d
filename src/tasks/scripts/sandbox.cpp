#include "tasks/scripts/sandbox.h"

#include "tasks/scripts/programs.h"

namespace sluice::tasks {
namespace sandbox {

// Of /etc only what programs need to know about the machine: no configuration of servers.
constexpr const char* kReadable[] = {
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/opt",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/passwd",
    "/etc/group",
    "/etc/hosts",
    "/etc/resolv.conf",
    "/etc/nsswitch.conf",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/ca-certificates",
    "/etc/pki",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/mime.types",
    "/etc/protocols",
    "/etc/services",
    "/etc/perl",
    "/etc/R",
    "/etc/php",
    "/etc/java-17-openjdk",
};

}  // namespace sandbox

Result<std::vector<std::string>> in_sandbox(const ScriptJob& job, bool network) {
    const process::Environment own = process::harmless_environment();
    const auto path = own.find("PATH");
    const auto program = find_program("bwrap", path != own.end() ? path->second : "/usr/local/bin:/usr/bin:/bin");
    if (!program) {
        return not_found(
            "a sandbox was asked for, but there is no bwrap on this worker: install bubblewrap (Debian), or "
            "set sandbox: false on the task's runner or tasks.scripts.sandbox in the configuration");
    }
    std::vector<std::string> out{program->string(), "--unshare-user-try", "--unshare-ipc",
                                 "--unshare-pid",   "--unshare-uts",      "--unshare-cgroup-try"};
    if (!network) out.emplace_back("--unshare-net");
    const auto show = [&](const char* how, const std::string& what) { out.insert(out.end(), {how, what, what}); };
    for (const char* folder : sandbox::kReadable) show("--ro-bind-try", folder);
    out.insert(out.end(), {"--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"});
    for (const auto& more : job.readable) show("--ro-bind-try", more.string());
    show("--bind", job.folder.string());
    show("--bind", job.scratch.string());
    out.insert(out.end(), {"--chdir", job.folder.string(), "--setenv", "HOME", job.scratch.string(), "--"});
    out.insert(out.end(), job.arguments.begin(), job.arguments.end());
    return out;
}

}  // namespace sluice::tasks
