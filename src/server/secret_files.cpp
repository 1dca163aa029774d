#include "server/secret_files.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "store/secrets.h"

namespace sluice::server {
namespace secret_files {

constexpr std::size_t kLongestName = 128;

/// One name of a file, which leads nowhere else.
bool is_plain_name(std::string_view text) {
    return !text.empty() && text.size() <= kLongestName && text.front() != '.' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
           });
}

}  // namespace secret_files

Result<std::optional<std::string>> secret_in_folder(const std::string& folder, const std::string& name_space,
                                                    const std::string& key) {
    using namespace secret_files;
    if (!is_plain_name(key)) return std::optional<std::string>();
    std::string capitals = key;
    for (char& c : capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    std::vector<std::filesystem::path> places;
    for (const std::string& place : store::with_those_above(name_space)) {
        if (is_plain_name(place)) places.push_back(std::filesystem::path(folder) / place);
    }
    places.emplace_back(folder);
    for (const std::filesystem::path& place : places) {
        for (const std::string& name : {key, capitals}) {
            std::error_code failed;
            if (!std::filesystem::is_regular_file(place / name, failed)) continue;
            std::ifstream in(place / name);
            std::ostringstream text;
            if (!in || !(text << in.rdbuf()))
                return invalid("the secret {} can't be read from {}", key, (place / name).string());
            std::string out = text.str();
            if (out.ends_with('\n')) out.pop_back();
            if (out.ends_with('\r')) out.pop_back();
            return std::optional(std::move(out));
        }
    }
    return std::optional<std::string>();
}

}  // namespace sluice::server
