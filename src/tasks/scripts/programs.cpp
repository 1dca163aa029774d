#include "tasks/scripts/programs.h"

#include <unistd.h>

namespace sluice::tasks {

std::optional<std::filesystem::path> find_program(const std::string& name, std::string_view search) {
    while (!search.empty()) {
        const std::size_t end = std::min(search.find(':'), search.size());
        const std::filesystem::path file = std::filesystem::path(search.substr(0, end)) / name;
        if (access(file.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(file)) return file;
        search.remove_prefix(std::min(end + 1, search.size()));
    }
    return {};
}

std::string shell_quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

}  // namespace sluice::tasks
