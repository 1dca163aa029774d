#include "tasks/scripts/language.h"

#include "base/error.h"

namespace sluice::tasks {
namespace languages {

Language shell() {
    return {.name = "shell", .title = "shell", .program = "sh", .install = "dash (Debian)", .image = "ubuntu"};
}

/// It runs its commands itself: what they are is PowerShell, not a shell's.
Language powershell() {
    return {.name = "powershell",
            .title = "PowerShell",
            .program = "pwsh",
            .install = "PowerShell (https://aka.ms/powershell)",
            .image = "mcr.microsoft.com/powershell",
            .interpreter = {"pwsh", "-NoProfile", "-NonInteractive", "-Command"},
            .fail_fast = "$ErrorActionPreference = 'Stop'"};
}

/// A language whose interpreter takes a file.
Language of_files(const char* name, const char* title, const char* extension, const char* runs, const char* program,
                  const char* install, const char* image, const char* dependencies = "") {
    return {.name = name,
            .title = title,
            .extension = extension,
            .runs = runs,
            .program = program,
            .install = install,
            .image = image,
            .dependencies = dependencies};
}

std::vector<Language> all() {
    return {
        shell(),
        of_files("python", "Python", ".py", "python", "python3", "python3 (Debian)", "python:3.13-slim",
                 "python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore"),
        of_files("node", "Node.js", ".js", "node", "node", "nodejs (Debian)", "node",
                 "npm install --no-save --no-audit --no-fund --loglevel=error"),
        powershell(),
        of_files("ruby", "Ruby", ".rb", "ruby", "ruby", "ruby (Debian)", "ruby",
                 "gem install --quiet --no-document --conservative"),
        of_files("perl", "Perl", ".pl", "perl", "perl", "perl (Debian)", "perl", "cpanm --quiet --notest"),
        of_files("r", "R", ".R", "Rscript", "Rscript", "r-base-core (Debian)", "r-base",
                 "Rscript -e 'install.packages(commandArgs(TRUE), repos = \"https://cloud.r-project.org\")'"),
        of_files("julia", "Julia", ".jl", "julia", "julia", "Julia (https://julialang.org)", "julia",
                 "julia -e 'using Pkg; Pkg.add(ARGS)'"),
        of_files("php", "PHP", ".php", "php", "php", "php-cli (Debian)", "php", "composer require --quiet"),
        of_files("lua", "Lua", ".lua", "lua", "lua", "lua5.4 (Debian)", "nickblah/lua", "luarocks install --local"),
        of_files("deno", "Deno", ".ts", "deno run --allow-all", "deno", "Deno (https://deno.com)", "denoland/deno"),
        of_files("bun", "Bun", ".ts", "bun run", "bun", "Bun (https://bun.sh)", "oven/bun", "bun add --no-save"),
        of_files("go", "Go", ".go", "go run", "go", "golang-go (Debian)", "golang"),
        of_files("groovy", "Groovy", ".groovy", "groovy", "groovy", "groovy (Debian)", "groovy"),
        of_files("jbang", "Java (JBang)", ".java", "jbang", "jbang", "JBang (https://jbang.dev)",
                 "jbangdev/jbang-action"),
    };
}

}  // namespace languages

const std::vector<Language>& script_languages() {
    static const std::vector<Language> all = languages::all();
    return all;
}

const Language& script_language(const std::string& name) {
    for (const Language& one : script_languages()) {
        if (one.name == name) return one;
    }
    throw BugError("there is no language " + name);
}

}  // namespace sluice::tasks
