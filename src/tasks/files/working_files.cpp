#include "tasks/files/working_files.h"

#include <fstream>

#include "plugin/fields.h"
#include "plugin/task_files.h"
#include "storage/glob.h"
#include "storage/layout.h"
#include "storage/storage.h"
#include "value/json.h"

namespace sluice::tasks {
namespace {

constexpr std::string_view kNamespaceFile = "nsfile://";

/// A link to a file elsewhere is none of the folder's files: a script in a sandbox or a container could name any.
bool leads_within(const std::filesystem::path& link, const std::filesystem::path& folder) {
    std::error_code gone;
    const auto real = std::filesystem::canonical(link, gone).lexically_relative(std::filesystem::canonical(folder));
    return !gone && !real.empty() && *real.begin() != "..";
}

/// "nsfile:///a.txt": of the flow's namespace; "nsfile://other.ns/a.txt": of that one.
Result<storage::Uri> namespace_file(std::string_view address, plugin::TaskContext& context) {
    address.remove_prefix(kNamespaceFile.size());
    const auto slash = address.find('/');
    if (slash == std::string_view::npos) return invalid("nsfile://{}: a path is missing", address);
    const std::string_view other = address.substr(0, slash);
    return storage::namespace_files(other.empty() ? context.place().flow.namespace_name : other)
        .below(address.substr(slash + 1));
}

Result<void> write_text(const std::filesystem::path& file, std::string_view text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) throw OutsideError(fmt::format("the file {} can't be written", file.string()));
    return {};
}

Result<void> put_content(const Value& content, const std::filesystem::path& file, const std::filesystem::path& folder,
                         plugin::TaskContext& context) {
    if (auto clear = clear_way(file, folder); !clear) return clear;
    const std::string text = plugin::text_of(content);
    if (plugin::is_storage_address(text)) return plugin::fetch_file(context, text, file);
    if (text.starts_with(kNamespaceFile)) {
        const auto uri = namespace_file(text, context);
        if (!uri) return tl::unexpected(uri.error());
        return plugin::fetch_file(context, uri->text(), file);
    }
    if (text.starts_with("file://")) {
        return refuse(ErrorCode::Forbidden, "{}: files of the server's own machine can't be read by flows", text);
    }
    return write_text(file, text);
}

/// A map, or the JSON text of one; in a text, null makes an empty file.
Result<Value> map_of(const Value& input_files, bool& from_text) {
    const std::string* text = input_files.if_string();
    from_text = text != nullptr;
    if (!from_text) return input_files;
    auto parsed = parse_json(*text);
    if (!parsed || !parsed->is_map()) {
        return invalid("property 'inputFiles': expected a map of paths and contents, or the JSON text of one");
    }
    return parsed;
}

/// Addresses without paths: the files keep their names.
Result<void> put_listed_files(const List& addresses, const std::filesystem::path& folder,
                              plugin::TaskContext& context) {
    for (const Value& one : addresses) {
        const std::string address = plugin::text_of(one);
        const std::string name = address.substr(address.rfind('/') + 1);
        const auto path = path_within(folder, name);
        const bool is_address = plugin::is_storage_address(address) || address.starts_with(kNamespaceFile);
        if (!path || !is_address) {
            return invalid(
                "property 'inputFiles': expected addresses of files (kestra://…, nsfile://…) or a map of paths "
                "and contents, found '{}'",
                address);
        }
        if (auto put = put_content(one, *path, folder, context); !put) return put;
    }
    return {};
}

Result<void> put_input_files(const Value& input_files, const std::filesystem::path& folder,
                             plugin::TaskContext& context) {
    if (input_files.is_null()) return {};
    if (input_files.is_list()) return put_listed_files(input_files.as_list(), folder, context);
    bool from_text = false;
    const auto map = map_of(input_files, from_text);
    if (!map) return tl::unexpected(map.error());
    if (!map->is_map()) return invalid("property 'inputFiles': expected a map of paths and contents");
    for (const auto& [name, content] : map->as_map()) {
        if (content.is_null() && !from_text) continue;
        const auto path = path_within(folder, name);
        if (!path) return tl::unexpected(path.error());
        if (auto put = put_content(content, *path, folder, context); !put) {
            Error error = put.error();
            error.message = fmt::format("property 'inputFiles': {}: {}", name, error.message);
            return tl::unexpected(std::move(error));
        }
    }
    return {};
}

struct NamespaceFiles {
    bool enabled = true;
    bool folder_per_namespace = false;
    std::vector<std::string> include, exclude, namespaces;
    std::string if_exists = "OVERWRITE";
};

Result<NamespaceFiles> namespace_files_of(const Value& given, plugin::TaskContext& context) {
    NamespaceFiles out;
    if (given.is_null()) out.enabled = false;
    if (const auto flag = given.if_bool()) out.enabled = *flag;
    plugin::Fields fields(given, "namespaceFiles");
    fields.take("enabled", out.enabled).take("include", out.include).take("exclude", out.exclude);
    fields.take("namespaces", out.namespaces).take("ifExists", out.if_exists);
    fields.take("folderPerNamespace", out.folder_per_namespace);
    if (const auto read = fields.done(); !read) return tl::unexpected(read.error());
    if (out.namespaces.empty()) out.namespaces.push_back(context.place().flow.namespace_name);
    return out;
}

/// What happens when the file is there already. true: it is to be copied
Result<bool> may_write(const std::filesystem::path& file, const std::string& if_exists, plugin::TaskContext& context) {
    if (if_exists == "OVERWRITE" || !std::filesystem::exists(file)) return true;
    const std::string shown = file.filename().string();
    if (if_exists == "FAIL") return conflict("the namespace file {} is in the working directory already", shown);
    if (if_exists == "WARN") context.log(LogLevel::Warn, shown + " is there already and is not overwritten");
    return false;
}

Result<void> put_namespace_files(const Value& given, const std::filesystem::path& folder,
                                 plugin::TaskContext& context) {
    const auto want = namespace_files_of(given, context);
    if (!want) return tl::unexpected(want.error());
    if (!want->enabled) return {};
    const auto globs = storage::NamespaceFileGlobs::parse(want->include, want->exclude);
    if (!globs) return tl::unexpected(globs.error());
    for (const std::string& name_space : want->namespaces) {
        const storage::Uri root = storage::namespace_files(name_space);
        std::vector<storage::Uri> found;
        context.storage().walk(root, [&](const storage::FileInfo& file) {
            if (globs->keeps("/" + file.uri.relative_to(root))) found.push_back(file.uri);
        });
        for (const storage::Uri& uri : found) {
            const auto target = (want->folder_per_namespace ? folder / name_space : folder) / uri.relative_to(root);
            const auto write = may_write(target, want->if_exists, context);
            if (!write) return tl::unexpected(write.error());
            if (!*write) continue;
            if (auto clear = clear_way(target, folder); !clear) return clear;
            if (auto copied = plugin::fetch_file(context, uri.text(), target); !copied) return copied;
        }
    }
    return {};
}

}  // namespace

