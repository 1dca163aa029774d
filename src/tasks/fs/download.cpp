#include "base/utf8.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/fs/file_family.h"

namespace sluice::tasks {
namespace fs_download {

Result<Value> download(const FileFamily& family, const Settings& settings, const FileProperties& want,
                       plugin::TaskContext& context) {
    auto files = open_files(family, want, settings, context);
    if (!files) return tl::unexpected(files.error());
    const std::string path = server_path(family, want, plugin::text_of(want.from));
    auto stored = download_file(**files, path, remote::name_of(path), context);
    if (!stored) return tl::unexpected(stored.error());
    const Value size(static_cast<std::int64_t>(stored->size_bytes));
    context.metric("file.size", "counter", static_cast<double>(stored->size_bytes));
    return Value{{"from", shown_path(family, want, path)},
                 {"to", stored->address},
                 {"uri", stored->address},
                 {"checksum", stored->checksum},
                 {"size", size}};
}

Result<Value> downloads(const FileFamily& family, const Settings& settings, const FileProperties& want,
                        plugin::TaskContext& context) {
    const auto action = file_action(want);
    if (!action) return tl::unexpected(action.error());
    auto files = open_files(family, want, settings, context);
    if (!files) return tl::unexpected(files.error());
    const auto found = matching_files(**files, family, want, context, true);
    if (!found) return tl::unexpected(found.error());
    List list;
    Map by_name;
    for (const remote::Entry& entry : *found) {
        const std::string name = path_below_from(family, want, entry);
        auto stored = download_file(**files, entry.path, name, context);
        if (!stored) return tl::unexpected(stored.error());
        list.push_back(entry_output(family, want, entry, stored->address));
        by_name.set(repaired_utf8(name), Value(stored->address));
    }
    // All are safe before the first is touched.
    for (const remote::Entry& entry : *found) {
        const auto done = act_on(**files, *action, family, want, entry);
        if (!done) return tl::unexpected(done.error());
        if (*done) continue;
        context.log(LogLevel::Warn, fmt::format("{} was changed or taken by another since it was listed: it stays",
                                                shown_path(family, want, entry.path)));
    }
    return Value{{"files", Value(std::move(list))}, {"outputFiles", Value(std::move(by_name))}};
}

Result<Value> list(const FileFamily& family, const Settings& settings, const FileProperties& want,
                   plugin::TaskContext& context) {
    auto files = open_files(family, want, settings, context);
    if (!files) return tl::unexpected(files.error());
    const auto found = matching_files(**files, family, want, context, true);
    if (!found) return tl::unexpected(found.error());
    List out;
    for (const remote::Entry& entry : *found) out.push_back(entry_output(family, want, entry, ""));
    const Value count(static_cast<std::int64_t>(out.size()));
    return Value{{"files", Value(std::move(out))}, {"count", count}};
}

}  // namespace fs_download

plugin::TaskType fs_download_type(const FileFamily& family, const Settings& settings) {
    const auto run = [&family, settings](const FileProperties& want, plugin::TaskContext& context) {
        return fs_download::download(family, settings, want, context);
    };
    FileType type = file_type(family, "Download", run);
    return type.title(fmt::format("Takes a file from {} into the internal storage.", family.where))
        .description("The file is streamed, whatever its size. Other tasks read it by `{{ outputs.id.uri }}`.")
        .example("Take a file and count its lines", R"(id: download
namespace: company.team
tasks:
  - id: file
)" + file_example(family, "Download", "from: " + std::string(family.folder) + "orders.csv\n") +
                                                        R"(  - id: count
    type: io.kestra.plugin.scripts.shell.Commands
    commands:
      - wc -l < {{ outputs.file.uri }}
)")
        .property("from", &FileProperties::from, "Path of the file", plugin::required)
        .shape(flow::Shape::Text)
        .output("from", "Path of the file", flow::Shape::Text)
        .output("to", "Address in the internal storage", flow::Shape::Text)
        .output("uri", "The same", flow::Shape::Text)
        .output("checksum", "SHA-256, hexadecimal", flow::Shape::Text)
        .output("size", "Bytes", flow::Shape::Integer);
}

plugin::TaskType fs_downloads_type(const FileFamily& family, const Settings& settings) {
    const auto run = [&family, settings](const FileProperties& want, plugin::TaskContext& context) {
        return fs_download::downloads(family, settings, want, context);
    };
    FileType type = file_type(family, "Downloads", run);
    declare_listing(type);
    declare_action(type);
    return type.title(fmt::format("Takes the files of a folder of {} into the internal storage.", family.where))
        .description("When all are there, they are moved or deleted at their place, as `action` says.")
        .example("Take all CSV files and put them into an archive",
                 R"(id: downloads
namespace: company.team
tasks:
  - id: orders
)" +
                     file_example(family, "Downloads",
                                  "from: " + std::string(family.folder) +
                                      "\nregExp: .*\\.csv\naction: MOVE\nmoveDirectory: /archive/\n") +
                     R"(  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: "{{ outputs.orders.outputFiles | keys }}"
    tasks:
      - id: name
        type: io.kestra.plugin.core.log.Log
        message: "{{ taskrun.value }}"
)")
        .property("maxFiles", &FileProperties::max_files, "How many, at most")
        .output("files", "Each with path (its address in the internal storage), serverPath, name, size, updatedDate …",
                flow::Shape::List)
        .output("outputFiles", "Addresses by the path below `from`", flow::Shape::Map);
}

plugin::TaskType fs_list_type(const FileFamily& family, const Settings& settings) {
    const auto run = [&family, settings](const FileProperties& want, plugin::TaskContext& context) {
        return fs_download::list(family, settings, want, context);
    };
    FileType type = file_type(family, "List", run);
    declare_listing(type);
    return type.title(fmt::format("Lists the files of a folder of {}.", family.where))
        .description("Files only, by path. Links to folders are not followed.")
        .example("List what there is", R"(id: list
namespace: company.team
tasks:
  - id: list
)" + file_example(family, "List", "from: " + std::string(family.folder) + "\nregExp: .*\\.csv\nrecursive: true\n") +
                                           R"(  - id: count
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.list.count }} files"
)")
        .property("maxFiles", &FileProperties::max_files, "How many, at most")
        .output("files", "Each with path, name, size, updatedDate …", flow::Shape::List)
        .output("count", "How many", flow::Shape::Integer);
}

}  // namespace sluice::tasks
