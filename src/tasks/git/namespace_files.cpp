#include "tasks/git/namespace_files.h"

#include <fstream>

#include "plugin/task_files.h"
#include "storage/layout.h"
#include "storage/storage.h"

namespace sluice::tasks {

std::map<std::string, storage::Uri> namespace_files_of(const std::string& name_space, plugin::TaskContext& context) {
    const storage::Uri root = storage::namespace_files(name_space);
    std::map<std::string, storage::Uri> out;
    context.storage().walk(
        root, [&](const storage::FileInfo& file) { out.emplace(std::string(file.uri.relative_to(root)), file.uri); });
    return out;
}

Result<bool> holds_the_same(plugin::TaskContext& context, const storage::Uri& stored,
                            const std::filesystem::path& file) {
    auto reader = context.storage().open(stored);
    if (!reader) return tl::unexpected(reader.error());
    if ((*reader)->size_bytes() != std::filesystem::file_size(file)) return false;
    std::ifstream in(file, std::ios::binary);
    std::string a(64 * 1024, '\0');
    std::string b(a.size(), '\0');
    for (std::size_t got = a.size(); got == a.size();) {
        got = (*reader)->read(a);
        in.read(b.data(), static_cast<std::streamsize>(got));
        if (in.gcount() != static_cast<std::streamsize>(got)) return false;
        if (a.compare(0, got, b, 0, got) != 0) return false;
    }
    return true;
}

Result<std::string> put_namespace_file(const std::filesystem::path& file, const storage::Uri& to, bool dry_run,
                                       plugin::TaskContext& context) {
    const bool is_new = !context.storage().exists(to);
    if (!is_new) {
        const auto same = holds_the_same(context, to, file);
        if (!same) return tl::unexpected(same.error());
        if (*same) return std::string("UNCHANGED");
    }
    if (!dry_run) {
        if (auto put = plugin::put_file(file, to, context.storage()); !put) return tl::unexpected(put.error());
    }
    return std::string(is_new ? "ADDED" : "OVERWRITTEN");
}

}  // namespace sluice::tasks
