#include "tasks/scripts/python_environment.h"

#include <fstream>
#include <unistd.h>

namespace sluice::tasks {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> find_program(const std::string& name, std::string_view search) {
    while (!search.empty()) {
        const std::size_t end = std::min(search.find(':'), search.size());
        const fs::path file = fs::path(search.substr(0, end)) / name;
        if (access(file.c_str(), X_OK) == 0 && fs::is_regular_file(file)) return file;
        search.remove_prefix(std::min(end + 1, search.size()));
    }
    return {};
}

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

}  // namespace

Result<PythonEnvironment> make_python_environment(const fs::path& folder, const std::string& version,
                                                  process::Supervisor& processes, std::stop_token stop) {
    PythonEnvironment out;
    const std::string path = process::harmless_environment()["PATH"];
    auto program = version.empty() ? std::nullopt : find_program("python" + version, path);
    const bool wanted_is_missing = !version.empty() && !program;
    if (!program) program = find_program("python3", path);
    if (!program) return not_found("there is no python3 on this worker (PATH is {})", path);
    if (wanted_is_missing) {
        out.notice = fmt::format("there is no python{} on this worker: {} is used", version, program->string());
    }
    const auto real = interpreter_behind(*program, processes, std::move(stop));
    if (!real) return tl::unexpected(real.error());
    const fs::path bin = folder / "bin";
    if (!fs::exists(bin)) {
        fs::create_directories(bin);
        for (const char* name : {"python", "python3"}) fs::create_symlink(*real, bin / name);
        write(folder / "pyvenv.cfg",
              fmt::format("home = {}\ninclude-system-site-packages = true\n", real->parent_path().string()));
        const std::string pip = fmt::format("#!/bin/sh\nexec '{}' -m pip \"$@\"\n", (bin / "python").string());
        for (const char* name : {"pip", "pip3"}) write_program(bin / name, pip);
    }
    out.variables["PATH"] = bin.string() + ":" + path;
    out.variables["VIRTUAL_ENV"] = folder.string();
    out.variables["PYTHONUNBUFFERED"] = "1";  // lines are to be logged when they are printed
    return out;
}

}  // namespace sluice::tasks
