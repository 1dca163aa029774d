#include "tasks/core/namespace/namespace_paths.h"

#include "storage/glob.h"
#include "storage/layout.h"
#include "storage/storage.h"

namespace sluice::tasks {
namespace {

std::string stripped(const std::string& path) {
    const auto first = path.find_first_not_of('/');
    if (first == std::string::npos) return "";
    return path.substr(first, path.find_last_not_of('/') - first + 1);
}

}  // namespace

Result<std::vector<storage::Uri>> matching_namespace_files(const std::string& name_space,
                                                           const std::vector<std::string>& globs,
                                                           plugin::TaskContext& context) {
    const auto matching = storage::NamespaceFileGlobs::parse(globs);
    if (!matching) return tl::unexpected(matching.error());
    const storage::Uri root = storage::namespace_files(name_space);
    std::vector<storage::Uri> out;
    context.storage().walk(root, [&](const storage::FileInfo& file) {
        if (matching->keeps("/" + file.uri.relative_to(root))) out.push_back(file.uri);
    });
    return out;
}

Result<storage::Uri> namespace_file_at(const std::string& name_space, const std::string& folder,
                                       const std::string& path) {
    const std::string below = stripped(folder);
    return storage::namespace_files(name_space).below((below.empty() ? "" : below + "/") + stripped(path));
}

}  // namespace sluice::tasks
