#include "tasks/git/flow_sources.h"

#include <fstream>
#include <iterator>
#include <map>

namespace sluice::tasks {

std::string git_file_text(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string out{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in) throw OutsideError(fmt::format("the file {} can't be read", file.string()));
    return out;
}

void write_git_file(const std::filesystem::path& file, std::string_view text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) throw OutsideError(fmt::format("the file {} can't be written", file.string()));
}

std::string with_namespace(const std::string& source, const std::string& name_space) {
    constexpr std::string_view kKey = "namespace:";
    for (std::size_t at = 0; at < source.size();) {
        const std::size_t end = std::min(source.find('\n', at), source.size());
        if (source.compare(at, kKey.size(), kKey) == 0) {
            const bool returns = end > at && source[end - 1] == '\r';
            return source.substr(0, at) + "namespace: " + name_space + (returns ? "\r" : "") + source.substr(end);
        }
        at = end + 1;
    }
    return source;
}

Result<std::vector<FlowSource>> flow_sources(const GitRepository& repository, const std::vector<std::string>& paths,
                                             const std::function<std::string(const std::string& path)>& name_space,
                                             const OnInvalidFlow& on_invalid, plugin::TaskContext& context) {
    std::vector<FlowSource> out;
    std::map<flow::FlowId, std::string> seen;
    for (const std::string& path : paths) {
        if (!path.ends_with(".yml") && !path.ends_with(".yaml")) continue;
        FlowSource one{path, {}, with_namespace(git_file_text(repository.folder() / path), name_space(path))};
        const auto id = context.flow_records().check(one.text);
        if (!id) {
            const auto left_out = on_invalid(path, id.error());
            if (!left_out) return tl::unexpected(left_out.error());
            continue;
        }
        one.id = *id;
        const auto [other, is_new] = seen.emplace(one.id, path);
        if (!is_new) return invalid("{} and {} are both the flow {}", other->second, path, one.id.text());
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace sluice::tasks
