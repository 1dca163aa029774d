#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "plugin/external/manifest.h"
#include "plugin/task_catalog.h"

namespace sluice::plugin {

/// A type that stands in a folder of plugins.
struct FoundType {
    TaskType type{};
    std::filesystem::path file{};
    std::shared_ptr<const Manifest> manifest{};  // null: it is an HTTP template
    std::string document{};                      // JSON, for store/plugin_types.h
    std::string hash{};                          // of it
};

/// All types of these folders: those of FOLDER/plugin.yaml and FOLDER/NAME/plugin.yaml (.yml, .json), and of HTTP
/// templates beside them (*.http.yaml). The same folder twice counts once.
/// Errors  NotFound: no such folder; Invalid: all mistakes of all files, and names that two of them have
Result<std::vector<FoundType>> read_plugin_folders(const std::vector<std::string>& folders);

/// Makes a catalog know them.
/// Errors  Conflict: a built-in type has such a name
Result<void> add_to(TaskCatalog& catalog, const std::vector<FoundType>& types);

}  // namespace sluice::plugin
