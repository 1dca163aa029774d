#include "plugin/external/plugin_folder.h"

#include <algorithm>
#include <set>

#include "expr/encoding.h"
#include "plugin/external/conversation.h"
#include "plugin/http_template/http_template.h"
#include "value/json.h"

namespace sluice::plugin {
namespace {

namespace fs = std::filesystem;

bool is_manifest(const std::string& name) {
    return name == "plugin.yaml" || name == "plugin.yml" || name == "plugin.json";
}
bool is_template(std::string_view name) {
    return name.ends_with(".http.yaml") || name.ends_with(".http.yml") || name.ends_with(".http.json");
}

/// Files of the folder and of the folders in it, in the order of their names.
Result<std::vector<fs::path>> files_of(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code failed;
    const auto look = [&](const fs::path& where) {
        for (const auto& entry : fs::directory_iterator(where, failed)) {
            const std::string name = entry.path().filename().string();
            if (entry.is_regular_file() && (is_manifest(name) || is_template(name))) out.push_back(entry.path());
        }
    };
    if (!fs::is_directory(folder, failed)) {
        return not_found("plugins.folder: there is no folder {}", folder.string());
    }
    look(folder);
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
        if (entry.is_directory()) look(entry.path());
    }
    if (failed)
        return refuse(ErrorCode::Forbidden, "plugins.folder: {} can't be read: {}", folder.string(), failed.message());
    std::ranges::sort(out);
    return out;
}

FoundType found(TaskType type, const fs::path& file, const Value& document) {
    FoundType out{.type = std::move(type), .file = file, .document = to_json(document)};
    out.hash = expr::sha256_of(out.document);
    return out;
}

Result<Value> run_manifest(const Manifest& manifest, const flow::TypeInfo& info, const Value& rendered,
                           TaskContext& context) {
    const auto properties = flow::fitting_properties(info.properties, rendered);
    if (!properties) return tl::unexpected(properties.error());
    return Conversation(manifest, info.name, context).run(*properties);
}

Result<void> add_manifest(const std::string& text, const fs::path& file, std::vector<FoundType>& out) {
    auto read = read_manifest(text, file);
    if (!read) return tl::unexpected(read.error());
    const auto manifest = std::make_shared<const Manifest>(std::move(*read));
    for (const flow::TypeInfo& info : manifest->types) {
        TaskType type{.info = info};
        type.run = [manifest, &info](const Value& rendered, TaskContext& context) {
            return run_manifest(*manifest, info, rendered, context);
        };
        out.push_back(found(std::move(type), file, manifest->documents.at(info.name)));
        out.back().manifest = manifest;
    }
    return {};
}

Result<void> add_template(const std::string& text, const fs::path& file, std::vector<FoundType>& out) {
    auto read = read_http_template(text, file);
    if (!read) return tl::unexpected(read.error());
    const auto call = std::make_shared<const HttpTemplate>(std::move(*read));
    TaskType type{.info = call->info};
    type.run = [call](const Value& rendered, TaskContext& context) -> Result<Value> {
        const auto properties = flow::fitting_properties(call->info.properties, rendered);
        if (!properties) return tl::unexpected(properties.error());
        return run_http_template(*call, *properties, context);
    };
    out.push_back(found(std::move(type), file, call->document));
    return {};
}

void check_names(const std::vector<FoundType>& types, std::vector<Error>& errors) {
    std::map<std::string, const FoundType*> taken;
    for (const FoundType& one : types) {
        std::vector<std::string> names = one.type.info.aliases;
        names.push_back(one.type.info.name);
        for (const std::string& name : names) {
            const auto [at, fresh] = taken.try_emplace(name, &one);
            if (fresh) continue;
            errors.push_back({ErrorCode::Conflict,
                              fmt::format("the type {} is declared twice: in {} and in {}", name,
                                          at->second->file.string(), one.file.string()),
                              {},
                              {},
                              ""});
        }
    }
}

}  // namespace

Result<std::vector<FoundType>> read_plugin_folders(const std::vector<std::string>& folders) {
    std::vector<FoundType> out;
    std::vector<Error> errors;
    std::set<fs::path> seen;
    for (const std::string& folder : folders) {
        const auto files = files_of(folder);
        if (!files) {
            errors.push_back(files.error());
            continue;
        }
        for (const fs::path& file : *files) {
            if (!seen.insert(fs::weakly_canonical(file)).second) continue;
            const auto text = file_text(file);
            const auto added = !text                                   ? Result<void>(tl::unexpected(text.error()))
                               : is_manifest(file.filename().string()) ? add_manifest(*text, file, out)
                                                                       : add_template(*text, file, out);
            if (!added) errors.push_back(added.error());
        }
    }
    check_names(out, errors);
    if (errors.empty()) return out;
    if (errors.size() == 1) return tl::unexpected(std::move(errors.front()));
    return tl::unexpected(Error{ErrorCode::Invalid, "the plugins have mistakes:", {}, std::move(errors), ""});
}

Result<void> add_to(TaskCatalog& catalog, const std::vector<FoundType>& types) {
    for (const FoundType& one : types) {
        if (auto added = catalog.add_external(one.type); !added) {
            Error error = added.error();
            error.place.file = one.file.string();
            return tl::unexpected(std::move(error));
        }
    }
    return {};
}

}  // namespace sluice::plugin
