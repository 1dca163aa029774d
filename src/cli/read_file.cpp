#include "cli/read_file.h"

#include <fstream>
#include <sstream>

namespace sluice::cli {

Result<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return not_found("the file {} can't be read", path.string());
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

}  // namespace sluice::cli
