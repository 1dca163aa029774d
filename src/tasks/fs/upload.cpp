#include "tasks/catalog.h"
#include "tasks/files/storage_source.h"
#include "tasks/fs/file_family.h"

namespace sluice::tasks {
namespace fs_upload {

struct Uploaded {
    std::string to{};  // as it is shown
    std::int64_t size = 0;
};

/// Puts one file where it belongs; a folder takes it under its own name.
Result<Uploaded> upload_one(remote::Files& files, const FileFamily& family, const FileProperties& want,
                            const std::string& address, const std::string& to, plugin::TaskContext& context) {
    auto source = StorageSource::open(context.storage(), address);
    if (!source) return tl::unexpected(source.error());
    std::string path = server_path(family, want, to);
    const bool into_folder = to.ends_with('/') || path.empty();
    if (into_folder) path = remote::joined(path, (*source)->name());
    if (auto made = remote::make_folders(files, remote::parent_of(path)); !made) return tl::unexpected(made.error());
    if (!want.overwrite) {
        const auto there = files.info(path);
        if (there)
            return conflict("there is a file {} already; overwrite: true replaces it", shown_path(family, want, path));
        if (there.error().code != ErrorCode::NotFound) return tl::unexpected(there.error());
    }
    if (auto written = files.write(path, **source); !written) return tl::unexpected(written.error());
    const auto size = static_cast<std::int64_t>((*source)->size_bytes().value_or(0));
    context.metric("file.size", "counter", static_cast<double>(size));
    return Uploaded{shown_path(family, want, path), size};
}

Result<Value> upload(const FileFamily& family, const Settings& settings, const FileProperties& want,
                     plugin::TaskContext& context) {
    const std::string from = plugin::text_of(want.from);
    auto files = open_files(family, want, settings, context);
    if (!files) return tl::unexpected(files.error());
    const auto done = upload_one(**files, family, want, from, want.to.empty() ? "/" : want.to, context);
    if (!done) return tl::unexpected(done.error());
    return Value{{"from", from}, {"to", done->to}, {"uri", done->to}, {"size", done->size}};
}

/// A list of addresses, or names with addresses.
Result<std::vector<std::pair<std::string, std::string>>> wanted_files(const FileProperties& want) {
    std::vector<std::pair<std::string, std::string>> out;
    std::map<std::string, std::string> named;
    if (plugin::convert(want.from, named)) {
        for (auto& [name, address] : named) out.emplace_back(name, address);
        return out;
    }
    std::vector<std::string> addresses;
    if (auto read = plugin::convert(want.from, addresses); !read)
        return invalid("property 'from': {}", read.error().message);
    for (std::string& address : addresses) out.emplace_back("", std::move(address));
    return out;
}

Result<Value> uploads(const FileFamily& family, const Settings& settings, const FileProperties& want,
                      plugin::TaskContext& context) {
    auto wanted = wanted_files(want);
    if (!wanted) return tl::unexpected(wanted.error());
    if (want.max_files < 1) return invalid("property 'maxFiles': {} is no number of files", want.max_files);
    if (std::cmp_greater(wanted->size(), want.max_files)) {
        context.log(LogLevel::Warn, fmt::format("{} files are too many; the first {} are uploaded (maxFiles)",
                                                wanted->size(), want.max_files));
        wanted->resize(static_cast<std::size_t>(want.max_files));
    }
    auto files = open_files(family, want, settings, context);
    if (!files) return tl::unexpected(files.error());
    List out;
    const std::string folder = want.to.empty() ? "/" : want.to + (want.to.ends_with('/') ? "" : "/");
    for (const auto& [name, address] : *wanted) {
        const auto done = upload_one(**files, family, want, address, folder + name, context);
        if (!done) return tl::unexpected(done.error());
        out.emplace_back(done->to);
    }
    return Value{{"files", Value(std::move(out))}};
}

}  // namespace fs_upload

plugin::TaskType fs_upload_type(const FileFamily& family, const Settings& settings) {
    const auto run = [&family, settings](const FileProperties& want, plugin::TaskContext& context) {
        return fs_upload::upload(family, settings, want, context);
    };
    FileType type = file_type(family, "Upload", run);
    return type.title(fmt::format("Puts a file of the internal storage onto {}.", family.where))
        .description("Folders are made as needed.")
        .example("Put a report there", R"(id: upload
namespace: company.team
tasks:
  - id: report
    type: io.kestra.plugin.core.storage.Write
    content: "id,amount\n1,10\n"
    extension: .csv
  - id: upload
)" + file_example(family, "Upload",
                  "from: \"{{ outputs.report.uri }}\"\nto: " + std::string(family.folder) + "report.csv\n"))
        .property("from", &FileProperties::from, "Address of the file", plugin::required)
        .shape(flow::Shape::Text)
        .property("to", &FileProperties::to,
                  "Path of the file; with a '/' at its end, the folder that takes it under its own name",
                  plugin::required)
        .property("overwrite", &FileProperties::overwrite, "Replace a file that is there already; else it is a failure")
        .output("from", "Address of the file", flow::Shape::Text)
        .output("to", "Where it is now", flow::Shape::Text)
        .output("uri", "The same", flow::Shape::Text)
        .output("size", "Bytes", flow::Shape::Integer);
}

plugin::TaskType fs_uploads_type(const FileFamily& family, const Settings& settings) {
    const auto run = [&family, settings](const FileProperties& want, plugin::TaskContext& context) {
        return fs_upload::uploads(family, settings, want, context);
    };
    FileType type = file_type(family, "Uploads", run);
    return type.title(fmt::format("Puts files of the internal storage onto {}.", family.where))
        .description("Over one connection, one after the other. Folders are made as needed.")
        .example("Put the files of a script there", R"(id: uploads
namespace: company.team
tasks:
  - id: export
    type: io.kestra.plugin.scripts.shell.Commands
    outputFiles: ["*.csv"]
    commands:
      - echo 1 > a.csv
      - echo 2 > b.csv
  - id: uploads
)" + file_example(family, "Uploads",
                  "from: \"{{ outputs.export.outputFiles }}\"\nto: " + std::string(family.folder) + "\n"))
        .property("from", &FileProperties::from, "Addresses: a list, or names with addresses", plugin::required)
        .property("to", &FileProperties::to, "The folder", plugin::required)
        .property("overwrite", &FileProperties::overwrite, "Replace files that are there already; else it is a failure")
        .property("maxFiles", &FileProperties::max_files, "How many, at most")
        .output("files", "Where they are now", flow::Shape::List);
}

}  // namespace sluice::tasks
