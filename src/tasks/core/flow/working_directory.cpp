#include <fstream>

#include "plugin/fields.h"
#include "tasks/catalog.h"
#include "tasks/core/flow/folder_cache.h"
#include "tasks/files/working_files.h"

namespace sluice::tasks {
namespace flow_working_directory {

struct Properties {
    Value cache;
    Value namespace_files;
    Value input_files;
    std::vector<std::string> output_files;
};

Result<FolderCache> cache_of(const Value& given) {
    FolderCache out;
    plugin::Fields fields(given, "cache");
    fields.take("patterns", out.patterns).take("ttl", out.ttl);
    if (const auto read = fields.done(); !read) return tl::unexpected(read.error());
    return out;
}

/// Tells what the tasks wrote from what was there before them. (A time would not: files have it in ticks of some
/// milliseconds.)
std::filesystem::path contents_file(const std::filesystem::path& folder) {
    return folder.parent_path() / "opened";
}

Result<Value> open_folder(const Properties& want, const FolderCache& cache, plugin::TaskContext& context) {
    const auto folder = context.working_directory();
    if (!want.cache.is_null()) {
        if (auto restored = restore_cache(cache, folder, context); !restored) return tl::unexpected(restored.error());
    }
    if (!want.cache.is_null()) {
        const auto contents = contents_of(cache, folder);
        if (!contents) return tl::unexpected(contents.error());
        std::ofstream(contents_file(folder), std::ios::binary) << *contents;
    }
    if (auto put = put_files({want.input_files, want.namespace_files, {}}, folder, context); !put) {
        return tl::unexpected(put.error());
    }
    return Value();
}

Result<Value> close_folder(const Properties& want, const FolderCache& cache, plugin::TaskContext& context) {
    const auto folder = context.working_directory();
    auto files = collect_files(want.output_files, folder, {}, context);
    if (!files) return files;
    if (!want.cache.is_null()) {
        std::ifstream opened(contents_file(folder), std::ios::binary);
        const std::string before{std::istreambuf_iterator<char>(opened), {}};
        if (auto kept = keep_cache(cache, folder, before, context); !kept) return tl::unexpected(kept.error());
    }
    return Value{{"outputFiles", std::move(*files)}};
}

/// The engine sends two jobs, before the tasks and after them: see engine/working_directory.cpp.
Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const auto cache = cache_of(want.cache);
    if (!cache) return tl::unexpected(cache.error());
    return context.folder_step() == "close" ? close_folder(want, *cache, context) : open_folder(want, *cache, context);
}

}  // namespace flow_working_directory

plugin::TaskType core_flow_working_directory() {
    using namespace flow_working_directory;
    return plugin::task_type<Properties>("core.flow.WorkingDirectory", run)
        .property("cache", &Properties::cache, "")
        .property("namespaceFiles", &Properties::namespace_files, "")
        .property("inputFiles", &Properties::input_files, "")
        .property("outputFiles", &Properties::output_files, "");
}

}  // namespace sluice::tasks
