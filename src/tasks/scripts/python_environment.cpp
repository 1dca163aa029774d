#include "tasks/scripts/python_environment.h"

#include <fstream>

#include "tasks/scripts/programs.h"

namespace sluice::tasks {
namespace python_environment {

namespace fs = std::filesystem;

/// The interpreter behind a program: version managers put small scripts in its place, which must be asked.
Result<fs::path> interpreter_behind(const fs::path& program, process::Supervisor& processes, std::stop_token stop) {
    std::ifstream in(program, std::ios::binary);
    std::array<char, 2> start{};
    in.read(start.data(), start.size());
    if (start != std::array{'#', '!'}) return fs::canonical(program);
    process::Command ask;
    ask.arguments = {program.string(), "-c", "import os, sys; print(os.path.realpath(sys.executable))"};
    ask.environment = process::harmless_environment();
    std::string answer;
    const process::Callbacks callbacks{.on_line = [&](process::Line&& line) {
        if (line.stream == process::Stream::Output) answer = std::move(line.text);
    }};
    const auto outcome = processes.run(ask, callbacks, std::move(stop));
    if (!outcome) return tl::unexpected(outcome.error());
    if (!outcome->succeeded()) return not_found("{} does not run a Python", program.string());
    return fs::path(answer);
}

void write(const fs::path& file, std::string_view text) {
    std::ofstream out(file);
    out << text;
    out.close();
    if (!out) throw OutsideError(fmt::format("the file {} can't be written", file.string()));
}

void write_program(const fs::path& file, std::string_view text) {
    write(file, text);
    fs::permissions(file, fs::perms::owner_all | fs::perms::group_exec | fs::perms::group_read);
}

/// "python3.11", as the interpreter's own file is called; its packages stand in a folder of that name.
std::string library_name(const fs::path& python) {
    const std::string name = python.filename().string();
    return name.starts_with("python3.") ? name : "";
}

/// Folders "lib/python3.N/site-packages" of an environment.
std::vector<fs::path> package_folders(const fs::path& environment) {
    std::vector<fs::path> out;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(environment / "lib", none)) {
        if (fs::is_directory(entry.path() / "site-packages", none)) out.push_back(entry.path() / "site-packages");
    }
    return out;
}

/// Lets an environment see the packages of another one, after its own and before the machine's.
void link_packages(const fs::path& folder, const fs::path& cached, const std::string& library) {
    for (const fs::path& packages : package_folders(cached)) {
        const fs::path own = folder / "lib" /
                             (library.empty() ? packages.parent_path().filename() : fs::path(library)) /
                             "site-packages";
        fs::create_directories(own);
        write(own / "sluice-packages.pth", packages.string() + "\n");
    }
}

}  // namespace python_environment

Result<std::filesystem::path> find_python(const std::string& version, process::Supervisor& processes,
                                          std::stop_token stop, std::string& notice) {
    const std::string path = process::harmless_environment()["PATH"];
    auto program = version.empty() ? std::nullopt : find_program("python" + version, path);
    const bool wanted_is_missing = !version.empty() && !program;
    if (!program) program = find_program("python3", path);
    if (!program) {
        return not_found(
            "there is no python3 on this worker (PATH is {}): install it (Debian: python3), or let the task "
            "run in a container",
            path);
    }
    if (wanted_is_missing) {
        notice = fmt::format("there is no python{} on this worker: {} is used", version, program->string());
    }
    return python_environment::interpreter_behind(*program, processes, std::move(stop));
}

void make_python_environment(const std::filesystem::path& folder, const std::filesystem::path& program,
                             const std::filesystem::path* cached, PythonEnvironment& out) {
    using namespace python_environment;
    const fs::path bin = folder / "bin";
    if (!fs::exists(bin)) {
        fs::create_directories(bin);
        for (const char* name : {"python", "python3"}) fs::create_symlink(program, bin / name);
        write(folder / "pyvenv.cfg",
              fmt::format("home = {}\ninclude-system-site-packages = true\n", program.parent_path().string()));
        const std::string pip = fmt::format("#!/bin/sh\nexec '{}' -m pip \"$@\"\n", (bin / "python").string());
        for (const char* name : {"pip", "pip3"}) write_program(bin / name, pip);
        if (cached != nullptr) link_packages(folder, *cached, library_name(program));
    }
    std::string path = bin.string();
    if (cached != nullptr) {
        path += ":" + (*cached / "bin").string();
        out.needs.push_back(*cached);
    }
    out.needs.push_back(program.parent_path().parent_path());
    out.variables["PATH"] = path + ":" + process::harmless_environment()["PATH"];
    out.variables["VIRTUAL_ENV"] = folder.string();
    out.variables["PYTHONUNBUFFERED"] = "1";  // lines are to be logged when they are printed
}

}  // namespace sluice::tasks
