#include "plugin/task_files.h"
#include "storage/glob.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/core/namespace/namespace_paths.h"
#include "tasks/files/working_files.h"
#include "value/json.h"

namespace sluice::tasks {
namespace namespace_upload_files {

struct Properties {
    std::string name_space;
    std::vector<std::string> files;
    Value files_map;
    std::string destination = "/";
    std::string conflict = "OVERWRITE";
};

/// Whether the file is to be written, although one of its name may be there.
Result<bool> may_write(const storage::Uri& target, const Properties& want, plugin::TaskContext& context) {
    if (want.conflict == "OVERWRITE" || !context.storage().exists(target)) return true;
    if (want.conflict == "SKIP") return false;
    return conflict("the namespace '{}' has a file {} already", want.name_space, target.name());
}

Result<void> upload(const std::string& path, const Properties& want, Map& written, plugin::TaskContext& context,
                    const std::function<Result<void>(const storage::Uri& target)>& put) {
    const auto target = namespace_file_at(want.name_space, want.destination, path);
    if (!target) return tl::unexpected(target.error());
    const auto write = may_write(*target, want, context);
    if (!write) return tl::unexpected(write.error());
    if (!*write) return {};
    if (auto done = put(*target); !done) return done;
    written.set(path, target->text());
    return {};
}

Result<void> upload_stored(const Properties& want, Map& written, plugin::TaskContext& context) {
    Value map = want.files_map;
    if (const std::string* text = map.if_string()) {
        auto parsed = parse_json(*text);
        if (!parsed) return invalid("property 'filesMap': {}", parsed.error().message);
        map = std::move(*parsed);
    }
    if (map.is_null()) return {};
    if (!map.is_map()) return invalid("property 'filesMap': expected a map of paths and addresses");
    for (const auto& [path, address] : map.as_map()) {
        const auto source = storage::Uri::parse(plugin::text_of(address));
        if (!source) return tl::unexpected(source.error());
        auto done = upload(path, want, written, context,
                           [&](const storage::Uri& target) { return context.storage().copy(*source, target); });
        if (!done) return done;
    }
    return {};
}

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    if (want.files.empty() && want.files_map.is_null()) return invalid("files or filesMap is required");
    Map written;
    if (auto done = upload_stored(want, written, context); !done) return tl::unexpected(done.error());
    const auto folder = context.working_directory();
    const auto globs = storage::WorkingDirectoryGlobs::parse(want.files);
    if (!globs) return tl::unexpected(globs.error());
    for (const std::string& path : files_below(folder)) {
        if (want.files.empty() || !globs->matches(path)) continue;
        auto done = upload(path, want, written, context, [&](const storage::Uri& target) {
            return plugin::put_file(folder / path, target, context.storage());
        });
        if (!done) return tl::unexpected(done.error());
    }
    return Value{{"files", Value(std::move(written))}};
}

}  // namespace namespace_upload_files

plugin::TaskType core_namespace_upload_files() {
    using namespace namespace_upload_files;
    return plugin::task_type<Properties>("core.namespace.UploadFiles", run)
        .title("Puts files into a namespace.")
        .property("namespace", &Properties::name_space, "Whose files they become", plugin::required)
        .property("files", &Properties::files, "Globs on the working directory, within a WorkingDirectory")
        .property("filesMap", &Properties::files_map, "Addresses of files by the path that they get")
        .shape(flow::Shape::MapOrText)
        .property("destination", &Properties::destination, "Folder to put them into")
        .property("conflict", &Properties::conflict, "When a file is there already")
        .values({"OVERWRITE", "ERROR", "SKIP"})
        .output("files", "Addresses of what was written, by path", flow::Shape::Map);
}

}  // namespace sluice::tasks