std::vector<flow::Property> namespace_file_fields() {
    using flow::Shape;
    return {
        {.name = "enabled", .shape = Shape::Boolean, .description = "Copies files", .default_text = "true"},
        {.name = "include", .shape = Shape::TextOrList, .description = "Globs; default: all"},
        {.name = "exclude", .shape = Shape::TextOrList, .description = "Globs"},
        {.name = "namespaces", .shape = Shape::TextOrList, .description = "Default: the flow's"},
        {.name = "ifExists",
         .shape = Shape::Enum,
         .description = "When a file is there already",
         .default_text = "OVERWRITE",
         .values = {"OVERWRITE", "FAIL", "WARN", "IGNORE"}},
        {.name = "folderPerNamespace",
         .shape = Shape::Boolean,
         .description = "Each namespace's files in a folder of its name",
         .default_text = "false"},
    };
}

std::vector<std::string> files_below(const std::filesystem::path& folder) {
    std::vector<std::string> out;
    const auto options = std::filesystem::directory_options::skip_permission_denied;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, options)) {
        std::error_code gone;
        if (entry.is_symlink(gone) && !leads_within(entry.path(), folder)) continue;
        if (entry.is_regular_file(gone)) out.push_back(entry.path().lexically_relative(folder).string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

Result<void> clear_way(const std::filesystem::path& file, const std::filesystem::path& folder) {
    std::filesystem::path at = folder;
    for (const auto& part : file.parent_path().lexically_relative(folder)) {
        at /= part;
        if (std::filesystem::is_symlink(at) && !leads_within(at, folder)) {
            return invalid("'{}' is a link that leads out of the working directory",
                           at.lexically_relative(folder).string());
        }
    }
    if (std::filesystem::is_symlink(file)) std::filesystem::remove(file);
    return {};
}

Result<std::filesystem::path> path_within(const std::filesystem::path& folder, const std::string& path) {
    const std::filesystem::path relative = std::filesystem::path(path).lexically_normal();
    const bool leaves = relative.is_absolute() || relative.empty() || relative == "." || *relative.begin() == "..";
    if (leaves || path.find('\0') != std::string::npos) {
        return invalid("'{}' is no path within the working directory", path);
    }
    return folder / relative;
}

Result<void> put_files(const WorkingFiles& files, const std::filesystem::path& folder, plugin::TaskContext& context) {
    if (auto put = put_namespace_files(files.namespace_files, folder, context); !put) return put;
    return put_input_files(files.input_files, folder, context);
}

Result<Value> collect_files(const std::vector<std::string>& globs, const std::filesystem::path& folder,
                            const std::set<std::string>& not_these, plugin::TaskContext& context) {
    Map out;
    if (globs.empty()) return Value(std::move(out));
    const auto matching = storage::WorkingDirectoryGlobs::parse(globs);
    if (!matching) return tl::unexpected(matching.error());
    for (const std::string& path : files_below(folder)) {
        if (!matching->matches(path) || not_these.contains(path)) continue;
        auto address = plugin::store_file(context, folder / path, path);
        if (!address) return tl::unexpected(address.error());
        out.set(path, std::move(*address));
    }
    return Value(std::move(out));
}

}  // namespace sluice::tasks
