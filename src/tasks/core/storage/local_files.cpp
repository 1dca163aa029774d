#include "tasks/catalog.h"
#include "tasks/files/working_files.h"

namespace sluice::tasks {
namespace storage_local_files {

struct Properties {
    Value inputs;
    std::vector<std::string> outputs;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const auto folder = context.working_directory();
    if (auto put = put_files({want.inputs, {}, {}}, folder, context); !put) return tl::unexpected(put.error());
    auto uris = collect_files(want.outputs, folder, {}, context);
    if (!uris) return uris;
    return Value{{"uris", std::move(*uris)}};
}

}  // namespace storage_local_files

plugin::TaskType core_storage_local_files() {
    using namespace storage_local_files;
    return plugin::task_type<Properties>("core.storage.LocalFiles", run)
        .title("Puts files into a working directory, or keeps files of it.")
        .description("Use `inputFiles` and `outputFiles` of scripts and of `WorkingDirectory` instead.")
        .deprecated()
        .alias("io.kestra.core.tasks.storages.LocalFiles")
        .property("inputs", &Properties::inputs, "Files to put there, by path")
        .shape(flow::Shape::MapOrText)
        .property("outputs", &Properties::outputs, "Files to keep, as globs")
        .output("uris", "Addresses of the kept files by path", flow::Shape::Map);
}

}  // namespace sluice::tasks
